package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An alarm panel that leaves people time to go. It wants a code to be disarmed and checks it
 * itself; after a wrong one it stays as it is.
 */
final class AlarmPanel extends Point {
  private static final Duration EXIT = Duration.ofSeconds(15);

  private final String code;

  AlarmPanel(Label label, String code) {
    super(Kind.ALARM_CONTROL_PANEL, label, Map.of(Attribute.ALARM, "disarmed"));
    this.code = code;
  }

  @Override
  List<String> commandTopics() {
    return List.of("set");
  }

  @Override
  State target(State now, String topic, String payload) {
    Map<?, ?> json = Wire.object(payload);
    return switch (String.valueOf(json.get("action"))) {
      case "ARM_HOME" -> with(now, Attribute.ALARM, "armed_home");
      case "ARM_AWAY" -> with(now, Attribute.ALARM, "armed_away");
      case "DISARM" -> code.equals(json.get("code")) ? with(now, Attribute.ALARM, "disarmed") : now;
      default -> throw new IllegalArgumentException("'" + payload + "' is no command of a panel");
    };
  }

  @Override
  List<Stage> course(State now, State goal, String payload) {
    boolean arms = goal.word(Attribute.ALARM).filter(a -> a.startsWith("armed")).isPresent();
    return arms && !now.equals(goal)
        ? List.of(
            new Stage(Duration.ZERO, with(now, Attribute.ALARM, "arming")), new Stage(EXIT, goal))
        : super.course(now, goal, payload);
  }

  @Override
  Map<String, String> reports(State state) {
    return Map.of("state", state.word(Attribute.ALARM).orElse("None").toLowerCase(Locale.ROOT));
  }

  @Override
  Map<String, Object> config() {
    return Wire.map(
        "command_topic",
        "~/set",
        "state_topic",
        "~/state",
        "supported_features",
        List.of("arm_home", "arm_away"),
        "code",
        "REMOTE_CODE",
        "code_arm_required",
        false,
        "command_template",
        "{\"action\":\"{{ action }}\",\"code\":\"{{ code }}\"}");
  }
}
