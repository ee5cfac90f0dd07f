package dev.hearth.devices;

import org.jspecify.annotations.Nullable;

/**
 * A wish to change an entity. Always absolute: toggles and relative changes are made absolute by
 * the caller, for a message may be delivered twice.
 */
public sealed interface Command {
  /** Turn on. */
  record TurnOn() implements Command {}

  /** Turn off. */
  record TurnOff() implements Command {}

  /**
   * Set brightness, which turns the lamp on; 0 turns it off.
   *
   * @param percent 0 to 100
   */
  record SetBrightness(int percent) implements Command {}

  /**
   * Set color, which turns the lamp on.
   *
   * @param color the color
   * @param name what the user called it, or null
   */
  record SetColor(Color color, @Nullable String name) implements Command {}

  /**
   * Set color temperature, which turns the lamp on.
   *
   * @param kelvin within the lamp's range
   */
  record SetColorTemperature(int kelvin) implements Command {}

  /** Open fully. */
  record Open() implements Command {}

  /** Close fully. */
  record Close() implements Command {}

  /** Stop moving. */
  record Stop() implements Command {}

  /**
   * Move to a position.
   *
   * @param percent 0 closed to 100 open
   */
  record SetPosition(int percent) implements Command {}

  /**
   * Set the wished temperature.
   *
   * @param celsius degrees Celsius within the device's range
   */
  record SetTemperature(double celsius) implements Command {}

  /**
   * Set the mode.
   *
   * @param mode one of the device's modes
   */
  record SetMode(String mode) implements Command {}

  /**
   * Set a fan's speed, which turns it on; 0 turns it off.
   *
   * @param percent 0 to 100
   */
  record SetFanSpeed(int percent) implements Command {}

  /**
   * Choose a preset.
   *
   * @param preset one of the device's presets
   */
  record SetPreset(String preset) implements Command {}

  /**
   * Lock.
   *
   * @param code the code, or null
   */
  record Lock(@Nullable Code code) implements Command {
    /** Lock without a code. */
    public Lock() {
      this(null);
    }
  }

  /**
   * Unlock.
   *
   * @param code the code, or null
   */
  record Unlock(@Nullable Code code) implements Command {
    /** Unlock without a code. */
    public Unlock() {
      this(null);
    }
  }

  /**
   * Turn the slats.
   *
   * @param percent 0 closed to 100 open
   */
  record SetTilt(int percent) implements Command {}

  /**
   * Set the wished range of temperature.
   *
   * @param low its lower end, degrees Celsius within the device's range
   * @param high its upper end, not below the lower one
   */
  record SetTemperatureRange(double low, double high) implements Command {}

  /**
   * Set the wished humidity.
   *
   * @param percent relative humidity within the device's range
   */
  record SetHumidity(int percent) implements Command {}

  /**
   * Choose a word for something beside mode and preset.
   *
   * @param attribute for what, as {@link Capability.Choice} says
   * @param word one of the device's words
   */
  record Choose(Attribute attribute, String word) implements Command {}

  /**
   * Set a number.
   *
   * @param value within the device's range, in its unit
   */
  record SetNumber(double value) implements Command {}

  /**
   * Set a text.
   *
   * @param text within the device's limits
   */
  record SetText(String text) implements Command {}

  /**
   * Do something once.
   *
   * @param action one of the device's actions
   */
  record Perform(Action action) implements Command {}

  /**
   * Arm an alarm panel.
   *
   * @param mode one of the panel's ways
   * @param code the code, or null
   */
  record Arm(ArmMode mode, @Nullable Code code) implements Command {}

  /**
   * Disarm an alarm panel.
   *
   * @param code the code, or null
   */
  record Disarm(@Nullable Code code) implements Command {}
}
