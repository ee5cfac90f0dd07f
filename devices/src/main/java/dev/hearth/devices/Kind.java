package dev.hearth.devices;

import java.util.Locale;

/** What sort of thing an entity is. */
public enum Kind {
  /** A lamp. */
  LIGHT,
  /** A switch or socket. */
  SWITCH,
  /** A blind, curtain, garage door and the like. */
  COVER,
  /** A thermostat, heater or air conditioner. */
  CLIMATE,
  /** A fan. */
  FAN,
  /** A lock. */
  LOCK,
  /** A reading: a number or a word. */
  SENSOR,
  /** A reading that is on or off. */
  BINARY_SENSOR;

  /**
   * The component word of Home Assistant's discovery, which is also the first part of entity ids.
   *
   * @return such as {@code binary_sensor}
   */
  public String component() {
    return name().toLowerCase(Locale.ROOT);
  }
}
