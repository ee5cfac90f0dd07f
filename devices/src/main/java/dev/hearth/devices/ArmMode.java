package dev.hearth.devices;

import java.util.Locale;

/** A way to arm an alarm panel. */
public enum ArmMode {
  /** Somebody is at home. */
  HOME,
  /** Nobody is at home. */
  AWAY,
  /** Everybody sleeps. */
  NIGHT,
  /** Nobody is at home for long. */
  VACATION,
  /** Some sensors are left out. */
  CUSTOM_BYPASS;

  /**
   * What the panel says when it is armed this way.
   *
   * @return a value of {@link Attribute#ALARM}, such as {@code armed_home}
   */
  public String armed() {
    return "armed_" + name().toLowerCase(Locale.ROOT);
  }
}
