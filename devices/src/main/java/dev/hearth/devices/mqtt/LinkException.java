package dev.hearth.devices.mqtt;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A connection could not be made. The message is fit for logs. */
final class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  /** How far it came. */
  enum Stage {
    /** No socket. */
    UNREACHABLE,
    /** A socket, but no agreement about encryption. */
    ENCRYPTION,
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

  /** The broker does not know the user, or the password is wrong. */
  static LinkException unauthorized(MqttOptions options) {
    return new LinkException(
        Stage.REFUSED,
        options.username() == null
            ? "the broker wants a user name and a password; give hearth.mqtt.username and"
                + " hearth.mqtt.password"
            : "the broker does not know the user '"
                + options.username()
                + "' or the password is wrong; check hearth.mqtt.username and"
                + " hearth.mqtt.password");
  }

  /** The broker does not take the client id. */
  static LinkException unwelcome(MqttOptions options) {
    return new LinkException(
        Stage.REFUSED,
        "the broker does not take the client id '"
            + options.clientId()
            + "'; give another one (hearth.mqtt.client-id)");
  }

  /**
   * What else came between.
   *
   * @param socket whether there was a socket
   */
  static LinkException of(@Nullable Throwable cause, boolean socket, MqttOptions options) {
    String why = why(cause);
    if (cause != null && Encryption.failed(cause)) {
      return new LinkException(Stage.ENCRYPTION, why);
    }
    if (socket && root(cause) instanceof IOException) {
      why +=
          options.encrypted()
              ? "; if it listens without encryption on this port, write tcp:// or ws://, and if it"
                  + " wants certificates, see hearth.mqtt.tls.certificate"
              : "; if it wants encryption on this port, write ssl:// or wss://";
    }
    return new LinkException(socket ? Stage.HANDSHAKE : Stage.UNREACHABLE, why);
  }

  /** What Paho wraps. */
  private static @Nullable Throwable root(@Nullable Throwable cause) {
    return cause != null && cause.getCause() != null ? cause.getCause() : cause;
  }

  /** What went wrong, in words for people. */
  static String why(@Nullable Throwable error) {
    if (error != null && Encryption.failed(error)) {
      return Encryption.explain(error);
    }
    Throwable cause = root(error);
    String message = cause == null || cause.getMessage() == null ? "" : cause.getMessage();
    return switch (cause) {
      case null -> "unknown reason";
      case UnknownHostException e -> "there is no host of the name " + message;
      case EOFException e -> "the broker closed the connection";
      case IOException e when !message.isEmpty() ->
          message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
      default -> message.isEmpty() ? cause.toString() : message;
    };
  }
}
