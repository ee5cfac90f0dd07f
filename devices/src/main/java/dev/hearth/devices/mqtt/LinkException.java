package dev.hearth.devices.mqtt;

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
}
