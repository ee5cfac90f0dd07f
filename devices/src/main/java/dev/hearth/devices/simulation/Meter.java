package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A sensor with a number. */
final class Meter extends Point {
  private final String deviceClass;
  private final String unit;
  private final @Nullable String measured;
  private final double whenOn;
  private final double swing;
  private final SplittableRandom random;

  private Meter(
      Label label,
      String deviceClass,
      String unit,
      @Nullable String measured,
      double value,
      double whenOn,
      double swing) {
    super(Kind.SENSOR, label, Map.of(Attribute.NUMBER, value));
    this.deviceClass = deviceClass;
    this.unit = unit;
    this.measured = measured;
    this.whenOn = whenOn;
    this.swing = swing;
    this.random = new SplittableRandom(label.id().hashCode()); // The same home every time.
  }

  /** The power that another point of the same device takes: so many watts when on, else none. */
  static Meter power(Label label, String measured, double watts) {
    return new Meter(label, "power", "W", measured, 0, watts, 0);
  }

  /** A reading of the room that wanders around a value. */
  static Meter room(Label label, String deviceClass, String unit, double value, double swing) {
    return new Meter(label, deviceClass, unit, null, value, 0, swing);
  }

  @Override
  State live(State now, Duration elapsed, Surroundings surroundings) {
    if (measured != null) {
      return with(now, Attribute.NUMBER, on(surroundings.actual(measured)) ? whenOn : 0.0);
    }
    if (swing == 0 || elapsed.isZero()) {
      return now;
    }
    // A random walk that is drawn back to its middle.
    double middle = initial().number().orElse(0);
    double value = now.number().orElse(middle);
    double minutes = Math.min(1, elapsed.toNanos() / 6e10);
    double walked =
        value + (0.05 * (middle - value) + 0.3 * swing * (random.nextDouble() - 0.5)) * minutes;
    return with(now, Attribute.NUMBER, Math.clamp(walked, middle - swing, middle + swing));
  }

  @Override
  Map<String, String> reports(State state) {
    double value = state.number().orElse(0);
    double shown =
        deviceClass.equals("illuminance") ? Math.rint(value) : Math.rint(value * 10) / 10;
    return Map.of("", Wire.json(Wire.map(deviceClass, Wire.plain(shown))));
  }

  @Override
  Map<String, Object> config() {
    return Wire.map(
        "state_topic",
        "~",
        "value_template",
        "{{ value_json." + deviceClass + " }}",
        "unit_of_measurement",
        unit,
        "device_class",
        deviceClass,
        "state_class",
        "measurement");
  }
}
