package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Map;

/** A switch or socket; its state is one field of a JSON object, read by a template. */
final class Outlet extends Point {
  private final String deviceClass;

  /**
   * A switch.
   *
   * @param deviceClass {@code outlet} or {@code switch}
   */
  Outlet(Label label, String deviceClass, boolean on) {
    super(Kind.SWITCH, label, Map.of(Attribute.ON, on));
    this.deviceClass = deviceClass;
  }

  @Override
  List<String> commandTopics() {
    return List.of("set");
  }

  @Override
  State target(State now, String topic, String payload) {
    return with(now, Attribute.ON, choice(payload, "on", "off"));
  }

  @Override
  Map<String, String> reports(State state) {
    return Map.of("state", Wire.json(Wire.map("relay", on(state) ? "on" : "off", "rssi", -57)));
  }

  @Override
  Map<String, Object> config() {
    return Wire.map(
        "command_topic", "~/set",
        "state_topic", "~/state",
        "value_template", "{{ value_json.relay }}",
        "payload_on", "on",
        "payload_off", "off",
        "device_class", deviceClass);
  }
}
