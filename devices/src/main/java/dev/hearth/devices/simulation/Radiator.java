package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A thermostat on a radiator, as Zigbee bridges make them: everything in one JSON object, read by
 * templates. The room drifts towards the setpoint while it heats and cools down while it does not.
 */
final class Radiator extends Point {
  private static final double MIN = 5;
  private static final double MAX = 30;
  private static final double OUTDOORS = 12;

  /** Degrees per second of life towards the setpoint, and towards the outdoors. */
  private static final double WARMING = 1.0 / 600;

  private static final double COOLING = 0.25 / 3_600;

  Radiator(Label label, boolean heating, double setpoint, double temperature) {
    super(
        Kind.CLIMATE,
        label,
        Map.of(
            Attribute.MODE,
            heating ? "heat" : "off",
            Attribute.SETPOINT,
            setpoint,
            Attribute.TEMPERATURE,
            temperature,
            Attribute.ACTION,
            action(heating ? "heat" : "off", setpoint, temperature)));
  }

  private static String action(String mode, double setpoint, double temperature) {
    return mode.equals("off") ? "off" : temperature < setpoint - 0.2 ? "heating" : "idle";
  }

  @Override
  List<String> commandTopics() {
    return List.of("set/system_mode", "set");
  }

  @Override
  State target(State now, String topic, String payload) {
    if (topic.equals("set/system_mode")) {
      if (!payload.equals("off") && !payload.equals("heat")) {
        throw new IllegalArgumentException("'" + payload + "' is neither off nor heat");
      }
      return settled(with(now, Attribute.MODE, payload));
    }
    Double wanted = Wire.number(Wire.object(payload), "occupied_heating_setpoint");
    if (wanted == null) {
      throw new IllegalArgumentException("'" + payload + "' has no occupied_heating_setpoint");
    }
    double half = Math.rint(Math.clamp(wanted, MIN, MAX) * 2) / 2;
    return settled(with(now, Attribute.SETPOINT, half));
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
    double most = MIN + (MAX - MIN) * percent / 100;
    return goal.setpoint().orElse(MIN) > most
        ? settled(with(goal, Attribute.SETPOINT, most))
        : goal;
  }

  @Override
  State live(State now, Duration elapsed, Surroundings surroundings) {
    double temperature = now.temperature().orElse(OUTDOORS);
    double setpoint = now.setpoint().orElse(MIN);
    double seconds = elapsed.toNanos() / 1e9;
    if (now.action().orElse("off").equals("heating")) {
      temperature = Math.min(setpoint, temperature + WARMING * seconds);
    } else {
      temperature = Math.max(OUTDOORS, temperature - COOLING * seconds);
    }
    return settled(with(now, Attribute.TEMPERATURE, temperature));
  }

  @Override
  Map<String, String> reports(State state) {
    String action = state.action().orElse("off");
    return Map.of(
        "",
        Wire.json(
            Wire.map(
                "local_temperature",
                Math.rint(state.temperature().orElse(OUTDOORS) * 10) / 10,
                "occupied_heating_setpoint",
                state.setpoint().orElse(MIN),
                "system_mode",
                state.mode().orElse("off"),
                "running_state",
                action.equals("heating") ? "heat" : action,
                "battery",
                87)));
  }

  @Override
  Map<String, Object> config() {
    return Wire.map(
        "modes", List.of("off", "heat"),
        "mode_command_topic", "~/set/system_mode",
        "mode_state_topic", "~",
        "mode_state_template", "{{ value_json.system_mode }}",
        "temperature_command_topic", "~/set",
        "temperature_command_template", "{\"occupied_heating_setpoint\": {{ value }} }",
        "temperature_state_topic", "~",
        "temperature_state_template", "{{ value_json.occupied_heating_setpoint }}",
        "current_temperature_topic", "~",
        "current_temperature_template", "{{ value_json.local_temperature }}",
        "action_topic", "~",
        "action_template",
            "{% set values = {'idle':'idle','off':'off','heat':'heating'} %}"
                + "{{ values[value_json.running_state] }}",
        "min_temp", MIN,
        "max_temp", MAX,
        "temp_step", 0.5,
        "temperature_unit", "C");
  }
}
