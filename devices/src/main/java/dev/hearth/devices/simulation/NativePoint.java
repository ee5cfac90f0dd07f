package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.Map;

/**
 * A device of one point that speaks a convention of its own instead of Home Assistant's. All its
 * topics are written out.
 */
abstract class NativePoint extends Point {
  NativePoint(Kind kind, Label label, Map<Attribute, Object> initial) {
    super(kind, label, initial);
  }

  /** The retained messages by which it announces itself: payloads by topic. */
  abstract Map<String, String> announcement(String name, String model);

  /** Where it says that it is there, and the broker that it is gone. */
  abstract String presenceTopic();

  abstract String presence(boolean online);

  @Override
  final Map<String, Object> config() {
    return Map.of();
  }

  static int percent(State state, Attribute attribute) {
    return state.get(attribute) instanceof Integer value ? value : 0;
  }
}
