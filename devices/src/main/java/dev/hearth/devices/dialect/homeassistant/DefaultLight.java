package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.State;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Light of the default schema: a topic per feature. */
final class DefaultLight {
  /** How a color is written on the wire, and where. */
  private record ColorTopic(String mode, String topic, ValueTemplate template) {}

  private static final List<String> COLOR_MODES = List.of("hs", "xy", "rgb", "rgbw", "rgbww");

  private final String commandTopic;
  private final String payloadOn;
  private final String payloadOff;
  private final String onCommandType;
  private final @Nullable String brightnessTopic;
  private final ValueTemplate brightnessTemplate;
  private final double scale;
  private final @Nullable String temperatureTopic;
  private final ValueTemplate temperatureTemplate;
  private final ColorTemperatures temperatures;
  private final @Nullable ColorTopic color;
  private final @Nullable String effectTopic;
  private final ValueTemplate effectTemplate;
  private final List<String> effects;

  private DefaultLight(Config config) throws DiscoveryException {
    commandTopic = config.requiredTopic("command_topic");
    payloadOn = config.text("payload_on", "ON");
    payloadOff = config.text("payload_off", "OFF");
    onCommandType = config.text("on_command_type", "last");
    if (!List.of("last", "first", "brightness").contains(onCommandType)) {
      throw Config.wrong("on_command_type", onCommandType, "last, first or brightness");
    }
    brightnessTopic = config.topic("brightness_command_topic");
    brightnessTemplate = config.template("brightness_command_template");
    scale = config.number("brightness_scale", 255, 1, 1e6);
    temperatureTopic = config.topic("color_temp_command_topic");
    temperatureTemplate = config.template("color_temp_command_template");
    temperatures = ColorTemperatures.of(config);
    ColorTopic found = null;
    for (String mode : COLOR_MODES) {
      String topic = config.topic(mode + "_command_topic");
      if (topic != null && found == null) {
        found = new ColorTopic(mode, topic, config.template(mode + "_command_template"));
      }
    }
    color = found;
    effectTopic = config.topic("effect_command_topic");
    effectTemplate = config.template("effect_command_template");
    effects = effectTopic == null ? List.of() : config.words("effect_list", List.of());
  }

  static Component of(Config config) throws DiscoveryException {
    DefaultLight light = new DefaultLight(config);
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    List<Capability> capabilities = new ArrayList<>(List.of(new Capability.OnOff()));
    builder.read(
        "state_topic",
        "state_value_template",
        Values.onOff(light.payloadOn, light.payloadOff),
        Attribute.ON);
    if (light.brightnessTopic != null) {
      capabilities.add(new Capability.Brightness());
      builder.read(
          "brightness_state_topic",
          "brightness_value_template",
          (value, payload, before, out) ->
              Values.setPercent(out, Attribute.BRIGHTNESS, value, light.scale),
          Attribute.BRIGHTNESS);
    }
    if (light.temperatureTopic != null) {
      capabilities.add(light.temperatures.capability());
      builder.read(
          "color_temp_state_topic",
          "color_temp_value_template",
          (value, payload, before, out) -> {
            if (Values.isReset(value)) {
              out.unknown(Attribute.COLOR_TEMPERATURE);
            } else {
              out.set(
                  Attribute.COLOR_TEMPERATURE, light.temperatures.fromDevice(Values.number(value)));
            }
          },
          Attribute.COLOR_TEMPERATURE);
    }
    if (light.color != null) {
      String mode = light.color.mode();
      capabilities.add(new Capability.Color());
      builder.read(
          mode + "_state_topic",
          mode + "_value_template",
          (value, payload, before, out) -> {
            if (Values.isReset(value)) {
              out.unknown(Attribute.COLOR);
            } else {
              out.set(Attribute.COLOR, read(value, mode));
            }
          },
          Attribute.COLOR);
    }
    if (!light.effects.isEmpty()) {
      capabilities.add(new Capability.Preset(light.effects));
      builder.read(
          "effect_state_topic",
          "effect_value_template",
          Values.word(Attribute.PRESET),
          Attribute.PRESET);
    }
    return new Component(capabilities, builder.build(light::encode));
  }

