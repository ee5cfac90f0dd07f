package dev.hearth.devices.mqtt;

/**
 * What became of a publish.
 *
 * @param status the result
 * @param detail one sentence for a log or a console
 */
public record PublishResult(Status status, String detail) {
  /** Results of a publish. */
  public enum Status {
    /** QoS 1: the broker acknowledged. QoS 0: the message was written. */
    SENT,
    /** There is no connection; nothing was sent and nothing will be. */
    NOT_CONNECTED,
    /** Too many messages wait to be sent; nothing was sent and nothing will be. */
    QUEUE_FULL,
    /** The connection broke before the acknowledgement; the broker may have the message or not. */
    CONNECTION_LOST,
    /** The broker refused the message, or it could not be sent. */
    FAILED
  }

  /**
   * Whether it was sent.
   *
   * @return true for {@link Status#SENT}
   */
  public boolean sent() {
    return status == Status.SENT;
  }
}
