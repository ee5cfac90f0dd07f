package dev.hearth.devices.command;

import dev.hearth.devices.Action;
import dev.hearth.devices.ArmMode;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Code;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a command fits an entity, before anything is sent. */
public final class Validation {
  private Validation() {}

  /**
   * The command in the form that the entity understands: brightness and speed 0 mean off, and a
   * cover that only opens and closes takes the positions 100 and 0.
   *
   * @param entity whom it is for
   * @param command what to do
   * @return the same command, or one that means the same
   */
  public static Command normalise(Entity entity, Command command) {
    return switch (command) {
      case Command.SetBrightness(int percent)
          when percent == 0 && entity.can(Capability.OnOff.class) ->
          new Command.TurnOff();
      case Command.SetFanSpeed(int percent)
          when percent == 0 && entity.can(Capability.OnOff.class) ->
          new Command.TurnOff();
      case Command.SetPosition(int percent)
          when percent == 100 && !entity.can(Capability.Position.class) ->
          new Command.Open();
      case Command.SetPosition(int percent)
          when percent == 0 && !entity.can(Capability.Position.class) ->
          new Command.Close();
      default -> command;
    };
  }

  /**
   * What is wrong with a command.
   *
   * @param entity whom it is for
   * @param given what to do
   * @return one sentence with the value and the range, or null when nothing is wrong
   */
  public static @Nullable String problem(Entity entity, Command given) {
    return switch (normalise(entity, given)) {
      case Command.TurnOn c -> need(entity, Capability.OnOff.class, "be turned on");
      case Command.TurnOff c -> need(entity, Capability.OnOff.class, "be turned off");
      case Command.SetBrightness(int percent) ->
          first(need(entity, Capability.Brightness.class, "be dimmed"), percent(entity, percent));
      case Command.SetColor c -> need(entity, Capability.Color.class, "change color");
      case Command.SetColorTemperature(int kelvin) ->
          first(
              need(entity, Capability.ColorTemperature.class, "change its color temperature"),
              entity
                  .capability(Capability.ColorTemperature.class)
                  .filter(c -> kelvin < c.minKelvin() || kelvin > c.maxKelvin())
                  .map(c -> outside(entity, kelvin, c.minKelvin(), c.maxKelvin(), "K"))
                  .orElse(null));
      case Command.Open c -> need(entity, Capability.OpenCloseStop.class, "be opened");
      case Command.Close c -> need(entity, Capability.OpenCloseStop.class, "be closed");
      case Command.Stop c ->
          entity.capability(Capability.OpenCloseStop.class).filter(o -> o.stop()).isPresent()
              ? null
              : entity.name() + " cannot be stopped";
      case Command.SetPosition(int percent) ->
          first(
              need(entity, Capability.Position.class, "be moved to a position"),
              percent(entity, percent));
      case Command.SetTemperature(double celsius) ->
          first(
              need(entity, Capability.Setpoint.class, "be set to a temperature"),
              entity
                  .capability(Capability.Setpoint.class)
                  .filter(s -> !(celsius >= s.min() && celsius <= s.max()))
                  .map(s -> outside(entity, celsius, s.min(), s.max(), "°C"))
                  .orElse(null));
      case Command.SetMode(String mode) ->
          first(
              need(entity, Capability.Mode.class, "change its mode"),
              entity
                  .capability(Capability.Mode.class)
                  .map(m -> oneOf(entity, "mode", mode, m.modes()))
                  .orElse(null));
      case Command.SetFanSpeed(int percent) ->
          first(
              need(entity, Capability.FanSpeed.class, "change its speed"),
              percent(entity, percent));
      case Command.SetPreset(String preset) ->
          first(
              need(entity, Capability.Preset.class, "change its preset"),
              entity
                  .capability(Capability.Preset.class)
                  .map(p -> oneOf(entity, "preset", preset, p.presets()))
                  .orElse(null));
      case Command.Lock(Code code) ->
          first(need(entity, Capability.Lock.class, "be locked"), lockCode(entity, code));
      case Command.Unlock(Code code) ->
          first(need(entity, Capability.Lock.class, "be unlocked"), lockCode(entity, code));
      case Command.SetTilt(int percent) ->
          first(need(entity, Capability.Tilt.class, "be tilted"), percent(entity, percent));
      case Command.SetTemperatureRange(double low, double high) ->
          first(
              need(entity, Capability.SetpointRange.class, "be set to a range of temperature"),
              range(entity, low, high));
      case Command.SetHumidity(int percent) ->
          first(
              need(entity, Capability.HumiditySetpoint.class, "be set to a humidity"),
              entity
                  .capability(Capability.HumiditySetpoint.class)
                  .filter(h -> percent < h.min() || percent > h.max())
                  .map(h -> outside(entity, percent, h.min(), h.max(), "%"))
                  .orElse(null));
      case Command.Choose(Attribute attribute, String word) -> choice(entity, attribute, word);
      case Command.SetNumber(double value) ->
          first(
              need(entity, Capability.NumberInput.class, "be set to a number"),
              entity
                  .capability(Capability.NumberInput.class)
                  .filter(n -> !(value >= n.min() && value <= n.max()))
                  .map(n ->
                      outside(
                          entity,
                          value,
                          n.min(),
                          n.max(),
                          Objects.requireNonNullElse(n.unit(), "")))
                  .orElse(null));
      case Command.SetText(String text) ->
          first(
              need(entity, Capability.TextInput.class, "take a text"),
              entity
                  .capability(Capability.TextInput.class)
                  .filter(t -> length(text) < t.min() || length(text) > t.max())
                  .map(t -> outside(entity, length(text), t.min(), t.max(), "characters"))
                  .orElse(null));
      case Command.Perform(Action action) ->
          entity
                  .capability(Capability.Actions.class)
                  .filter(a -> a.actions().contains(action))
                  .isPresent()
              ? null
              : entity.name() + " cannot " + action.word().replace('_', ' ');
      case Command.Arm(ArmMode mode, Code code) -> alarm(entity, mode, code);
      case Command.Disarm(Code code) -> alarm(entity, null, code);
    };
  }

