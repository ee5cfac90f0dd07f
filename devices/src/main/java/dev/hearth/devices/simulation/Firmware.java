package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.Map;

/** Firmware that is a version behind. */
final class Firmware extends Point {
  Firmware(Label label) {
    super(
        Kind.UPDATE,
        label,
        Map.of(Attribute.INSTALLED_VERSION, "1.4.2", Attribute.LATEST_VERSION, "1.5.0"));
  }

  @Override
  Map<String, String> reports(State state) {
    return Map.of(
        "state",
        Wire.json(
            Wire.map(
                "installed_version", state.word(Attribute.INSTALLED_VERSION).orElse(""),
                "latest_version", state.word(Attribute.LATEST_VERSION).orElse(""))));
  }

  @Override
  Map<String, Object> config() {
    return Wire.map("state_topic", "~/state");
  }
}
