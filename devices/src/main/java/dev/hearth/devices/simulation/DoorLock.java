package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A lock whose motor needs a moment to turn. */
final class DoorLock extends Point {
  private static final Duration TURN = Duration.ofMillis(1_200);

  DoorLock(Label label, boolean locked) {
    super(Kind.LOCK, label, Map.of(Attribute.LOCK, locked ? "locked" : "unlocked"));
  }

  @Override
  List<String> commandTopics() {
    return List.of("set");
  }

  @Override
  State target(State now, String topic, String payload) {
    return with(now, Attribute.LOCK, choice(payload, "LOCK", "UNLOCK") ? "locked" : "unlocked");
  }

  @Override
  List<Stage> course(State now, State goal, String payload) {
    if (now.equals(goal)) {
      return super.course(now, goal, payload);
    }
    String turning = goal.lock().orElse("").equals("locked") ? "locking" : "unlocking";
    return List.of(
        new Stage(Duration.ZERO, with(now, Attribute.LOCK, turning)), new Stage(TURN, goal));
  }

  @Override
  Map<String, String> reports(State state) {
    return Map.of("state", state.lock().orElse("jammed").toUpperCase(Locale.ROOT));
  }

  @Override
  Map<String, Object> config() {
    return Wire.map("command_topic", "~/set", "state_topic", "~/state");
  }
}
