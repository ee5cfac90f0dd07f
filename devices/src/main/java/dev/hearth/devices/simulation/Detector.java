package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.Map;

/**
 * A sensor that is on or off: motion, an open door or window, water. Nothing happens to it by
 * itself; {@link SimulatedDevice#happen} makes somebody pass by.
 */
final class Detector extends Point {
  private final String deviceClass;

  /**
   * A detector.
   *
   * @param deviceClass {@code motion}, {@code door}, {@code window}, {@code moisture}
   */
  Detector(Label label, String deviceClass, boolean on) {
    super(Kind.BINARY_SENSOR, label, Map.of(Attribute.ON, on));
    this.deviceClass = deviceClass;
  }

  private boolean contact() {
    return deviceClass.equals("door") || deviceClass.equals("window");
  }

  @Override
  Map<String, String> reports(State state) {
    // A contact is closed when the window is.
    return contact()
        ? Map.of("", Wire.json(Wire.map("contact", !on(state), "battery", 91)))
        : Map.of("", on(state) ? "ON" : "OFF");
  }

  @Override
  Map<String, Object> config() {
    Map<String, Object> config = Wire.map("state_topic", "~", "device_class", deviceClass);
    if (contact()) {
      config.put("value_template", "{{ 'OFF' if value_json.contact else 'ON' }}");
    }
    return config;
  }
}
