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
  /** {@code open}, {@code opening}, {@code closed} or {@code closing}. */
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
  /** Measured relative humidity in percent. */
  HUMIDITY(Double.class),
  /** Fan speed in percent, 0 to 100. */
  FAN_SPEED(Integer.class),
  /** The chosen preset, a word of the device. */
  PRESET(String.class),
  /** A sensor's number, in the unit of its measurement. */
  NUMBER(Double.class),
  /** A sensor's word. */
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
