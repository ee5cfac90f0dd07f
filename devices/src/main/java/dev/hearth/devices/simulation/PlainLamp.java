package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A lamp of the default schema: plain words on a topic per feature. */
final class PlainLamp extends Point {
  private final int scale;
  private final boolean colored;
  private final boolean onByBrightness;

  /**
   * A lamp.
   *
   * @param scale the brightness of full light, or 0 when it cannot be dimmed
   * @param colored whether it takes hue and saturation
   * @param onByBrightness whether it turns on by a brightness alone
   */
  PlainLamp(
      Label label,
      int scale,
      boolean colored,
      boolean onByBrightness,
      Map<Attribute, Object> initial) {
    super(Kind.LIGHT, label, initial);
    this.scale = scale;
    this.colored = colored;
    this.onByBrightness = onByBrightness;
  }

  @Override
  List<String> commandTopics() {
    List<String> topics = new ArrayList<>(List.of("switch/set"));
    if (scale > 0) {
      topics.add("brightness/set");
    }
    if (colored) {
      topics.add("hs/set");
    }
    return topics;
  }

  @Override
  State target(State now, String topic, String payload) {
    return switch (topic) {
      case "switch/set" -> with(now, Attribute.ON, choice(payload, "ON", "OFF"));
      case "brightness/set" -> brightness(now, Math.clamp(number(payload), 0, scale));
      case "hs/set" -> {
        String[] parts = payload.split(",", -1);
        if (parts.length != 2) {
          throw new IllegalArgumentException("'" + payload + "' is not hue,saturation");
        }
        yield with(now, Attribute.COLOR, new Color(number(parts[0]), number(parts[1])));
      }
      default -> super.target(now, topic, payload);
    };
  }

  private State brightness(State now, double value) {
    if (value == 0) {
      return with(now, Attribute.ON, false);
    }
    int percent = (int) Math.max(1, Math.round(100 * value / scale));
    State goal = with(now, Attribute.BRIGHTNESS, percent);
    return onByBrightness ? with(goal, Attribute.ON, true) : goal;
  }

  @Override
  Map<String, String> reports(State state) {
    Map<String, String> out = new LinkedHashMap<>();
    state
        .brightnessPercent()
        .ifPresent(p -> out.put("brightness", Long.toString(Math.round(p * scale / 100.0))));
    state
        .color()
        .ifPresent(c -> out.put("hs", Wire.plain(c.hue()) + "," + Wire.plain(c.saturation())));
    out.put("switch", on(state) ? "ON" : "OFF");
    return out;
  }

  @Override
  Map<String, Object> config() {
    Map<String, Object> config =
        Wire.map("command_topic", "~/switch/set", "state_topic", "~/switch");
    if (scale > 0) {
      config.put("brightness_command_topic", "~/brightness/set");
      config.put("brightness_state_topic", "~/brightness");
      config.put("brightness_scale", scale);
    }
    if (colored) {
      config.put("hs_command_topic", "~/hs/set");
      config.put("hs_state_topic", "~/hs");
    }
    if (onByBrightness) {
      config.put("on_command_type", "brightness");
    }
    return config;
  }
}
