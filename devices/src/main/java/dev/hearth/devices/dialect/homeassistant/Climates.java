package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Climate: thermostats and air conditioners, with one setpoint. Pairs of setpoints, fan modes and
 * swing are not supported yet.
 */
final class Climates {
  private static final List<String> DEFAULT_MODES =
      List.of("auto", "off", "cool", "heat", "dry", "fan_only");

  private final boolean fahrenheit;
  private final double step;
  private final List<String> modes;
  private final List<String> presets;
  private final @Nullable String modeTopic;
  private final ValueTemplate modeTemplate;
  private final @Nullable String temperatureTopic;
  private final ValueTemplate temperatureTemplate;
  private final @Nullable String presetTopic;
  private final ValueTemplate presetTemplate;
  private final @Nullable String powerTopic;
  private final ValueTemplate powerTemplate;
  private final String payloadOn;
  private final String payloadOff;

  private Climates(Config config) throws DiscoveryException {
    String unit = config.text("temperature_unit", "C").strip();
    if (!List.of("C", "F", "°C", "°F").contains(unit)) {
      throw Config.wrong("temperature_unit", unit, "C or F");
    }
    fahrenheit = unit.endsWith("F");
    step = config.number("temp_step", 1, 0.01, 50);
    modeTopic = config.topic("mode_command_topic");
    modeTemplate = config.template("mode_command_template");
    modes = modeTopic == null ? List.of() : config.words("modes", DEFAULT_MODES);
    temperatureTopic = config.topic("temperature_command_topic");
    temperatureTemplate = config.template("temperature_command_template");
    presetTopic = config.topic("preset_mode_command_topic");
    presetTemplate = config.template("preset_mode_command_template");
    presets = presetTopic == null ? List.of() : config.words("preset_modes", List.of());
    powerTopic = config.topic("power_command_topic");
    powerTemplate = config.template("power_command_template");
    payloadOn = config.text("payload_on", "ON");
    payloadOff = config.text("payload_off", "OFF");
  }

  static Component of(Config config) throws DiscoveryException {
    Climates climate = new Climates(config);
    List<Capability> capabilities = new ArrayList<>();
    if (climate.powerTopic != null || climate.modes.contains("off")) {
      capabilities.add(new Capability.OnOff());
    }
    if (!climate.modes.isEmpty()) {
      capabilities.add(new Capability.Mode(climate.modes));
    }
    if (climate.temperatureTopic != null) {
      capabilities.add(climate.setpoint(config));
    }
    if (!climate.presets.isEmpty()) {
      capabilities.add(new Capability.Preset(climate.presets));
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "mode_state_topic",
        "mode_state_template",
        Climates::readMode,
        Attribute.MODE,
        Attribute.ON);
    builder.read(
        "temperature_state_topic",
        "temperature_state_template",
        Values.temperature(Attribute.SETPOINT, climate.fahrenheit),
        Attribute.SETPOINT);
    builder.read(
        "current_temperature_topic",
        "current_temperature_template",
        Values.temperature(Attribute.TEMPERATURE, climate.fahrenheit),
        Attribute.TEMPERATURE);
    builder.read(
        "current_humidity_topic",
        "current_humidity_template",
        Values.temperature(Attribute.HUMIDITY, false),
        Attribute.HUMIDITY);
    builder.read(
        "action_topic", "action_template", Values.word(Attribute.ACTION), Attribute.ACTION);
    builder.read(
        "preset_mode_state_topic",
        "preset_mode_value_template",
        Values.word(Attribute.PRESET),
        Attribute.PRESET);
    return new Component(capabilities, builder.build(climate::encode));
  }

  private Capability setpoint(Config config) throws DiscoveryException {
    double min = config.number("min_temp", Values.fromCelsius(7, fahrenheit), -200, 1000);
    double max = config.number("max_temp", Values.fromCelsius(35, fahrenheit), -200, 1000);
    if (min > max) {
      throw Config.wrong("min_temp", min, "at most max_temp (" + max + ")");
    }
    return new Capability.Setpoint(
        Values.round(Values.toCelsius(min, fahrenheit), 1),
        Values.round(Values.toCelsius(max, fahrenheit), 1),
        fahrenheit ? Values.round(step / 1.8, 2) : step);
  }

  private static void readMode(
      String value, Payload payload, State before, StateUpdate.Builder out) {
    if (Values.isReset(value)) {
      out.unknown(Attribute.MODE).unknown(Attribute.ON);
      return;
    }
    String mode = Names.clean(value);
    out.set(Attribute.MODE, mode).set(Attribute.ON, !mode.equals("off"));
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    return switch (command) {
      case Command.SetTemperature(double celsius) when temperatureTopic != null -> {
        double value = Values.fromCelsius(celsius, fahrenheit);
        double sent = fahrenheit ? Math.round(value / step) * step : Values.round(value, 2);
        yield Values.encoded(
            Map.of(Attribute.SETPOINT, Values.toCelsius(sent, fahrenheit)),
            new Outgoing(
                temperatureTopic, temperatureTemplate.write(Values.plain(sent), Map.of())));
      }
      case Command.SetMode(String mode) when modes.contains(mode) -> mode(mode);
      case Command.SetPreset(String preset) when presetTopic != null && presets.contains(preset) ->
          Values.encoded(
              Map.of(Attribute.PRESET, preset),
              new Outgoing(presetTopic, presetTemplate.write(preset, Map.of())));
      case Command.TurnOff off when powerTopic != null ->
          Values.encoded(
              Map.of(Attribute.ON, false),
              new Outgoing(powerTopic, powerTemplate.write(payloadOff, Map.of())));
      case Command.TurnOff off when modes.contains("off") -> mode("off");
      case Command.TurnOn on when powerTopic != null ->
          Values.encoded(
              Map.of(Attribute.ON, true),
              new Outgoing(powerTopic, powerTemplate.write(payloadOn, Map.of())));
      case Command.TurnOn on when modes.contains("off") -> {
        String mode =
            List.of("heat_cool", "auto", "heat", "cool").stream()
                .filter(modes::contains)
                .findFirst()
                .orElseThrow(() -> Values.cannot(command));
        yield mode(mode);
      }
      default -> throw Values.cannot(command);
    };
  }

  private Encoded mode(String mode) throws UnsupportedCommandException {
    if (modeTopic == null) {
      throw new UnsupportedCommandException("The device has no topic for its mode");
    }
    return Values.encoded(
        Map.of(Attribute.MODE, mode), new Outgoing(modeTopic, modeTemplate.write(mode, Map.of())));
  }
}
