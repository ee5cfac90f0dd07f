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
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What heats and cools: thermostats, air conditioners, and boilers, which can do less. */
final class Climates {
  /** Where a word or number is sent. */
  private record Sink(String topic, ValueTemplate template) {
    static @Nullable Sink of(Config config, String name) throws DiscoveryException {
      String topic = config.topic(name + "_command_topic");
      return topic == null ? null : new Sink(topic, config.template(name + "_command_template"));
    }

    Outgoing write(Object value) {
      return new Outgoing(topic, template.write(value, Map.of()));
    }
  }

  /** Something with a list of words beside mode and preset. */
  private record Aspect(Sink sink, List<String> words) {}

  /** What thermostats and boilers have in different ways. */
  private record Sort(List<String> modes, double minCelsius, double maxCelsius, boolean boiler) {}

  private static final Sort THERMOSTAT =
      new Sort(List.of("auto", "off", "cool", "heat", "dry", "fan_only"), 7, 35, false);
  private static final Sort BOILER =
      new Sort(
          List.of("off", "eco", "electric", "gas", "heat_pump", "high_demand", "performance"),
          43.3,
          60,
          true);

  /** Modes that turning on may choose, the most general first. */
  private static final List<String> ON_MODES = List.of("heat_cool", "auto", "heat", "cool");

  private final Sort sort;
  private final boolean fahrenheit;
  private final double step;
  private final @Nullable Sink mode;
  private final List<String> modes;
  private final @Nullable Sink temperature;
  private final @Nullable Sink low;
  private final @Nullable Sink high;
  private final @Nullable Sink preset;
  private final List<String> presets;
  private final @Nullable Sink humidity;
  private final @Nullable Sink power;
  private final String payloadOn;
  private final String payloadOff;
  private final Map<Attribute, Aspect> aspects = new LinkedHashMap<>();

  private Climates(Config config, Sort sort) throws DiscoveryException {
    this.sort = sort;
    String unit = config.text("temperature_unit", "C").strip();
    if (!List.of("C", "F", "°C", "°F").contains(unit)) {
      throw Config.wrong("temperature_unit", unit, "C or F");
    }
    fahrenheit = unit.endsWith("F");
    step = config.number("temp_step", 1, 0.01, 50);
    mode = Sink.of(config, "mode");
    modes = mode == null ? List.of() : config.words("modes", sort.modes);
    temperature = Sink.of(config, "temperature");
    power = Sink.of(config, "power");
    payloadOn = config.text("payload_on", "ON");
    payloadOff = config.text("payload_off", "OFF");
    if (sort.boiler) {
      low = high = preset = humidity = null;
      presets = List.of();
      return;
    }
    low = Sink.of(config, "temperature_low");
    high = Sink.of(config, "temperature_high");
    preset = Sink.of(config, "preset_mode");
    presets = preset == null ? List.of() : config.words("preset_modes", List.of());
    humidity = Sink.of(config, "target_humidity");
    aspect(config, Attribute.FAN_MODE, "fan_mode", List.of("auto", "low", "medium", "high"));
    aspect(config, Attribute.SWING_MODE, "swing_mode", List.of("on", "off"));
    aspect(config, Attribute.SWING_HORIZONTAL_MODE, "swing_horizontal_mode", List.of("on", "off"));
  }

  private void aspect(Config config, Attribute attribute, String name, List<String> otherwise)
      throws DiscoveryException {
    Sink sink = Sink.of(config, name);
    List<String> words = sink == null ? List.of() : config.words(name + "s", otherwise);
    if (sink != null && !words.isEmpty()) {
      aspects.put(attribute, new Aspect(sink, words));
    }
  }

  static Component thermostat(Config config) throws DiscoveryException {
    return new Climates(config, THERMOSTAT).component(config);
  }

  static Component boiler(Config config) throws DiscoveryException {
    return new Climates(config, BOILER).component(config);
  }

