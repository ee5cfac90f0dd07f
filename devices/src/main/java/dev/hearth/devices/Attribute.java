package dev.hearth.devices;

/** One value within a state, with the Java type that holds it. */
public enum Attribute {
  /** Whether it is on. */
  ON(Boolean.class),
  /** Brightness in percent, 0 to 100. */
  BRIGHTNESS(Integer.class),
  /** Color temperature in kelvin. */
  COLOR_TEMPERATURE(Integer.class),
  /** Hue and saturation. */
  COLOR(Color.class),
  /** Position in percent, 0 closed to 100 open. */
  POSITION(Integer.class),
  /** Angle of a cover's slats in percent, 0 closed to 100 open. */
  TILT(Integer.class),
  /** {@code open}, {@code opening}, {@code closed} or {@code closing}; of covers and valves. */
  COVER(String.class),
  /** {@code locked}, {@code locking}, {@code unlocked}, {@code unlocking}, {@code jammed}. */
  LOCK(String.class),
  /** The chosen mode, a word of the device. */
  MODE(String.class),
  /** What a climate device does now, such as {@code heating} or {@code idle}. */
  ACTION(String.class),
  /** Measured temperature in degrees Celsius. */
  TEMPERATURE(Double.class),
  /** Wished temperature in degrees Celsius. */
  SETPOINT(Double.class),
  /** Lower end of the wished range of temperature in degrees Celsius. */
  SETPOINT_LOW(Double.class),
  /** Upper end of the wished range of temperature in degrees Celsius. */
  SETPOINT_HIGH(Double.class),
  /** Wished relative humidity in percent. */
  HUMIDITY_SETPOINT(Double.class),
  /** Measured relative humidity in percent. */
  HUMIDITY(Double.class),
  /** Fan speed in percent, 0 to 100. */
  FAN_SPEED(Integer.class),
  /** The chosen preset or effect, a word of the device. */
  PRESET(String.class),
  /** How a climate device's fan runs, a word of the device. */
  FAN_MODE(String.class),
  /** How a climate device moves its vanes up and down, a word of the device. */
  SWING_MODE(String.class),
  /** How a climate device moves its vanes from side to side, a word of the device. */
  SWING_HORIZONTAL_MODE(String.class),
  /** Which way a fan turns: {@code forward} or {@code reverse}. */
  DIRECTION(String.class),
  /** Whether a fan turns from side to side: {@code on} or {@code off}. */
  OSCILLATION(String.class),
  /**
   * What a robot does: {@code cleaning}, {@code mowing}, {@code paused}, {@code idle}, {@code
   * returning}, {@code docked} or {@code error}.
   */
  ACTIVITY(String.class),
  /**
   * What an alarm panel says: {@code disarmed}, {@code arming}, {@code disarming}, {@code pending},
   * {@code triggered}, or {@code armed_} and an {@link ArmMode} in lower case.
   */
  ALARM(String.class),
  /** What happened last, a word of the device. */
  EVENT(String.class),
  /** The firmware in use. */
  INSTALLED_VERSION(String.class),
  /** The newest firmware. */
  LATEST_VERSION(String.class),
  /** A sensor's or input's number, in the unit that its capability names. */
  NUMBER(Double.class),
  /** A sensor's word, an input's text. */
  TEXT(String.class);

  private final Class<?> type;

  Attribute(Class<?> type) {
    this.type = type;
  }

  /**
   * The type of this attribute's values.
   *
   * @return a boxed type, String or Color
   */
  public Class<?> type() {
    return type;
  }
}
