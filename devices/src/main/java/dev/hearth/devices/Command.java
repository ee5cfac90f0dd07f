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

  /** Lock. */
  record Lock() implements Command {}

  /** Unlock. */
  record Unlock() implements Command {}
}
