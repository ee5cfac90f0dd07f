package dev.hearth.devices.mqtt;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** A connection could not be made. The message is fit for logs. */
final class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  /** How far it came. */
  enum Stage {
    /** No socket. */
    UNREACHABLE,
    /** A socket, but the broker closed it or did not understand the protocol version. */
    HANDSHAKE,
    /** The broker refused this client, such as for its credentials. */
    REFUSED,
    /** The broker did not answer in time. */
    TIMEOUT
  }

  private final Stage stage;

  LinkException(Stage stage, String message) {
    super(message);
    this.stage = stage;
  }

  Stage stage() {
    return stage;
  }

  /** What went wrong below MQTT, in words for people. */
  static String why(Throwable cause) {
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    return switch (cause) {
      case UnknownHostException e -> "there is no host of the name " + message;
      case EOFException e -> "the broker closed the connection";
      case SSLException e -> "the encryption failed: " + message;
      case IOException e when !message.isEmpty() ->
          message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
      default -> message.isEmpty() ? cause.toString() : message;
    };
  }
}
