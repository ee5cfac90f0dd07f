package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Map;

/** A button or scene. It tells nobody that it was pressed; its state counts how often it was. */
final class PushButton extends Point {
  private final String payload;

  PushButton(Kind kind, Label label, String payload) {
    super(kind, label, Map.of(Attribute.NUMBER, 0.0));
    this.payload = payload;
  }

  @Override
  List<String> commandTopics() {
    return List.of("set");
  }

  @Override
  State target(State now, String topic, String payload) {
    if (!payload.equals(this.payload)) {
      throw new IllegalArgumentException("'" + payload + "' does not press it");
    }
    return with(now, Attribute.NUMBER, now.number().orElse(0) + 1);
  }

  @Override
  Map<String, String> reports(State state) {
    return Map.of();
  }

  @Override
  Map<String, Object> config() {
    return Wire.map("command_topic", "~/set");
  }
}
