package dev.hearth.devices;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

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
  BINARY_SENSOR,
  /** A robot that cleans floors. */
  VACUUM,
  /** A humidifier or dehumidifier. */
  HUMIDIFIER,
  /** Something loud. */
  SIREN,
  /** A valve for water or gas. */
  VALVE,
  /** The panel of an alarm system. */
  ALARM_CONTROL_PANEL,
  /** A number to set, whatever it does. */
  NUMBER,
  /** A choice to make, whatever it does. */
  SELECT,
  /** A text to set, whatever it does. */
  TEXT,
  /** A button to press, whatever it does. */
  BUTTON,
  /** A scene to call. */
  SCENE,
  /** A boiler. */
  WATER_HEATER,
  /** A robot that mows. */
  LAWN_MOWER,
  /** Something that happens, such as the press of a remote control's key. */
  EVENT,
  /** Whether new firmware is there. */
  UPDATE;

  /** What can do harm or make noise. */
  private static final Set<Kind> DANGEROUS =
      EnumSet.of(LOCK, SIREN, VALVE, ALARM_CONTROL_PANEL, WATER_HEATER, LAWN_MOWER);

  /** What may do anything, so that somebody has to look at it first. */
  private static final Set<Kind> ANYTHING = EnumSet.of(NUMBER, SELECT, TEXT, BUTTON);

  /**
   * The component word of Home Assistant's discovery, which is also the first part of entity ids.
   *
   * @return such as {@code binary_sensor}
   */
  public String component() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether things of this kind can do harm to the house or those in it, so that commands to them
   * need more care.
   *
   * @return true for locks, sirens, valves, alarm panels, boilers and mowers
   */
  public boolean dangerous() {
    return DANGEROUS.contains(this);
  }

  /**
   * Whether a thing of this kind may do anything, which nobody knows before somebody has looked at
   * it.
   *
   * @return true for numbers, choices, texts and buttons
   */
  public boolean anything() {
    return ANYTHING.contains(this);
  }

  /**
   * Whether it is nothing that one talks about.
   *
   * @return true for events and updates
   */
  public boolean silent() {
    return this == EVENT || this == UPDATE;
  }
}
