package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A water heater with modes and a wished temperature. */
final class Boiler extends Point {
  private static final List<String> MODES = List.of("off", "eco", "performance");
  private static final double MIN = 44;
  private static final double MAX = 60;

  Boiler(Label label) {
    super(
        Kind.WATER_HEATER,
        label,
        Map.of(Attribute.MODE, "eco", Attribute.SETPOINT, 50.0, Attribute.TEMPERATURE, 48.5));
  }

  @Override
  List<String> commandTopics() {
    return List.of("mode/set", "temperature/set");
  }

  @Override
  State target(State now, String topic, String payload) {
    if (topic.equals("temperature/set")) {
      return with(now, Attribute.SETPOINT, Math.clamp(number(payload), MIN, MAX));
    }
    if (!MODES.contains(payload)) {
      throw new IllegalArgumentException("'" + payload + "' is none of " + MODES);
    }
    return with(now, Attribute.MODE, payload);
  }

  @Override
  State clamp(State goal, int percent) {
    double most = MIN + (MAX - MIN) * percent / 100;
    return goal.setpoint().orElse(MIN) > most ? with(goal, Attribute.SETPOINT, most) : goal;
  }

  @Override
  Map<String, String> reports(State state) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("temperature", Wire.plain(state.setpoint().orElse(MIN)).toString());
    out.put("water", Wire.plain(state.temperature().orElse(MIN)).toString());
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
        "current_temperature_topic", "~/water",
        "min_temp", MIN,
        "max_temp", MAX);
  }
}
