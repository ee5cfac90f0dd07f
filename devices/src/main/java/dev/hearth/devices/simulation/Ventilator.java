package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A fan with a number of speeds. */
final class Ventilator extends Point {
  private final int speeds;

  /**
   * A fan.
   *
   * @param speeds how many speeds it has, 100 for a continuous one, 0 when it is only on or off
   * @param percent the speed it has when on
   */
  Ventilator(Label label, int speeds, boolean on, int percent) {
    super(
        Kind.FAN,
        label,
        speeds == 0
            ? Map.of(Attribute.ON, on)
            : Map.of(Attribute.ON, on, Attribute.FAN_SPEED, percent));
    this.speeds = speeds;
  }

  @Override
  List<String> commandTopics() {
    return speeds == 0 ? List.of("set") : List.of("set", "speed/set");
  }

  @Override
  State target(State now, String topic, String payload) {
    if (topic.equals("speed/set")) {
      int speed = Math.clamp(Math.round(number(payload)), 0, speeds);
      if (speed == 0) {
        return with(now, Attribute.ON, false);
      }
      return with(with(now, Attribute.ON, true), Attribute.FAN_SPEED, toPercent(speed));
    }
    return with(now, Attribute.ON, choice(payload, "ON", "OFF"));
  }

  /** A fan that is limited runs at the fastest of its speeds within the limit, or the slowest. */
  @Override
  State clamp(State goal, int percent) {
    if (speeds == 0 || goal.fanSpeedPercent().orElse(0) <= percent) {
      return goal;
    }
    return with(goal, Attribute.FAN_SPEED, toPercent(Math.max(1, percent * speeds / 100)));
  }

  private int toPercent(int speed) {
    return Math.round(100f * speed / speeds);
  }

  @Override
  Map<String, String> reports(State state) {
    Map<String, String> out = new LinkedHashMap<>();
    if (speeds > 0) {
      int percent = state.fanSpeedPercent().orElse(0);
      out.put("speed", Integer.toString(on(state) ? Math.round(percent * speeds / 100f) : 0));
    }
    out.put("state", on(state) ? "ON" : "OFF");
    return out;
  }

  @Override
  Map<String, Object> config() {
    Map<String, Object> config = Wire.map("command_topic", "~/set", "state_topic", "~/state");
    if (speeds > 0) {
      config.put("percentage_command_topic", "~/speed/set");
      config.put("percentage_state_topic", "~/speed");
      if (speeds < 100) {
        config.put("speed_range_min", 1);
        config.put("speed_range_max", speeds);
      }
    }
    return config;
  }
}
