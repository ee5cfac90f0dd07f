package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A humidifier; while it runs, the air slowly takes on the wished humidity. */
final class AirHumidifier extends Point {
  private static final List<String> MODES = List.of("auto", "sleep");
  private static final double DRY = 35;
  private static final double PERCENT_PER_SECOND = 0.02;

  AirHumidifier(Label label, double wished, double measured) {
    super(
        Kind.HUMIDIFIER,
        label,
        Map.of(
            Attribute.ON,
            false,
            Attribute.HUMIDITY_SETPOINT,
            wished,
            Attribute.HUMIDITY,
            measured,
            Attribute.MODE,
            "auto"));
  }

  @Override
  List<String> commandTopics() {
    return List.of("set", "target/set", "mode/set");
  }

  @Override
  State target(State now, String topic, String payload) {
    return switch (topic) {
      case "set" -> with(now, Attribute.ON, choice(payload, "ON", "OFF"));
      case "target/set" ->
          with(now, Attribute.HUMIDITY_SETPOINT, Math.clamp(number(payload), 30, 80));
      default -> {
        if (!MODES.contains(payload)) {
          throw new IllegalArgumentException("'" + payload + "' is none of " + MODES);
        }
        yield with(now, Attribute.MODE, payload);
      }
    };
  }

  @Override
  State live(State now, Duration elapsed, Surroundings surroundings) {
    double humidity = now.humidity().orElse(DRY);
    double goal = on(now) && now.get(Attribute.HUMIDITY_SETPOINT) instanceof Double d ? d : DRY;
    double change = PERCENT_PER_SECOND * elapsed.toNanos() / 1e9;
    return with(
        now,
        Attribute.HUMIDITY,
        humidity < goal ? Math.min(goal, humidity + change) : Math.max(goal, humidity - change));
  }

  @Override
  Map<String, String> reports(State state) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("target", number(state, Attribute.HUMIDITY_SETPOINT));
    out.put("humidity", number(state, Attribute.HUMIDITY));
    out.put("mode", state.mode().orElse("auto"));
    out.put("state", on(state) ? "ON" : "OFF");
    return out;
  }

  private static String number(State state, Attribute attribute) {
    double value = state.get(attribute) instanceof Double d ? d : DRY;
    return Wire.plain(Math.rint(value)).toString();
  }

  @Override
  Map<String, Object> config() {
    return Wire.map(
        "command_topic", "~/set",
        "state_topic", "~/state",
        "target_humidity_command_topic", "~/target/set",
        "target_humidity_state_topic", "~/target",
        "current_humidity_topic", "~/humidity",
        "min_humidity", 30,
        "max_humidity", 80,
        "modes", MODES,
        "mode_command_topic", "~/mode/set",
        "mode_state_topic", "~/mode",
        "device_class", "humidifier");
  }
}
