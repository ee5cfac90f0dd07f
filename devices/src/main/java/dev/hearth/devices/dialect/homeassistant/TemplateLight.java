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

/** Light with {@code schema: template}: a template writes the command, others read the state. */
final class TemplateLight {
  private static final int SCALE = 255;

  private final String commandTopic;
  private final ValueTemplate on;
  private final ValueTemplate off;
  private final ValueTemplate brightness;
  private final ValueTemplate temperature;
  private final ColorTemperatures temperatures;
  private final ValueTemplate red;
  private final ValueTemplate green;
  private final ValueTemplate blue;
  private final List<String> effects;

  private TemplateLight(Config config) throws DiscoveryException {
    commandTopic = config.requiredTopic("command_topic");
    on = required(config, "command_on_template");
    off = required(config, "command_off_template");
    brightness = config.template("brightness_template");
    temperature = config.template("color_temp_template");
    temperatures = ColorTemperatures.of(config);
    red = config.template("red_template");
    green = config.template("green_template");
    blue = config.template("blue_template");
    effects = config.words("effect_list", List.of());
  }

  private static ValueTemplate required(Config config, String key) throws DiscoveryException {
    ValueTemplate template = config.template(key);
    if (!template.present()) {
      throw new DiscoveryException(key + " is missing; this schema cannot do without it");
    }
    return template;
  }

  static Component of(Config config) throws DiscoveryException {
    TemplateLight light = new TemplateLight(config);
    List<Capability> capabilities = new ArrayList<>(List.of(new Capability.OnOff()));
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    if (config.has("state_template")) {
      builder.read("state_topic", "state_template", Values.onOff("on", "off"), Attribute.ON);
    }
    if (light.brightness.present()) {
      capabilities.add(new Capability.Brightness());
      builder.read(
          "state_topic",
          light.brightness,
          (value, payload, before, out) ->
              Values.setPercent(out, Attribute.BRIGHTNESS, value, SCALE),
          Attribute.BRIGHTNESS);
    }
    if (light.temperature.present()) {
      capabilities.add(light.temperatures.capability());
      builder.read(
          "state_topic",
          light.temperature,
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
    if (light.colored()) {
      capabilities.add(new Capability.Color());
      builder.read("state_topic", light.red, light::readColor, Attribute.COLOR);
    }
    if (!light.effects.isEmpty()) {
      capabilities.add(new Capability.Preset(light.effects));
      if (config.has("effect_template")) {
        builder.read(
            "state_topic", "effect_template", Values.word(Attribute.PRESET), Attribute.PRESET);
      }
    }
    return new Component(capabilities, builder.build(light::encode));
  }

  private boolean colored() {
    return red.present() && green.present() && blue.present();
  }

  private void readColor(
      String redValue, Payload payload, State before, dev.hearth.devices.StateUpdate.Builder out) {
    String greenValue = green.read(payload);
    String blueValue = blue.read(payload);
    if (Values.isReset(redValue) || greenValue.isEmpty() || blueValue.isEmpty()) {
      out.unknown(Attribute.COLOR);
      return;
    }
    out.set(
        Attribute.COLOR, Color.ofRgb(channel(redValue), channel(greenValue), channel(blueValue)));
  }

  private static double channel(String value) {
    return Math.clamp(Values.number(value), 0, 255);
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    Map<String, Object> variables = new LinkedHashMap<>();
    Map<Attribute, Object> target = new EnumMap<>(Attribute.class);
    variables.put("state", "on");
    target.put(Attribute.ON, true);
    switch (command) {
      case Command.TurnOff c -> {
        return Values.encoded(
            Map.of(Attribute.ON, false),
            new Outgoing(commandTopic, off.write("off", Map.of("state", "off"))));
      }
      case Command.TurnOn c -> {}
      case Command.SetBrightness(int percent) when brightness.present() -> {
        int value = Scales.fromPercent(percent, SCALE);
        variables.put("brightness", value);
        target.put(Attribute.BRIGHTNESS, Scales.toPercent(value, SCALE));
      }
      case Command.SetColorTemperature(int kelvin) when temperature.present() -> {
        variables.put("color_temp", temperatures.toDevice(kelvin));
        target.put(Attribute.COLOR_TEMPERATURE, temperatures.quantised(kelvin));
      }
      case Command.SetColor(Color color, String name) when colored() -> {
        int[] rgb = color.rgb();
        variables.put("red", rgb[0]);
        variables.put("green", rgb[1]);
        variables.put("blue", rgb[2]);
        variables.put("hue", Scales.plain(Scales.round(color.hue(), 1)));
        variables.put("sat", Scales.plain(Scales.round(color.saturation(), 1)));
        target.put(Attribute.COLOR, color);
      }
      case Command.SetPreset(String effect) when effects.contains(effect) -> {
        variables.put("effect", effect);
        target.put(Attribute.PRESET, effect);
      }
      default -> throw UnsupportedCommandException.of(command);
    }
    return Values.encoded(target, new Outgoing(commandTopic, on.write("on", variables)));
  }
}
