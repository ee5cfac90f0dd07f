package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Map;

/** A colored lamp. */
final class ShellyLamp extends ShellyPoint {
  ShellyLamp(String id, String name) {
    super(
        Kind.LIGHT,
        id,
        "rgb:0",
        name,
        Map.of(Attribute.ON, false, Attribute.BRIGHTNESS, 60, Attribute.COLOR, new Color(30, 80)));
  }

  @Override
  Map<String, Object> status(State state) {
    int[] rgb = state.color().orElse(new Color(0, 0)).rgb();
    return Wire.map(
        "id", 0,
        "output", on(state),
        "brightness", percent(state, Attribute.BRIGHTNESS),
        "rgb", List.of(rgb[0], rgb[1], rgb[2]));
  }

  @Override
  State target(State now, String method, Map<?, ?> parameters) {
    State next = switched(now, parameters);
    if (parameters.get("brightness") instanceof Integer percent) {
      next = with(next, Attribute.BRIGHTNESS, percent);
    }
    if (parameters.get("rgb") instanceof List<?> rgb) {
      double[] parts = rgb.stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
      next = with(next, Attribute.COLOR, Color.ofRgb(parts[0], parts[1], parts[2]));
    }
    return next;
  }
}
