package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A robot that cleans or mows; it takes its time to find its dock. */
final class Robot extends Point {
  private static final Duration WAY_HOME = Duration.ofSeconds(20);
  private static final List<String> SPEEDS = List.of("quiet", "standard", "strong");

  private final boolean vacuum;

  private Robot(Kind kind, Label label, Map<Attribute, Object> initial) {
    super(kind, label, initial);
    this.vacuum = kind == Kind.VACUUM;
  }

  static Robot vacuum(Label label) {
    return new Robot(
        Kind.VACUUM, label, Map.of(Attribute.ACTIVITY, "docked", Attribute.MODE, "standard"));
  }

  static Robot mower(Label label) {
    return new Robot(Kind.LAWN_MOWER, label, Map.of(Attribute.ACTIVITY, "docked"));
  }

  @Override
  List<String> commandTopics() {
    return vacuum ? List.of("set", "speed/set") : List.of("set");
  }

  @Override
  State target(State now, String topic, String payload) {
    if (topic.equals("speed/set")) {
      if (!SPEEDS.contains(payload)) {
        throw new IllegalArgumentException("'" + payload + "' is none of " + SPEEDS);
      }
      return with(now, Attribute.MODE, payload);
    }
    return switch (payload) {
      case "start" -> with(now, Attribute.ACTIVITY, "cleaning");
      case "start_mowing" -> with(now, Attribute.ACTIVITY, "mowing");
      case "pause" -> with(now, Attribute.ACTIVITY, "paused");
      case "stop" -> with(now, Attribute.ACTIVITY, "idle");
      case "return_to_base", "dock" -> with(now, Attribute.ACTIVITY, "docked");
      case "locate" -> now;
      default -> throw new IllegalArgumentException("'" + payload + "' is no command of a robot");
    };
  }

  @Override
  List<Stage> course(State now, State goal, String payload) {
    boolean home = goal.word(Attribute.ACTIVITY).filter("docked"::equals).isPresent();
    return home && !now.equals(goal)
        ? List.of(
            new Stage(Duration.ZERO, with(goal, Attribute.ACTIVITY, "returning")),
            new Stage(WAY_HOME, goal))
        : super.course(now, goal, payload);
  }

  @Override
  Map<String, String> reports(State state) {
    String activity = state.word(Attribute.ACTIVITY).orElse("error");
    return Map.of(
        "state",
        vacuum
            ? Wire.json(Wire.map("state", activity, "fan_speed", state.mode().orElse("quiet")))
            : activity);
  }

  @Override
  Map<String, Object> config() {
    return vacuum
        ? Wire.map(
            "command_topic",
            "~/set",
            "state_topic",
            "~/state",
            "supported_features",
            List.of("start", "pause", "stop", "return_home", "locate", "fan_speed"),
            "set_fan_speed_topic",
            "~/speed/set",
            "fan_speed_list",
            SPEEDS)
        : Wire.map(
            "start_mowing_command_topic", "~/set",
            "pause_command_topic", "~/set",
            "dock_command_topic", "~/set",
            "activity_state_topic", "~/state");
  }
}
