package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.UnsupportedCommandException;
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

  private final @Nullable Expose setpoint;
  private final boolean fahrenheit;
  private final double min;
  private final double max;
  private final double step;
  private final @Nullable Expose mode;
  private final List<String> modes;
  private final @Nullable Expose preset;

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
              Values.round(Values.toCelsius(min, fahrenheit), 1),
              Values.round(Values.toCelsius(max, fahrenheit), 1),
              fahrenheit ? Values.round(step / 1.8, 2) : step));
    }
    part.read(setpoint, Values.temperature(Attribute.SETPOINT, setpoint), Attribute.SETPOINT);
    Expose local = climate.feature("local_temperature");
    part.read(local, Values.temperature(Attribute.TEMPERATURE, local), Attribute.TEMPERATURE);
    part.read(climate.feature("running_state"), Climates::readAction, Attribute.ACTION);
    List<String> presets = Values.shown(preset);
    if (preset != null && preset.settable() && !presets.isEmpty()) {
      part.can(new Capability.Preset(presets));
    }
    part.read(preset, Values.words(Attribute.PRESET), Attribute.PRESET);
    return part.build(this::write);
  }

  private static void readMode(
      Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    String word = Values.word(value);
    out.set(Attribute.MODE, word).set(Attribute.ON, !word.equals("off"));
  }

  private static void readAction(
      Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    String word = Values.word(value);
    out.set(Attribute.ACTION, ACTIONS.getOrDefault(word, word));
  }

  private Part.Written write(Command command, State before) throws UnsupportedCommandException {
    return switch (command) {
      case Command.SetTemperature(double celsius) when setpoint != null && setpoint.settable() -> {
        double wanted = fahrenheit ? celsius * 1.8 + 32 : celsius;
        double value = Values.onScale(wanted, min, max, step);
        yield Values.written(
            setpoint.property(),
            Values.plain(value),
            Map.of(Attribute.SETPOINT, Values.toCelsius(value, fahrenheit)));
      }
      case Command.SetMode(String word) when modes.contains(word) -> mode(word);
      case Command.TurnOff c when modes.contains("off") -> mode("off");
      case Command.TurnOn c when modes.contains("off") ->
          mode(
              ON_MODES.stream()
                  .filter(modes::contains)
                  .findFirst()
                  .orElseThrow(() -> Values.cannot(command)));
      case Command.SetPreset(String word)
          when preset != null && preset.settable() && Values.shown(preset).contains(word) ->
          Values.written(
              preset.property(), Values.sent(preset, word), Map.of(Attribute.PRESET, word));
      default -> throw Values.cannot(command);
    };
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
