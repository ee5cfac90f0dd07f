package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Map;

/** A remote control with a key that can be pressed or held. */
final class RemoteKey extends Point {
  RemoteKey(Label label) {
    super(Kind.EVENT, label, Map.of());
  }

  @Override
  Map<String, String> reports(State state) {
    return state
        .word(Attribute.EVENT)
        .map(event -> Map.of("event", Wire.json(Wire.map("event_type", event))))
        .orElse(Map.of("event", "")); // Nothing has happened.
  }

  @Override
  Map<String, Object> config() {
    return Wire.map("state_topic", "~/event", "event_types", List.of("press", "hold"));
  }
}
