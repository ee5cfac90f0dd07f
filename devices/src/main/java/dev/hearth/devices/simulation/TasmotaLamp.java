package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Map;

/** A lamp of colors and two whites. */
final class TasmotaLamp extends TasmotaPoint {
  TasmotaLamp(String mac, String topic) {
    super(
        Kind.LIGHT,
        "light_1",
        mac,
        topic,
        Map.of(Attribute.ON, false, Attribute.BRIGHTNESS, 60, Attribute.COLOR_TEMPERATURE, 3000));
  }

  @Override
  List<String> commands() {
    return List.of("POWER1", "Dimmer", "CT", "HSBColor", "HSBColor1", "HSBColor2");
  }

  @Override
  Map<String, Object> setup() {
    return Wire.map("rl", List.of(2, 0, 0, 0, 0, 0, 0, 0), "lt_st", 5);
  }

  @Override
  Map<String, Object> status(State state) {
    Color color = state.color().orElse(new Color(0, 0));
    int bright = percent(state, Attribute.BRIGHTNESS);
    int kelvin = state.colorTemperatureKelvin().orElse(3000);
    return Wire.map(
        "POWER",
        word(state),
        "Dimmer",
        bright,
        "HSBColor",
        Math.round(color.hue()) + "," + Math.round(color.saturation()) + "," + bright,
        "White",
        state.color().isPresent() ? 0 : bright,
        "CT",
        Math.round(1e6 / kelvin));
  }

  @Override
  State target(State now, String command, List<Double> values, String payload) {
    if (command.equals("POWER1")) {
      return with(now, Attribute.ON, choice(payload, "ON", "OFF"));
    }
    State on = with(now, Attribute.ON, true);
    Color color = now.color().orElse(new Color(0, 0));
    return switch (command) {
      case "Dimmer" -> with(on, Attribute.BRIGHTNESS, values.getFirst().intValue());
      case "CT" ->
          without(
              with(on, Attribute.COLOR_TEMPERATURE, (int) Math.round(1e6 / values.getFirst())),
              Attribute.COLOR);
      case "HSBColor1" -> painted(on, new Color(values.getFirst(), color.saturation()));
      case "HSBColor2" -> painted(on, new Color(color.hue(), values.getFirst()));
      default ->
          with(
              painted(on, new Color(values.get(0), values.get(1))),
              Attribute.BRIGHTNESS,
              values.get(2).intValue());
    };
  }

  private static State painted(State state, Color color) {
    return without(with(state, Attribute.COLOR, color), Attribute.COLOR_TEMPERATURE);
  }
}