  private static @Nullable String lockCode(Entity entity, @Nullable Code code) {
    return code == null
            && entity.capability(Capability.Lock.class).filter(Capability.Lock::code).isPresent()
        ? wantsCode(entity)
        : null;
  }

  private static @Nullable String alarm(
      Entity entity, @Nullable ArmMode mode, @Nullable Code code) {
    Capability.Alarm alarm = entity.capability(Capability.Alarm.class).orElse(null);
    if (alarm == null) {
      return entity.name() + " cannot be armed and disarmed";
    }
    if (mode != null && !alarm.modes().contains(mode)) {
      return entity.name() + " cannot be armed as " + mode + "; it knows " + alarm.modes();
    }
    boolean wanted = mode == null ? alarm.codeToDisarm() : alarm.codeToArm();
    return wanted && code == null ? wantsCode(entity) : null;
  }

  private static String wantsCode(Entity entity) {
    return entity.name() + " wants a code, which a person must give";
  }

  private static @Nullable String range(Entity entity, double low, double high) {
    Capability.SetpointRange range = entity.capability(Capability.SetpointRange.class).orElse(null);
    if (range == null) {
      return null;
    }
    if (!(low <= high)) {
      return entity.name() + " cannot keep between " + low + " and " + high + " °C";
    }
    double wrong = !(low >= range.min()) ? low : high;
    return low >= range.min() && high <= range.max()
        ? null
        : outside(entity, wrong, range.min(), range.max(), "°C");
  }

  private static @Nullable String choice(Entity entity, Attribute attribute, String word) {
    String what = attribute.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    for (Capability each : entity.capabilities()) {
      if (each instanceof Capability.Choice(Attribute about, List<String> words)
          && about == attribute) {
        return oneOf(entity, what, word, words);
      }
    }
    return entity.name() + " has no " + what;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static @Nullable String first(@Nullable String one, @Nullable String two) {
    return one == null ? two : one;
  }

  private static @Nullable String need(
      Entity entity, Class<? extends Capability> type, String what) {
    return entity.can(type) ? null : entity.name() + " cannot " + what;
  }

  private static @Nullable String percent(Entity entity, int percent) {
    return percent >= 0 && percent <= 100 ? null : outside(entity, percent, 0, 100, "%");
  }

  private static String outside(Entity entity, Number value, Number min, Number max, String unit) {
    return String.format(
        Locale.ROOT, "%s takes %s to %s %s, not %s", entity.name(), min, max, unit, value);
  }

  private static @Nullable String oneOf(
      Entity entity, String what, String value, List<String> known) {
    return known.contains(value)
        ? null
        : entity.name() + " has no " + what + " '" + value + "'; it knows " + known;
  }
}
