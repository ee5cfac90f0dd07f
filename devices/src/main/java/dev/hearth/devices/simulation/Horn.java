package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Map;

/** A siren with two tones, commanded and reporting in JSON. */
final class Horn extends Point {
  private static final List<String> TONES = List.of("bell", "horn");

  Horn(Label label) {
    super(Kind.SIREN, label, Map.of(Attribute.ON, false, Attribute.PRESET, "bell"));
  }

  @Override
  List<String> commandTopics() {
    return List.of("set");
  }

  @Override
  State target(State now, String topic, String payload) {
    Map<?, ?> json = Wire.object(payload);
    State next = with(now, Attribute.ON, choice(String.valueOf(json.get("state")), "ON", "OFF"));
    if (json.get("tone") instanceof String tone) {
      if (!TONES.contains(tone)) {
        throw new IllegalArgumentException("'" + tone + "' is none of " + TONES);
      }
      return with(next, Attribute.PRESET, tone);
    }
    return next;
  }

  @Override
  Map<String, String> reports(State state) {
    return Map.of(
        "state",
        Wire.json(
            Wire.map("state", on(state) ? "ON" : "OFF", "tone", state.preset().orElse("bell"))));
  }

  @Override
  Map<String, Object> config() {
    return Wire.map(
        "command_topic",
        "~/set",
        "state_topic",
        "~/state",
        "available_tones",
        TONES,
        "support_duration",
        false,
        "support_volume_set",
        false);
  }
}
