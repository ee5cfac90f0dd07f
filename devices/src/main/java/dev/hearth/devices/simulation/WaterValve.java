package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A motor valve of the water supply, which says open, closed, and what it is about to be. */
final class WaterValve extends Point {
  private static final Duration TURN = Duration.ofSeconds(6);

  WaterValve(Label label) {
    super(Kind.VALVE, label, Map.of(Attribute.COVER, "open"));
  }

  @Override
  List<String> commandTopics() {
    return List.of("set");
  }

  @Override
  State target(State now, String topic, String payload) {
    return with(now, Attribute.COVER, choice(payload, "OPEN", "CLOSE") ? "open" : "closed");
  }

  @Override
  List<Stage> course(State now, State goal, String payload) {
    if (now.equals(goal)) {
      return super.course(now, goal, payload);
    }
    String turning = goal.cover().orElse("").equals("open") ? "opening" : "closing";
    return List.of(
        new Stage(Duration.ZERO, with(now, Attribute.COVER, turning)), new Stage(TURN, goal));
  }

  @Override
  Map<String, String> reports(State state) {
    return Map.of("state", state.cover().orElse("None"));
  }

  @Override
  Map<String, Object> config() {
    return Wire.map("command_topic", "~/set", "state_topic", "~/state", "device_class", "water");
  }
}