  private static Color read(String value, String mode) {
    String[] parts = value.split(",", -1);
    int wanted =
        switch (mode) {
          case "hs", "xy" -> 2;
          case "rgb" -> 3;
          case "rgbw" -> 4;
          default -> 5;
        };
    if (parts.length != wanted) {
      throw new IllegalArgumentException(
          "a color of mode " + mode + " has " + wanted + " numbers, not " + parts.length);
    }
    double[] n = new double[parts.length];
    for (int i = 0; i < n.length; i++) {
      n[i] = Values.number(parts[i]);
    }
    return switch (mode) {
      case "hs" -> new Color(n[0], n[1]);
      case "xy" -> Color.ofXy(n[0], n[1]);
      default -> Color.ofRgb(n[0], n[1], n[2]);
    };
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    Map<Attribute, Object> target = new EnumMap<>(Attribute.class);
    target.put(Attribute.ON, true);
    List<Outgoing> style = new ArrayList<>();
    switch (command) {
      case Command.TurnOff off -> {
        return Values.encoded(Map.of(Attribute.ON, false), new Outgoing(commandTopic, payloadOff));
      }
      case Command.TurnOn on -> {}
      case Command.SetBrightness(int percent) -> style.add(brightness(percent, target));
      case Command.SetColorTemperature(int kelvin) when temperatureTopic != null -> {
        style.add(
            new Outgoing(
                temperatureTopic,
                temperatureTemplate.write(temperatures.toDevice(kelvin), Map.of())));
        target.put(Attribute.COLOR_TEMPERATURE, temperatures.quantised(kelvin));
      }
      case Command.SetColor(Color wanted, String name) when color != null -> {
        style.add(write(wanted, color));
        target.put(Attribute.COLOR, wanted);
      }
      case Command.SetPreset(String effect)
          when effectTopic != null && effects.contains(effect) -> {
        style.add(new Outgoing(effectTopic, effectTemplate.write(effect, Map.of())));
        target.put(Attribute.PRESET, effect);
      }
      default -> throw UnsupportedCommandException.of(command);
    }
    List<Outgoing> messages = new ArrayList<>();
    Outgoing on = new Outgoing(commandTopic, payloadOn);
    switch (onCommandType) {
      case "first" -> {
        messages.add(on);
        messages.addAll(style);
      }
      case "brightness" -> {
        messages.addAll(style);
        if (!(command instanceof Command.SetBrightness)) {
          // This lamp turns on by its brightness alone: the last one, or full.
          messages.add(
              brightness(
                  Math.max(1, state.brightnessPercent().orElse(100)), new EnumMap<>(target)));
        }
      }
      default -> {
        messages.addAll(style);
        messages.add(on);
      }
    }
    return new Encoded(messages, target);
  }

  private Outgoing brightness(int percent, Map<Attribute, Object> target)
      throws UnsupportedCommandException {
    if (brightnessTopic == null) {
      throw new UnsupportedCommandException("The lamp has no topic for its brightness");
    }
    int value = Scales.fromPercent(percent, scale);
    target.put(Attribute.BRIGHTNESS, Scales.toPercent(value, scale));
    return new Outgoing(brightnessTopic, brightnessTemplate.write(value, Map.of()));
  }

  private static Outgoing write(Color wanted, ColorTopic to) {
    Map<String, Object> variables = new LinkedHashMap<>();
    String plain;
    switch (to.mode()) {
      case "hs" -> {
        Object hue = Scales.plain(Scales.round(wanted.hue(), 1));
        Object saturation = Scales.plain(Scales.round(wanted.saturation(), 1));
        variables.put("hue", hue);
        variables.put("sat", saturation);
        plain = hue + "," + saturation;
      }
      case "xy" -> {
        double[] xy = wanted.xy();
        variables.put("x", Scales.round(xy[0], 4));
        variables.put("y", Scales.round(xy[1], 4));
        plain = variables.get("x") + "," + variables.get("y");
      }
      default -> {
        int[] rgb = wanted.rgb();
        variables.put("red", rgb[0]);
        variables.put("green", rgb[1]);
        variables.put("blue", rgb[2]);
        plain = rgb[0] + "," + rgb[1] + "," + rgb[2];
        if (to.mode().equals("rgbw")) {
          variables.put("white", 0);
          plain += ",0";
        } else if (to.mode().equals("rgbww")) {
          variables.put("cold_white", 0);
          variables.put("warm_white", 0);
          plain += ",0,0";
        }
      }
    }
    return new Outgoing(to.topic(), to.template().write(plain, variables));
  }
}
