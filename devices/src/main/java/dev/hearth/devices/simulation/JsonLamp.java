package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A lamp that speaks JSON, as Zigbee bridges make them: scale 254, mireds, transitions. */
final class JsonLamp extends Point {
  /** Coldest and warmest white, in mireds. */
  private static final int MIN_MIREDS = 153;

  private static final int MAX_MIREDS = 454;
  private static final int SCALE = 254;
  private static final Duration RAMP_STEP = Duration.ofMillis(200);

  private final List<String> modes;

  /**
   * A lamp.
   *
   * @param modes Home Assistant's color modes: {@code onoff}, {@code brightness}, or some of {@code
   *     color_temp}, {@code hs}, {@code xy}, {@code rgb}
   */
  JsonLamp(Label label, List<String> modes, Map<Attribute, Object> initial) {
    super(Kind.LIGHT, label, initial);
    this.modes = List.copyOf(modes);
  }

  @Override
  List<String> commandTopics() {
    return List.of("set");
  }

  @Override
  State target(State now, String topic, String payload) {
    Map<?, ?> json = Wire.object(payload);
    State goal = now;
    if (json.get("state") instanceof String word) {
      goal = with(goal, Attribute.ON, choice(word, "ON", "OFF"));
    }
    Double brightness = Wire.number(json, "brightness");
    if (brightness != null && dimmable()) {
      int value = Math.clamp(Math.round(brightness), 0, SCALE);
      goal = with(goal, Attribute.ON, value > 0);
      if (value > 0) {
        goal = with(goal, Attribute.BRIGHTNESS, Math.max(1, Math.round(100f * value / SCALE)));
      }
    }
    Double mireds = Wire.number(json, "color_temp");
    if (mireds != null && modes.contains("color_temp")) {
      double within = Math.clamp(mireds, MIN_MIREDS, MAX_MIREDS);
      goal = with(goal, Attribute.COLOR_TEMPERATURE, (int) Math.round(1e6 / within));
      goal = without(goal, Attribute.COLOR);
    }
    if (json.get("color") instanceof Map<?, ?> wanted && colorMode() != null) {
      goal = without(with(goal, Attribute.COLOR, color(wanted)), Attribute.COLOR_TEMPERATURE);
    }
    return goal;
  }

  private static Color color(Map<?, ?> json) {
    Double h = Wire.number(json, "h");
    Double s = Wire.number(json, "s");
    if (h != null && s != null) {
      return new Color(h, s);
    }
    Double x = Wire.number(json, "x");
    Double y = Wire.number(json, "y");
    if (x != null && y != null) {
      return Color.ofXy(x, y);
    }
    Double r = Wire.number(json, "r");
    Double g = Wire.number(json, "g");
    Double b = Wire.number(json, "b");
    if (r != null && g != null && b != null) {
      return Color.ofRgb(r, g, b);
    }
    throw new IllegalArgumentException(
        "the color " + json + " has neither h, s nor x, y nor r, g, b");
  }

  @Override
  List<Stage> course(State now, State goal, String payload) {
    int from = on(now) ? now.brightnessPercent().orElse(0) : 0;
    int to = on(goal) ? goal.brightnessPercent().orElse(0) : 0;
    Double seconds = Wire.number(Wire.object(payload), "transition");
    double transition = seconds == null ? 0 : Math.clamp(seconds, 0, 60);
    int steps = (int) (transition * 1000 / RAMP_STEP.toMillis());
    if (!dimmable() || steps < 2 || from == to) {
      return super.course(now, goal, payload);
    }
    List<Stage> stages = new ArrayList<>();
    State base = on(goal) ? goal : now; // While it fades out it is still on.
    for (int i = 1; i < steps; i++) {
      int level = Math.max(1, from + (to - from) * i / steps);
      State between = with(with(base, Attribute.ON, true), Attribute.BRIGHTNESS, level);
      stages.add(new Stage(RAMP_STEP.multipliedBy(i), between));
    }
    stages.add(new Stage(RAMP_STEP.multipliedBy(steps), goal));
    return stages;
  }

  @Override
  Map<String, String> reports(State state) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("state", on(state) ? "ON" : "OFF");
    state
        .brightnessPercent()
        .ifPresent(percent -> json.put("brightness", Math.round(percent * SCALE / 100f)));
    state
        .colorTemperatureKelvin()
        .ifPresent(kelvin -> {
          json.put("color_mode", "color_temp");
          json.put("color_temp", Math.round(1e6f / kelvin));
        });
    String mode = colorMode();
    if (mode != null && state.color().isPresent()) {
      json.put("color_mode", mode);
      json.put("color", write(state.color().get(), mode));
    }
    json.put("linkquality", 120);
    return Map.of("", Wire.json(json));
  }

  private static Map<String, Object> write(Color color, String mode) {
    return switch (mode) {
      case "hs" -> Wire.map("h", Wire.plain(color.hue()), "s", Wire.plain(color.saturation()));
      case "xy" -> {
        double[] xy = color.xy();
        yield Wire.map("x", Math.rint(xy[0] * 1e4) / 1e4, "y", Math.rint(xy[1] * 1e4) / 1e4);
      }
      default -> {
        int[] rgb = color.rgb();
        yield Wire.map("r", rgb[0], "g", rgb[1], "b", rgb[2]);
      }
    };
  }

  private boolean dimmable() {
    return !modes.contains("onoff");
  }

  private @Nullable String colorMode() {
    return modes.stream().filter(List.of("hs", "xy", "rgb")::contains).findFirst().orElse(null);
  }

  @Override
  Map<String, Object> config() {
    Map<String, Object> config =
        Wire.map(
            "schema", "json",
            "command_topic", "~/set",
            "state_topic", "~",
            "supported_color_modes", modes);
    if (dimmable()) {
      config.put("brightness", true);
      config.put("brightness_scale", SCALE);
    }
    if (modes.contains("color_temp")) {
      config.put("min_mireds", MIN_MIREDS);
      config.put("max_mireds", MAX_MIREDS);
    }
    return config;
  }
}
