package dev.hearth.devices;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
   * One of several presets, such as {@code eco}; a lamp's effects and a siren's tones too.
   *
   * @param presets the words the device knows
   */
  record Preset(List<String> presets) implements Capability {
    /** Copies the list. */
    public Preset {
      presets = List.copyOf(presets);
    }
  }

  /**
   * Can be locked and unlocked.
   *
   * @param code whether it wants a code
   */
  record Lock(boolean code) implements Capability {
    /** A lock that wants no code. */
    public Lock() {
      this(false);
    }
  }

  /** The angle of slats from 0 percent (closed) to 100 percent (open). */
  record Tilt() implements Capability {}

  /**
   * A wished range of temperature, in degrees Celsius.
   *
   * @param min lowest
   * @param max highest
   * @param step smallest step, above 0
   */
  record SetpointRange(double min, double max, double step) implements Capability {}

  /**
   * A wished relative humidity, in percent.
   *
   * @param min lowest
   * @param max highest
   */
  record HumiditySetpoint(double min, double max) implements Capability {}

  /**
   * One of several words for something beside the mode and the preset.
   *
   * @param attribute for what: {@link Attribute#FAN_MODE}, {@link Attribute#SWING_MODE}, {@link
   *     Attribute#SWING_HORIZONTAL_MODE}, {@link Attribute#DIRECTION} or {@link
   *     Attribute#OSCILLATION}
   * @param words the words the device knows
   */
  record Choice(Attribute attribute, List<String> words) implements Capability {
    /** Copies the list. */
    public Choice {
      words = List.copyOf(words);
    }
  }

  /**
   * Things it does when told, one at a time.
   *
   * @param actions which
   */
  record Actions(Set<Action> actions) implements Capability {
    /** Copies the set. */
    public Actions {
      actions = Collections.unmodifiableSet(new TreeSet<>(actions));
    }
  }

  /**
   * Can be armed and disarmed.
   *
   * @param modes the ways to arm it
   * @param codeToArm whether it wants a code to be armed
   * @param codeToDisarm whether it wants a code to be disarmed
   */
  record Alarm(Set<ArmMode> modes, boolean codeToArm, boolean codeToDisarm) implements Capability {
    /** Copies the set. */
    public Alarm {
      modes = Collections.unmodifiableSet(new TreeSet<>(modes));
    }
  }

  /**
   * A number to set.
   *
   * @param min lowest
   * @param max highest
   * @param step smallest step, above 0
   * @param unit its unit, or null
   */
  record NumberInput(double min, double max, double step, @Nullable String unit)
      implements Capability {}

  /**
   * A text to set.
   *
   * @param min fewest characters
   * @param max most characters
   */
  record TextInput(int min, int max) implements Capability {}

  /**
   * Reports what happens.
   *
   * @param types the words the device has for it
   */
  record Events(List<String> types) implements Capability {
    /** Copies the list. */
    public Events {
      types = List.copyOf(types);
    }
  }

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