  private Component component(Config config) throws DiscoveryException {
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "mode_state_topic",
        "mode_state_template",
        Climates::readMode,
        Attribute.MODE,
        Attribute.ON);
    readTemperature(builder, "temperature_state", Attribute.SETPOINT);
    readTemperature(builder, "current_temperature", Attribute.TEMPERATURE);
    if (!sort.boiler) {
      readTemperature(builder, "temperature_low_state", Attribute.SETPOINT_LOW);
      readTemperature(builder, "temperature_high_state", Attribute.SETPOINT_HIGH);
      builder.read(
          "current_humidity_topic",
          "current_humidity_template",
          Values.temperature(Attribute.HUMIDITY, false),
          Attribute.HUMIDITY);
      builder.read(
          "target_humidity_state_topic",
          "target_humidity_state_template",
          Values.temperature(Attribute.HUMIDITY_SETPOINT, false),
          Attribute.HUMIDITY_SETPOINT);
      builder.read(
          "action_topic", "action_template", Values.word(Attribute.ACTION), Attribute.ACTION);
      builder.read(
          "preset_mode_state_topic",
          "preset_mode_value_template",
          Values.word(Attribute.PRESET),
          Attribute.PRESET);
      for (Attribute each : aspects.keySet()) {
        String name = each.name().toLowerCase(java.util.Locale.ROOT);
        builder.read(name + "_state_topic", name + "_state_template", Values.word(each), each);
      }
    }
    return new Component(capabilities(config), builder.build(this::encode));
  }

  private void readTemperature(HomeAssistantCodec.Builder builder, String name, Attribute attribute)
      throws DiscoveryException {
    builder.read(
        name + "_topic", name + "_template", Values.temperature(attribute, fahrenheit), attribute);
  }

  private List<Capability> capabilities(Config config) throws DiscoveryException {
    List<Capability> capabilities = new ArrayList<>();
    if (power != null || (!sort.boiler && modes.contains("off"))) {
      capabilities.add(new Capability.OnOff());
    }
    if (!modes.isEmpty()) {
      capabilities.add(new Capability.Mode(modes));
    }
    double least =
        config.number("min_temp", Scales.fromCelsius(sort.minCelsius, fahrenheit), -200, 1000);
    double most =
        config.number("max_temp", Scales.fromCelsius(sort.maxCelsius, fahrenheit), -200, 1000);
    if (least > most) {
      throw Config.wrong("min_temp", least, "at most max_temp (" + most + ")");
    }
    double min = Scales.round(Scales.toCelsius(least, fahrenheit), 1);
    double max = Scales.round(Scales.toCelsius(most, fahrenheit), 1);
    double celsiusStep = fahrenheit ? Scales.round(step / 1.8, 2) : step;
    if (temperature != null) {
      capabilities.add(new Capability.Setpoint(min, max, celsiusStep));
    }
    if (low != null && high != null) {
      capabilities.add(new Capability.SetpointRange(min, max, celsiusStep));
    }
    if (!presets.isEmpty()) {
      capabilities.add(new Capability.Preset(presets));
    }
    if (humidity != null) {
      capabilities.add(Humidifiers.humidity(config, 30, 99));
    }
    aspects.forEach(
        (attribute, aspect) -> capabilities.add(new Capability.Choice(attribute, aspect.words)));
    return capabilities;
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
      case Command.SetTemperature(double celsius) when temperature != null -> {
        double value = onScale(celsius);
        yield Values.encoded(
            Map.of(Attribute.SETPOINT, Scales.toCelsius(value, fahrenheit)),
            temperature.write(Scales.plain(value)));
      }
      case Command.SetTemperatureRange(double from, double to) when low != null && high != null -> {
        double lowest = onScale(from);
        double highest = onScale(to);
        yield Values.encoded(
            Map.of(
                Attribute.SETPOINT_LOW,
                Scales.toCelsius(lowest, fahrenheit),
                Attribute.SETPOINT_HIGH,
                Scales.toCelsius(highest, fahrenheit)),
            low.write(Scales.plain(lowest)),
            high.write(Scales.plain(highest)));
      }
      case Command.SetHumidity(int percent) when humidity != null ->
          Values.encoded(
              Map.of(Attribute.HUMIDITY_SETPOINT, (double) percent), humidity.write(percent));
      case Command.SetMode(String word) when modes.contains(word) -> mode(word);
      case Command.SetPreset(String word) when preset != null && presets.contains(word) ->
          Values.encoded(Map.of(Attribute.PRESET, word), preset.write(word));
      case Command.Choose(Attribute attribute, String word) -> {
        Aspect aspect = aspects.get(attribute);
        if (aspect == null || !aspect.words.contains(word)) {
          throw UnsupportedCommandException.of(command);
        }
        yield Values.encoded(Map.of(attribute, word), aspect.sink.write(word));
      }
      case Command.TurnOff off when power != null ->
          Values.encoded(Map.of(Attribute.ON, false), power.write(payloadOff));
      case Command.TurnOn on when power != null ->
          Values.encoded(Map.of(Attribute.ON, true), power.write(payloadOn));
      case Command.TurnOff off when !sort.boiler && modes.contains("off") -> mode("off");
      case Command.TurnOn on when !sort.boiler && modes.contains("off") ->
          mode(
              ON_MODES.stream()
                  .filter(modes::contains)
                  .findFirst()
                  .orElseThrow(() -> UnsupportedCommandException.of(command)));
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  /** A temperature in the device's unit, as exactly as it can say it. */
  private double onScale(double celsius) {
    double value = Scales.fromCelsius(celsius, fahrenheit);
    return fahrenheit ? Math.round(value / step) * step : Scales.round(value, 2);
  }

  private Encoded mode(String word) throws UnsupportedCommandException {
    if (mode == null) {
      throw new UnsupportedCommandException("The device has no topic for its mode");
    }
    return Values.encoded(Map.of(Attribute.MODE, word), mode.write(word));
  }
}
