package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An air conditioner: modes, a setpoint in whole degrees, fan modes; a plain topic for each. */
final class AirConditioner extends Point {
  private static final double MIN = 16;
  private static final double MAX = 30;
  private static final double OUTDOORS = 29;
  private static final double WORKING = 1.0 / 300;
  private static final double DRIFT = 0.5 / 3_600;
  private static final List<String> MODES =
      List.of("off", "auto", "cool", "heat", "dry", "fan_only");
  private static final List<String> FAN_MODES = List.of("auto", "low", "medium", "high");

  AirConditioner(Label label, String mode, double setpoint, double temperature) {
    super(
        Kind.CLIMATE,
        label,
        Map.of(
            Attribute.MODE, mode,
            Attribute.SETPOINT, setpoint,
            Attribute.TEMPERATURE, temperature,
            Attribute.ACTION, action(mode, setpoint, temperature),
            Attribute.FAN_MODE, "auto"));
  }

  private static String action(String mode, double setpoint, double temperature) {
    return switch (mode) {
      case "cool" -> temperature > setpoint + 0.2 ? "cooling" : "idle";
      case "heat" -> temperature < setpoint - 0.2 ? "heating" : "idle";
      case "auto" ->
          temperature > setpoint + 0.5
              ? "cooling"
              : temperature < setpoint - 0.5 ? "heating" : "idle";
      case "dry" -> "drying";
      case "fan_only" -> "fan";
      default -> "off";
    };
  }

  @Override
  List<String> commandTopics() {
    return List.of("mode/set", "temperature/set", "fan/set");
  }

  @Override
  State target(State now, String topic, String payload) {
    return switch (topic) {
      case "mode/set" -> settled(with(now, Attribute.MODE, word(payload, MODES)));
      case "temperature/set" ->
          settled(with(now, Attribute.SETPOINT, Math.rint(Math.clamp(number(payload), MIN, MAX))));
      default -> with(now, Attribute.FAN_MODE, word(payload, FAN_MODES));
    };
  }

  private static String word(String payload, List<String> words) {
    if (!words.contains(payload)) {
      throw new IllegalArgumentException("'" + payload + "' is none of " + words);
    }
    return payload;
  }

  private static State settled(State state) {
    return with(
        state,
        Attribute.ACTION,
        action(
            state.mode().orElse("off"),
            state.setpoint().orElse(MIN),
            state.temperature().orElse(OUTDOORS)));
  }

  @Override
  State clamp(State goal, int percent) {
    double most = Math.floor(MIN + (MAX - MIN) * percent / 100);
    return goal.setpoint().orElse(MIN) > most
        ? settled(with(goal, Attribute.SETPOINT, most))
        : goal;
  }

  @Override
  State live(State now, Duration elapsed, Surroundings surroundings) {
    double temperature = now.temperature().orElse(OUTDOORS);
    double setpoint = now.setpoint().orElse(MIN);
    double seconds = elapsed.toNanos() / 1e9;
    temperature =
        switch (now.action().orElse("off")) {
          case "cooling" -> Math.max(setpoint, temperature - WORKING * seconds);
          case "heating" -> Math.min(setpoint, temperature + WORKING * seconds);
          default -> Math.min(OUTDOORS, temperature + DRIFT * seconds);
        };
    return settled(with(now, Attribute.TEMPERATURE, temperature));
  }

  @Override
  Map<String, String> reports(State state) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("temperature", Wire.plain(state.setpoint().orElse(MIN)).toString());
    out.put("fan", state.word(Attribute.FAN_MODE).orElse("auto"));
    double room = Math.rint(state.temperature().orElse(OUTDOORS) * 10) / 10;
    out.put("room", Wire.plain(room).toString());
    out.put("action", state.action().orElse("off"));
    out.put("mode", state.mode().orElse("off"));
    return out;
  }

  @Override
  Map<String, Object> config() {
    return Wire.map(
        "modes", MODES,
        "mode_command_topic", "~/mode/set",
        "mode_state_topic", "~/mode",
        "temperature_command_topic", "~/temperature/set",
        "temperature_state_topic", "~/temperature",
        "current_temperature_topic", "~/room",
        "action_topic", "~/action",
        "fan_modes", FAN_MODES,
        "fan_mode_command_topic", "~/fan/set",
        "fan_mode_state_topic", "~/fan",
        "min_temp", MIN,
        "max_temp", MAX,
        "temp_step", 1,
        "precision", 0.1);
  }
}
