package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Map;

/** A value to set: a number, one of several words, or a text. */
final class Knob extends Point {
  private final Attribute attribute;
  private final Map<String, Object> keys;

  /**
   * A value to set.
   *
   * @param attribute where it is kept
   * @param keys what discovery tells of its range
   */
  Knob(Kind kind, Label label, Attribute attribute, Object initial, Map<String, Object> keys) {
    super(kind, label, Map.of(attribute, initial));
    this.attribute = attribute;
    this.keys = keys;
  }

  @Override
  List<String> commandTopics() {
    return List.of("set");
  }

  @Override
  State target(State now, String topic, String payload) {
    if (attribute == Attribute.NUMBER) {
      return with(now, attribute, number(payload));
    }
    if (keys.get("options") instanceof List<?> options && !options.contains(payload)) {
      throw new IllegalArgumentException("'" + payload + "' is none of " + options);
    }
    return with(now, attribute, payload);
  }

  @Override
  Map<String, String> reports(State state) {
    Object value = state.get(attribute);
    return Map.of(
        "state", value instanceof Double d ? Wire.plain(d).toString() : String.valueOf(value));
  }

  @Override
  Map<String, Object> config() {
    Map<String, Object> config = Wire.map("command_topic", "~/set", "state_topic", "~/state");
    config.putAll(keys);
    return config;
  }
}
