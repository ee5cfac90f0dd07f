package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A thermostat or an air conditioner. */
final class Climates {
  /** Modes that turning on may choose, the most general first. */
  private static final List<String> ON_MODES = List.of("auto", "heat", "cool");

  /** What the device does, in the words of the home. */
  private static final Map<String, String> ACTIONS =
      Map.of("heat", "heating", "cool", "cooling", "fan_only", "fan");

  private static final Map<String, Attribute> CHOICES =
      Map.of("fan_mode", Attribute.FAN_MODE, "swing_mode", Attribute.SWING_MODE);

  private final @Nullable Expose setpoint;
  private final boolean fahrenheit;
  private final double min;
  private final double max;
  private final double step;
  private final @Nullable Expose mode;
  private final List<String> modes;
  private final @Nullable Expose preset;

  /** Two setpoints that it heats and cools between; both or none. */
  private final @Nullable Expose low;

  private final @Nullable Expose high;

  /** Things with words of their own beside mode and preset. */
  private final Map<Attribute, Expose> choices = new EnumMap<>(Attribute.class);

  private Climates(Expose climate) {
    setpoint =
        Stream.of(
                "occupied_heating_setpoint",
                "current_heating_setpoint",
                "occupied_cooling_setpoint")
            .map(climate::feature)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    fahrenheit = setpoint != null && Values.fahrenheit(setpoint);
    min = limit(setpoint == null ? null : setpoint.min(), fahrenheit ? 41 : 5);
    max = Math.max(min, limit(setpoint == null ? null : setpoint.max(), fahrenheit ? 95 : 35));
    step = limit(setpoint == null ? null : setpoint.step(), 0.5);
    mode = climate.feature("system_mode");
    modes = mode != null && mode.settable() ? Values.shown(mode) : List.of();
    preset = climate.feature("preset");
    Expose cooling = climate.feature("occupied_cooling_setpoint");
    boolean both =
        setpoint != null
            && setpoint.settable()
            && cooling != null
            && cooling.settable()
            && !cooling.name().equals(setpoint.name());
    low = both ? setpoint : null;
    high = both ? cooling : null;
    CHOICES.forEach((name, attribute) -> {
      Expose choice = climate.feature(name);
      if (choice != null && choice.settable() && !Values.shown(choice).isEmpty()) {
        choices.put(attribute, choice);
      }
    });
  }

  private static double limit(@Nullable Double given, double otherwise) {
    return given == null ? otherwise : given;
  }

  static Part of(Expose climate) {
    return new Climates(climate).part(climate);
  }

  private Part part(Expose climate) {
    Part.Builder part = new Part.Builder(Kind.CLIMATE, "climate", climate.endpoint());
    if (modes.contains("off")) {
      part.can(new Capability.OnOff());
    }
    if (!modes.isEmpty()) {
      part.can(new Capability.Mode(modes));
    }
    part.read(mode, Climates::readMode, Attribute.MODE, Attribute.ON);
    if (setpoint != null && setpoint.settable()) {
      part.can(
          new Capability.Setpoint(
              Scales.round(Scales.toCelsius(min, fahrenheit), 1),
              Scales.round(Scales.toCelsius(max, fahrenheit), 1),
              fahrenheit ? Scales.round(step / 1.8, 2) : step));
    }
    part.read(setpoint, Values.temperature(Attribute.SETPOINT, setpoint), Attribute.SETPOINT);
    if (low != null && high != null) {
      double top = Scales.toCelsius(limit(high.max(), max), fahrenheit);
      double bottom = Scales.round(Scales.toCelsius(min, fahrenheit), 1);
      part.can(
          new Capability.SetpointRange(
              bottom,
              Math.max(bottom, Scales.round(top, 1)),
              fahrenheit ? Scales.round(step / 1.8, 2) : step));
      part.read(low, Values.temperature(Attribute.SETPOINT_LOW, low), Attribute.SETPOINT_LOW);
      part.read(high, Values.temperature(Attribute.SETPOINT_HIGH, high), Attribute.SETPOINT_HIGH);
    }
    Expose local = climate.feature("local_temperature");
    part.read(local, Values.temperature(Attribute.TEMPERATURE, local), Attribute.TEMPERATURE);
    part.read(climate.feature("running_state"), Climates::readAction, Attribute.ACTION);
    List<String> presets = Values.shown(preset);
    if (preset != null && preset.settable() && !presets.isEmpty()) {
      part.can(new Capability.Preset(presets));
    }
    part.read(preset, Values.words(Attribute.PRESET), Attribute.PRESET);
    choices.forEach((attribute, choice) -> {
      part.can(new Capability.Choice(attribute, Values.shown(choice)));
      part.read(choice, Values.words(attribute), attribute);
    });
    return part.build(this::write);
  }

  private static void readMode(
      Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    String word = Json.word(value);
    out.set(Attribute.MODE, word).set(Attribute.ON, !word.equals("off"));
  }

  private static void readAction(
      Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    String word = Json.word(value);
    out.set(Attribute.ACTION, ACTIONS.getOrDefault(word, word));
  }

  private Part.Written write(Command command, State before) throws UnsupportedCommandException {
    return switch (command) {
      case Command.SetTemperature(double celsius) when setpoint != null && setpoint.settable() -> {
        double value = onScale(celsius, setpoint);
        yield Values.written(
            setpoint.property(),
            Scales.plain(value),
            Map.of(Attribute.SETPOINT, Scales.toCelsius(value, fahrenheit)));
      }
      case Command.SetTemperatureRange(double from, double to) when low != null && high != null -> {
        double least = onScale(from, low);
        double most = onScale(to, high);
        yield new Part.Written(
            Map.of(low.property(), Scales.plain(least), high.property(), Scales.plain(most)),
            Map.of(
                Attribute.SETPOINT_LOW,
                Scales.toCelsius(least, fahrenheit),
                Attribute.SETPOINT_HIGH,
                Scales.toCelsius(most, fahrenheit)));
      }
      case Command.Choose(Attribute attribute, String word) -> {
        Expose choice = choices.get(attribute);
        if (choice == null || !Values.shown(choice).contains(word)) {
          throw UnsupportedCommandException.of(command);
        }
        yield Values.written(choice.property(), Values.sent(choice, word), Map.of(attribute, word));
      }
      case Command.SetMode(String word) when modes.contains(word) -> mode(word);
      case Command.TurnOff c when modes.contains("off") -> mode("off");
      case Command.TurnOn c when modes.contains("off") ->
          mode(
              ON_MODES.stream()
                  .filter(modes::contains)
                  .findFirst()
                  .orElseThrow(() -> UnsupportedCommandException.of(command)));
      case Command.SetPreset(String word)
          when preset != null && preset.settable() && Values.shown(preset).contains(word) ->
          Values.written(
              preset.property(), Values.sent(preset, word), Map.of(Attribute.PRESET, word));
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  private double onScale(double celsius, Expose scale) {
    double wanted = Scales.fromCelsius(celsius, fahrenheit);
    double least = limit(scale.min(), min);
    return Scales.onScale(wanted, least, Math.max(least, limit(scale.max(), max)), step);
  }

  private Part.Written mode(String word) throws UnsupportedCommandException {
    if (mode == null) {
      throw new UnsupportedCommandException("The device has no mode to set");
    }
    return Values.written(
        mode.property(),
        Values.sent(mode, word),
        Map.of(Attribute.MODE, word, Attribute.ON, !word.equals("off")));
  }
}
