package dev.hearth.devices.dialect;

/**
 * Conversions between what devices report and what Hearth says: percent, Celsius, plain numbers.
 */
public final class Scales {
  private static final double MILLION = 1e6;

  private Scales() {}

  /** A temperature of a device, Fahrenheit or not, in Celsius with two decimals at most. */
  public static double toCelsius(double value, boolean fahrenheit) {
    return fahrenheit ? round((value - 32) / 1.8, 2) : value;
  }

  /** A temperature in Celsius as the device wants it, not rounded. */
  public static double fromCelsius(double celsius, boolean fahrenheit) {
    return fahrenheit ? celsius * 1.8 + 32 : celsius;
  }

  /**
   * Kelvin of a color temperature in mired.
   *
   * @return 1 to 1,000,000
   * @throws IllegalArgumentException when it is not from 1 to 1,000,000
   */
  public static int toKelvin(double mired) {
    return kelvin(MILLION / mired);
  }

  /**
   * A color temperature that a device tells in kelvin.
   *
   * @return 1 to 1,000,000
   * @throws IllegalArgumentException when it is not in this range
   */
  public static int kelvin(double kelvin) {
    if (!(kelvin >= 1 && kelvin <= MILLION)) {
      throw Json.nonsense(kelvin, "a color temperature from 1 to 1,000,000 kelvin");
    }
    return (int) Math.round(kelvin);
  }

  /** Mired of a color temperature in kelvin, not rounded. */
  public static double toMired(int kelvin) {
    return MILLION / kelvin;
  }

  /** Rounds half up. Values from 1e12 have no room for decimals and come back unchanged. */
  public static double round(double value, int decimals) {
    if (Math.abs(value) >= 1e12) {
      return value;
    }
    double scale = Math.pow(10, decimals);
    return Math.round(value * scale) / scale;
  }

  /**
   * A number the way people and devices write it, with four decimals at most: a {@link Long} when
   * it has no fraction, else a {@link Double}.
   */
  public static Object plain(double value) {
    double rounded = round(value, 4);
    return rounded == Math.rint(rounded) && Math.abs(rounded) <= 1e17
        ? (Object) (long) rounded
        : (Object) rounded;
  }

  /**
   * Percent of a scale from 0. A value above 0 never becomes 0 percent.
   *
   * @param scale the device's value for 100 percent
   */
  public static int toPercent(double value, double scale) {
    int percent = (int) Math.round(100 * Math.clamp(value, 0, scale) / scale);
    return value > 0 ? Math.max(1, percent) : percent;
  }

  /**
   * A value on a scale from 0. Above 0 percent it never becomes 0.
   *
   * @param scale the device's value for 100 percent
   */
  public static int fromPercent(int percent, double scale) {
    int value = (int) Math.round(percent * scale / 100);
    return percent > 0 ? Math.max(1, value) : value;
  }

  /** The step of a scale that comes closest, with four decimals at most. */
  public static double onScale(double wanted, double min, double max, double step) {
    double value = min + Math.rint((wanted - min) / step) * step;
    return round(Math.clamp(value > max ? value - step : value, min, max), 4);
  }
}
