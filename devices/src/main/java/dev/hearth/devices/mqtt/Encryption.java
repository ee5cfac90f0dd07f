package dev.hearth.devices.mqtt;

import java.io.EOFException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Says what is wrong when encryption fails, and what helps. Java says it by the classes of causes,
 * and where it has none of its own by the words of its messages; alerts are named as in RFC 8446,
 * section 6.
 */
final class Encryption {
  private static final Pattern ALERT =
      Pattern.compile("(?:Received fatal alert: |\\()([a-z]+(?:_[a-z]+)*)");

  private Encryption() {}

  /** Whether encryption is what failed. */
  static boolean failed(Throwable error) {
    return chain(error).stream().anyMatch(SSLException.class::isInstance);
  }

  static String explain(Throwable error) {
    List<Throwable> chain = chain(error);
    for (Throwable each : chain.reversed()) {
      String message = each.getMessage() == null ? "" : each.getMessage();
      switch (each) {
        case CertificateExpiredException e -> {
          return "the broker's certificate has expired ("
              + message
              + "); renew it, or set the clock of this machine right";
        }
        case CertificateNotYetValidException e -> {
          return "the broker's certificate is not valid yet ("
              + message
              + "); set the clock of this machine or of the broker right";
        }
        case CertPathBuilderException e -> {
          return "the broker's certificate is of an authority that is not trusted; give the"
              + " authority's certificate (hearth.mqtt.tls.ca)";
        }
        case CertPathValidatorException e -> {
          return "the broker's certificate is not what the trusted authority has signed ("
              + message
              + "); give the certificate of the right authority (hearth.mqtt.tls.ca)";
        }
        case CertificateException e when message.startsWith("No ") -> {
          return "the broker's certificate is for another name ("
              + message
              + "); write a name that stands in it into the address, or give the broker a"
              + " certificate with this one";
        }
        case EOFException e -> {
          return "the broker broke off while encryption was agreed on; if it listens without"
              + " encryption on this port, write tcp:// or ws://";
        }
        default -> {}
      }
    }
    String message = String.valueOf(chain.getLast().getMessage());
    if (message.contains("Unsupported or unrecognized SSL message")) {
      return "the broker does not speak TLS on this port; write tcp:// or ws://, or another port";
    }
    Matcher alert = ALERT.matcher(message);
    return alert.find() ? alert(alert.group(1)) : "the encryption failed: " + message;
  }

  private static String alert(String name) {
    return switch (name) {
      case "certificate_required" ->
          "the broker wants a certificate of its clients; give Hearth one (hearth.mqtt.tls"
              + ".certificate and hearth.mqtt.tls.key)";
      case "bad_certificate",
          "certificate_unknown",
          "certificate_expired",
          "certificate_revoked",
          "unknown_ca",
          "unsupported_certificate",
          "handshake_failure",
          "decrypt_error" ->
          "the broker does not accept Hearth's certificate, or misses one ("
              + name
              + "); check hearth.mqtt.tls.certificate and which authority the broker trusts";
      default -> "the broker broke off the encryption (" + name + ")";
    };
  }

  private static List<Throwable> chain(Throwable error) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable at = error; at != null && chain.size() < 20; at = at.getCause()) {
      chain.add(at);
    }
    return chain;
  }
}
