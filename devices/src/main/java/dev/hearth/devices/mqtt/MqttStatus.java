package dev.hearth.devices.mqtt;

/**
 * How the connection is.
 *
 * @param phase what it is doing
 * @param detail one sentence for a log or a console, without credentials
 */
public record MqttStatus(Phase phase, String detail) {
  /** What a connection does. */
  public enum Phase {
    /** Trying to connect, at first or after a loss, and no try has failed yet. */
    CONNECTING,
    /** The last try failed; it tries again and again. */
    FAILING,
    /** Connected, with every subscription in place. */
    CONNECTED,
    /** Closed for good. */
    CLOSED
  }

  /**
   * Whether commands can be sent.
   *
   * @return true when connected
   */
  public boolean connected() {
    return phase == Phase.CONNECTED;
  }
}
