package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Capability;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Scales;

/**
 * The color temperature scale of a light: its range, and whether it speaks kelvin or mired
 * (1,000,000 / kelvin).
 */
record ColorTemperatures(boolean kelvin, int minKelvin, int maxKelvin) {
  private static final double MILLION = 1e6;

  static ColorTemperatures of(Config config) throws DiscoveryException {
    boolean kelvin = config.flag("color_temp_kelvin", false);
    double min = config.number("min_kelvin", MILLION / config.number("max_mireds", 500, 1, 1e4));
    double max = config.number("max_kelvin", MILLION / config.number("min_mireds", 153, 1, 1e4));
    if (!(min >= 100 && min <= max && max <= MILLION)) {
      throw Config.wrong(
          "min_kelvin/max_kelvin", min + ".." + max, "a range between 100 and 1000000 kelvin");
    }
    return new ColorTemperatures(kelvin, (int) Math.round(min), (int) Math.round(max));
  }

  Capability capability() {
    return new Capability.ColorTemperature(minKelvin, maxKelvin);
  }

  int toDevice(int wanted) {
    int value = Math.clamp(wanted, minKelvin, maxKelvin);
    return kelvin ? value : (int) Math.round(MILLION / value);
  }

  int fromDevice(double value) {
    return kelvin ? Scales.kelvin(value) : Scales.toKelvin(value);
  }

  /** What the device can say of a wish, in kelvin. */
  int quantised(int wanted) {
    return fromDevice(toDevice(wanted));
  }
}
