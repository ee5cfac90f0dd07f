package dev.hearth.devices.command;

/** How much is known about the effect of a command, the highest level reached by its deadline. */
public enum Evidence {
  /** The wished state already held, by the device's own last report. */
  ALREADY,
  /** An independent reading agrees. */
  READ_BACK,
  /** The device itself reported the wished state after the command was sent. */
  STATE_CONFIRMED,
  /** The device reported that it is on its way: a cover moves, a panel is arming. */
  STARTED,
  /** The device or its bridge took the command; its own report does not prove the effect. */
  ACCEPTED,
  /** The broker has the command; this device does not report back, or only what it assumes. */
  BROKER_ACKNOWLEDGED,
  /** The device sleeps; its bridge has the command and hands it over when it wakes. */
  QUEUED,
  /** The command left this machine; nothing more is known. */
  PUBLISHED,
  /** No connection to the broker, before sending or while waiting. */
  NOT_CONNECTED,
  /** The device is known to be out of reach. */
  OFFLINE,
  /** The device refused or is in trouble, such as a jammed lock. */
  REJECTED,
  /** The device reported another value than asked for. */
  DIFFERENT_VALUE,
  /** The device did not answer before the deadline. */
  TIMED_OUT,
  /** A newer command to the same capability took over. */
  SUPERSEDED,
  /** The entity cannot do this, or not with this value. */
  UNSUPPORTED,
  /** Something went wrong on our side; the detail says what. */
  FAILED;

  /**
   * Whether "done" may be said.
   *
   * @return true for {@link #ALREADY}, {@link #READ_BACK} and {@link #STATE_CONFIRMED}
   */
  public boolean done() {
    return this == ALREADY || this == READ_BACK || this == STATE_CONFIRMED;
  }

  /**
   * Whether the command came to nothing, as far as is known.
   *
   * @return true from {@link #NOT_CONNECTED} on
   */
  public boolean negative() {
    return compareTo(NOT_CONNECTED) >= 0;
  }
}
