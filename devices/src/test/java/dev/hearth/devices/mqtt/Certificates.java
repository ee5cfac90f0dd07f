package dev.hearth.devices.mqtt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** An authority and the certificates that it signs, made when a test asks. */
public final class Certificates {
  private static final Duration DAY = Duration.ofDays(1);
  private static final char[] NO_SECRET = "test".toCharArray();

  /** A certificate with its key. */
  public record Issued(X509Certificate certificate, KeyPair keys) {
    /** Writes {@code name.crt} and {@code name.key} into a folder. */
    public void write(Path folder, String name) {
      Certificates.write(folder.resolve(name + ".crt"), "CERTIFICATE", encoded(certificate));
      Certificates.write(
          folder.resolve(name + ".key"), "PRIVATE KEY", keys.getPrivate().getEncoded());
    }
  }

  private final Issued self;

  private Certificates(Issued self) {
    this.self = self;
  }

  /** An authority of its own. */
  public static Certificates authority() {
    KeyPair keys = keys();
    return new Certificates(
        sign("CN=test authority", keys, "CN=test authority", keys, validFor(DAY), true));
  }

  /** A certificate for now. */
  public Issued issue(String... names) {
    return issue(validFor(DAY), names);
  }

  /** A certificate that ended yesterday. */
  public Issued issueExpired(String... names) {
    Instant now = Instant.now();
    return issue(new Instant[] {now.minus(DAY.multipliedBy(9)), now.minus(DAY)}, names);
  }

  private Issued issue(Instant[] valid, String... names) {
    return sign("CN=" + names[0], keys(), "CN=test authority", self.keys(), valid, false, names);
  }

  /** What trusts this authority, and proves itself by a certificate if one is given. */
  public SSLContext context(@Nullable Issued client) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", self.certificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      if (client != null) {
        own.setKeyEntry(
            "client",
            client.keys().getPrivate(),
            NO_SECRET,
            new Certificate[] {client.certificate()});
      }
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, NO_SECRET);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the authority's certificate. */
  public void write(Path file) {
    write(file, "CERTIFICATE", encoded(self.certificate()));
  }

  private static Instant[] validFor(Duration time) {
    Instant now = Instant.now();
    return new Instant[] {now.minus(Duration.ofHours(1)), now.plus(time)};
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Issued sign(
      String subject,
      KeyPair keys,
      String issuer,
      KeyPair signer,
      Instant[] valid,
      boolean authority,
      String... names) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Principal(issuer),
              new BigInteger(64, new SecureRandom()).abs(),
              Date.from(valid[0]),
              Date.from(valid[1]),
              new X500Principal(subject),
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (names.length > 0) {
        GeneralName[] general =
            Stream.of(names)
                .map(name ->
                    new GeneralName(
                        name.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName,
                        name))
                .toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(general));
      }
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
      return new Issued(certificate, keys);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path file, String what, byte[] content) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    try {
      Files.writeString(
          file,
          "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n",
          StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
