package dev.hearth.devices;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an entity can do or report, with its range. */
public sealed interface Capability {
  /** Can be turned on and off. */
  record OnOff() implements Capability {}

  /** Brightness from 1 to 100 percent. */
  record Brightness() implements Capability {}

  /**
   * White light of a chosen color temperature.
   *
   * @param minKelvin warmest, in kelvin
   * @param maxKelvin coldest, in kelvin
   */
  record ColorTemperature(int minKelvin, int maxKelvin) implements Capability {}

  /** Colored light of any hue and saturation. */
  record Color() implements Capability {}

  /** A position from 0 percent (closed) to 100 percent (open). */
  record Position() implements Capability {}

  /**
   * Opens and closes.
   *
   * @param stop whether it can be stopped on the way
   */
  record OpenCloseStop(boolean stop) implements Capability {}

  /**
   * A wished temperature, in degrees Celsius.
   *
   * @param min lowest
   * @param max highest
   * @param step smallest step, above 0
   */
  record Setpoint(double min, double max, double step) implements Capability {}

  /**
   * One of several modes, such as {@code heat} or {@code off}.
   *
   * @param modes the words the device knows
   */
  record Mode(List<String> modes) implements Capability {
    /** Copies the list. */
    public Mode {
      modes = List.copyOf(modes);
    }
  }

  /**
   * A fan's speed from 1 to 100 percent.
   *
   * @param steps how many speeds the fan knows, 100 when it is continuous
   */
  record FanSpeed(int steps) implements Capability {}

  /**
   * One of several presets, such as {@code eco}.
   *
   * @param presets the words the device knows
   */
  record Preset(List<String> presets) implements Capability {
    /** Copies the list. */
    public Preset {
      presets = List.copyOf(presets);
    }
  }

  /** Can be locked and unlocked. */
  record Lock() implements Capability {}

  /**
   * Reports a reading.
   *
   * @param unit its unit, or null; temperatures are always in {@code °C}
   * @param deviceClass what is measured, such as {@code temperature}, or null
   */
  record Measurement(@Nullable String unit, @Nullable String deviceClass) implements Capability {}

  /**
   * Reports on or off.
   *
   * @param deviceClass what on means, such as {@code motion} or {@code window}, or null
   */
  record Binary(@Nullable String deviceClass) implements Capability {}
}
