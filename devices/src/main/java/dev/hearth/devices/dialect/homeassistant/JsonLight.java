package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Light with {@code schema: json}: one JSON object each way. */
final class JsonLight {
  private static final List<String> COLOR_MODES = List.of("hs", "xy", "rgb", "rgbw", "rgbww");

  private final String commandTopic;
  private final double scale;
  private final boolean brightness;
  private final ColorTemperatures temperatures;
  private final boolean hasTemperature;
  private final @Nullable String colorMode;
  private final List<String> effects;

  private JsonLight(Config config) throws DiscoveryException {
    commandTopic = config.requiredTopic("command_topic");
    scale = config.number("brightness_scale", 255, 1, 1e6);
    Set<String> modes = Set.copyOf(config.words("supported_color_modes", List.of()));
    // Before color modes existed, flags said the same.
    hasTemperature = modes.contains("color_temp") || config.flag("color_temp", false);
    String mode = COLOR_MODES.stream().filter(modes::contains).findFirst().orElse(null);
    if (mode == null) {
      for (String flag : List.of("hs", "xy", "rgb")) {
        if (config.flag(flag, false)) {
          mode = flag;
          break;
        }
      }
    }
    colorMode = mode;
    brightness =
        config.flag("brightness", false)
            || modes.contains("brightness")
            || hasTemperature
            || colorMode != null
            || modes.contains("white");
    temperatures = ColorTemperatures.of(config);
    effects = config.flag("effect", false) ? config.words("effect_list", List.of()) : List.of();
  }

  static Component of(Config config) throws DiscoveryException {
    JsonLight light = new JsonLight(config);
    List<Capability> capabilities = new ArrayList<>(List.of(new Capability.OnOff()));
    List<Attribute> reported = new ArrayList<>(List.of(Attribute.ON));
    if (light.brightness) {
      capabilities.add(new Capability.Brightness());
      reported.add(Attribute.BRIGHTNESS);
    }
    if (light.hasTemperature) {
      capabilities.add(light.temperatures.capability());
      reported.add(Attribute.COLOR_TEMPERATURE);
    }
    if (light.colorMode != null) {
      capabilities.add(new Capability.Color());
      reported.add(Attribute.COLOR);
    }
    if (!light.effects.isEmpty()) {
      capabilities.add(new Capability.Preset(light.effects));
      reported.add(Attribute.PRESET);
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic", ValueTemplate.NONE, light::read, reported.toArray(Attribute[]::new));
    return new Component(capabilities, builder.build(light::encode));
  }

  private void read(String text, Payload payload, State before, StateUpdate.Builder out) {
    if (!(payload.json() instanceof Map<?, ?> json)) {
      throw new IllegalArgumentException("the state of a JSON light is not a JSON object");
    }
    if (json.containsKey("state")) {
      Object on = json.get("state");
      if (on == null) {
        out.unknown(Attribute.ON);
      } else if (on.equals("ON") || on.equals("OFF")) {
        out.set(Attribute.ON, on.equals("ON"));
      } else {
        throw new IllegalArgumentException("state is neither ON nor OFF");
      }
    }
    Double level = brightness ? Values.numberOrNull(json.get("brightness")) : null;
    if (level != null) {
      out.set(Attribute.BRIGHTNESS, Scales.toPercent(level, scale));
    }
    if (!effects.isEmpty() && json.containsKey("effect")) {
      Values.word(Attribute.PRESET).map(Values.rendered(json.get("effect")), payload, before, out);
    }
    String mode = json.get("color_mode") instanceof String s ? s : null;
    Double white = hasTemperature ? Values.numberOrNull(json.get("color_temp")) : null;
    if (white != null && (mode == null || mode.equals("color_temp"))) {
      out.set(Attribute.COLOR_TEMPERATURE, temperatures.fromDevice(white));
      if (mode != null) {
        out.unknown(Attribute.COLOR);
      }
    }
    if (colorMode != null
        && json.get("color") instanceof Map<?, ?> value
        && (mode == null || COLOR_MODES.contains(mode))) {
      Color color = color(value, mode == null ? colorMode : mode);
      if (color != null) {
        out.set(Attribute.COLOR, color);
        if (mode != null) {
          out.unknown(Attribute.COLOR_TEMPERATURE);
        }
      }
    }
  }

  private static @Nullable Color color(Map<?, ?> color, String mode) {
    Double h = component(color, "h");
    Double s = component(color, "s");
    Double x = component(color, "x");
    Double y = component(color, "y");
    Double r = component(color, "r");
    Double g = component(color, "g");
    Double b = component(color, "b");
    if (mode.equals("xy") && x != null && y != null) {
      return Color.ofXy(x, y);
    }
    if (mode.startsWith("rgb") && r != null && g != null && b != null) {
      return Color.ofRgb(r, g, b);
    }
    if (h != null && s != null) {
      return new Color(h, s);
    }
    if (x != null && y != null) {
      return Color.ofXy(x, y);
    }
    return r != null && g != null && b != null ? Color.ofRgb(r, g, b) : null;
  }

  private static @Nullable Double component(Map<?, ?> color, String name) {
    return Values.numberOrNull(color.get(name));
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    Map<String, Object> json = new LinkedHashMap<>();
    Map<Attribute, Object> target = new EnumMap<>(Attribute.class);
    json.put("state", "ON");
    target.put(Attribute.ON, true);
    switch (command) {
      case Command.TurnOn on -> {}
      case Command.TurnOff off -> {
        json.put("state", "OFF");
        target.put(Attribute.ON, false);
      }
      case Command.SetBrightness(int percent) -> {
        int value = Scales.fromPercent(percent, scale);
        json.put("brightness", value);
        target.put(Attribute.BRIGHTNESS, Scales.toPercent(value, scale));
      }
      case Command.SetColorTemperature(int kelvin) -> {
        json.put("color_temp", temperatures.toDevice(kelvin));
        target.put(Attribute.COLOR_TEMPERATURE, temperatures.quantised(kelvin));
      }
      case Command.SetColor(Color color, String name) when colorMode != null -> {
        json.put("color", write(color, colorMode));
        target.put(Attribute.COLOR, color);
      }
      case Command.SetPreset(String effect) when effects.contains(effect) -> {
        json.put("effect", effect);
        target.put(Attribute.PRESET, effect);
      }
      default -> throw UnsupportedCommandException.of(command);
    }
    return Values.encoded(target, new Outgoing(commandTopic, Json.write(json)));
  }

  private static Map<String, Object> write(Color color, String mode) {
    Map<String, Object> out = new LinkedHashMap<>();
    switch (mode) {
      case "hs" -> {
        out.put("h", Scales.plain(Scales.round(color.hue(), 1)));
        out.put("s", Scales.plain(Scales.round(color.saturation(), 1)));
      }
      case "xy" -> {
        double[] xy = color.xy();
        out.put("x", Scales.round(xy[0], 4));
        out.put("y", Scales.round(xy[1], 4));
      }
      default -> {
        int[] rgb = color.rgb();
        out.put("r", rgb[0]);
        out.put("g", rgb[1]);
        out.put("b", rgb[2]);
        if (mode.equals("rgbw")) {
          out.put("w", 0);
        } else if (mode.equals("rgbww")) {
          out.put("c", 0);
          out.put("w", 0);
        }
      }
    }
    return out;
  }
}
