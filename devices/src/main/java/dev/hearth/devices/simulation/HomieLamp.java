package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Map;

/** A colored lamp of Homie 4. */
final class HomieLamp extends HomiePoint {
  HomieLamp(String id) {
    super(
        Kind.LIGHT,
        4,
        id,
        "lamp",
        "Light",
        List.of(
            new Property("power", "boolean", "", true, true),
            new Property("brightness", "integer", "0:100", true, true),
            new Property("color", "color", "hsv", true, true)),
        Map.of(Attribute.ON, false, Attribute.BRIGHTNESS, 60, Attribute.COLOR, new Color(30, 80)));
  }

  @Override
  Map<String, String> values(State state) {
    Color color = state.color().orElse(new Color(0, 0));
    int bright = percent(state, Attribute.BRIGHTNESS);
    return Map.of(
        "power", String.valueOf(on(state)),
        "brightness", String.valueOf(bright),
        "color", Math.round(color.hue()) + "," + Math.round(color.saturation()) + "," + bright);
  }

  @Override
  State set(State now, String property, String value) {
    return switch (property) {
      case "power" -> with(now, Attribute.ON, choice(value, "true", "false"));
      case "brightness" -> with(now, Attribute.BRIGHTNESS, (int) number(value));
      default -> {
        String[] parts = value.split(",");
        yield with(now, Attribute.COLOR, new Color(number(parts[0]), number(parts[1])));
      }
    };
  }
}
