package dev.hearth.agent.tool;

import dev.hearth.agent.plan.Problem;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** From a wish to the absolute command of one entity. */
final class Actions {
  private static final Map<String, Color> COLORS =
      Map.of(
          "red", new Color(0, 100),
          "orange", new Color(30, 100),
          "yellow", new Color(55, 100),
          "green", new Color(120, 100),
          "cyan", new Color(180, 100),
          "blue", new Color(240, 100),
          "purple", new Color(275, 100),
          "pink", new Color(340, 60),
          "magenta", new Color(300, 100),
          "white", new Color(0, 0));
  private static final Map<String, Integer> WHITES =
      Map.of("warm", 2_700, "neutral", 4_000, "cool_white", 6_000);
  private static final int WHITE_STEP = 500;
  private static final Map<String, Integer> SPEEDS = Map.of("low", 33, "medium", 66, "high", 100);

  /** Above this, a wished temperature can only be meant in Fahrenheit. */
  private static final double FAHRENHEIT_FROM = 45;

  private Actions() {}

  /** A command, or the reason for none. */
  sealed interface Result {
    record Do(Command command) implements Result {}

    record Cannot(Problem problem) implements Result {}
  }

  static Kinds.Purpose purpose(String deed) {
    return switch (deed) {
      case "on", "off", "toggle" -> Kinds.Purpose.SWITCH;
      case "open", "close", "stop" -> Kinds.Purpose.OPEN;
      default -> Kinds.Purpose.LOCK;
    };
  }

  static Kinds.Purpose settingPurpose(String setting) {
    return switch (setting) {
      case "brightness", "color", "color_temperature" -> Kinds.Purpose.LIGHT;
      case "position" -> Kinds.Purpose.OPEN;
      case "speed" -> Kinds.Purpose.FAN;
      default -> Kinds.Purpose.CLIMATE;
    };
  }

  static Kinds.Purpose questionPurpose(String question) {
    return switch (question) {
      case "on" -> Kinds.Purpose.ASK_ON;
      case "open" -> Kinds.Purpose.ASK_OPEN;
      case "locked" -> Kinds.Purpose.ASK_LOCKED;
      case "brightness", "color" -> Kinds.Purpose.LIGHT;
      case "temperature" -> Kinds.Purpose.ASK_TEMPERATURE;
      case "humidity" -> Kinds.Purpose.ASK_HUMIDITY;
      case "position" -> Kinds.Purpose.OPEN;
      case "mode" -> Kinds.Purpose.CLIMATE;
      case "speed" -> Kinds.Purpose.FAN;
      case "motion" -> Kinds.Purpose.ASK_MOTION;
      case "power" -> Kinds.Purpose.ASK_POWER;
      case "battery" -> Kinds.Purpose.ASK_BATTERY;
      case "illuminance" -> Kinds.Purpose.ASK_ILLUMINANCE;
      default -> Kinds.Purpose.ASK_STATE;
    };
  }

  static Result control(String deed, Entity entity) {
    return switch (deed) {
      case "on" -> turn(entity, true);
      case "off" -> turn(entity, false);
      case "toggle" -> toggle(entity);
      case "open", "close" -> move(entity, deed.equals("open"));
      case "stop" ->
          entity
                  .capability(Capability.OpenCloseStop.class)
                  .filter(Capability.OpenCloseStop::stop)
                  .isPresent()
              ? done(new Command.Stop())
              : unable(entity, "stop");
      case "lock" -> lock(entity, new Command.Lock());
      case "unlock" -> lock(entity, new Command.Unlock());
      default -> throw new IllegalArgumentException("unknown deed '" + deed + "'");
    };
  }

  private static Result lock(Entity entity, Command command) {
    return entity.can(Capability.Lock.class) ? done(command) : unable(entity, "lock");
  }

  private static Result move(Entity entity, boolean open) {
    if (entity.can(Capability.OpenCloseStop.class)) {
      return done(open ? new Command.Open() : new Command.Close());
    }
    if (entity.can(Capability.Position.class)) {
      return done(new Command.SetPosition(open ? 100 : 0));
    }
    if (entity.can(Capability.Lock.class)) {
      return done(open ? new Command.Unlock() : new Command.Lock());
    }
    return unable(entity, "open_close");
  }

  private static Result turn(Entity entity, boolean on) {
    if (entity.can(Capability.OnOff.class)) {
      return done(on ? new Command.TurnOn() : new Command.TurnOff());
    }
    List<String> modes =
        entity.capability(Capability.Mode.class).map(Capability.Mode::modes).orElse(List.of());
    if (!on && modes.contains("off")) {
      return done(new Command.SetMode("off"));
    }
    if (on) {
      Optional<String> running =
          List.of("auto", "heat_cool", "heat", "cool").stream().filter(modes::contains).findFirst();
      String present = entity.state().mode().orElse("off");
      if (!present.equals("off") && modes.contains(present)) {
        return done(new Command.SetMode(present));
      }
      if (running.isPresent()) {
        return done(new Command.SetMode(running.get()));
      }
    }
    return unable(entity, "on_off");
  }

  private static Result toggle(Entity entity) {
    if (!entity.can(Capability.OnOff.class)) {
      return unable(entity, "on_off");
    }
    Optional<Boolean> on = entity.state().on();
    if (on.isEmpty()) {
      return cannot(new Problem.PresentUnknown(entity.name(), "on_off"));
    }
    return done(on.get() ? new Command.TurnOff() : new Command.TurnOn());
  }

  static Result adjust(Intent.Adjust wish, Entity entity) {
    return switch (wish.setting()) {
      case "brightness" -> brightness(wish, entity);
      case "color" -> color(wish, entity);
      case "color_temperature" -> white(wish, entity);
      case "position" -> position(wish, entity);
      case "temperature" -> temperature(wish, entity);
      case "mode" -> mode(wish, entity);
      case "speed" -> speed(wish, entity);
      default -> throw new IllegalArgumentException("unknown setting '" + wish.setting() + "'");
    };
  }

  private static Result brightness(Intent.Adjust wish, Entity entity) {
    if (!entity.can(Capability.Brightness.class)) {
      return unable(entity, "brightness");
    }
    State state = entity.state();
    OptionalInt present =
        state.on().filter(on -> !on).isPresent() ? OptionalInt.of(0) : state.brightnessPercent();
    return percent(wish, entity, "brightness", present, 1, Command.SetBrightness::new);
  }

  private static Result position(Intent.Adjust wish, Entity entity) {
    return entity.can(Capability.Position.class)
        ? percent(wish, entity, "position", entity.state().position(), 0, Command.SetPosition::new)
        : unable(entity, "position");
  }

  private static Result speed(Intent.Adjust wish, Entity entity) {
    if (!entity.can(Capability.FanSpeed.class)) {
      return unable(entity, "speed");
    }
    Integer named = wish.word() == null ? null : SPEEDS.get(wish.word());
    if (named != null) {
      return done(new Command.SetFanSpeed(named));
    }
    State state = entity.state();
    OptionalInt present =
        state.on().filter(on -> !on).isPresent() ? OptionalInt.of(0) : state.fanSpeedPercent();
    return percent(wish, entity, "speed", present, 1, Command.SetFanSpeed::new);
  }

  @FunctionalInterface
  private interface Percent {
    Command of(int percent);
  }

  /** A percentage, absolute or relative; a relative one stays between the lowest value and 100. */
  private static Result percent(
      Intent.Adjust wish,
      Entity entity,
      String what,
      OptionalInt present,
      int lowest,
      Percent command) {
    Double number = wish.number();
    Double difference = wish.difference();
    if (number != null) {
      return number >= 0 && number <= 100
          ? done(command.of((int) Math.round(number)))
          : cannot(new Problem.OutOfRange(entity.name(), plain(number) + " %", "0–100 %"));
    }
    if (difference == null) {
      return cannot(new Problem.Senseless());
    }
    if (present.isEmpty()) {
      return cannot(new Problem.PresentUnknown(entity.name(), what));
    }
    int wished = (int) Math.round(present.getAsInt() + difference);
    return done(command.of(Math.clamp(wished, lowest, 100)));
  }

  private static Result color(Intent.Adjust wish, Entity entity) {
    String word = wish.word();
    Color color = word == null ? null : COLORS.get(word);
    if (color == null || word == null) {
      return cannot(new Problem.Senseless());
    }
    if (entity.can(Capability.Color.class)) {
      return done(new Command.SetColor(color, word));
    }
    return word.equals("white") && entity.can(Capability.ColorTemperature.class)
        ? kelvin(entity, 4_000, false)
        : unable(entity, "color");
  }

  private static Result white(Intent.Adjust wish, Entity entity) {
    if (!entity.can(Capability.ColorTemperature.class)) {
      return unable(entity, "color_temperature");
    }
    Double number = wish.number();
    if (number != null) {
      return kelvin(entity, number, true);
    }
    String word = wish.word();
    Integer named = word == null ? null : WHITES.get(word);
    if (named != null) {
      return kelvin(entity, named, false);
    }
    Double difference = wish.difference();
    double change =
        "warmer".equals(word)
            ? -WHITE_STEP
            : "cooler".equals(word) ? WHITE_STEP : difference == null ? 0 : difference;
    if (change == 0) {
      return cannot(new Problem.Senseless());
    }
    OptionalInt present = entity.state().colorTemperatureKelvin();
    return present.isEmpty()
        ? cannot(new Problem.PresentUnknown(entity.name(), "color_temperature"))
        : kelvin(entity, present.getAsInt() + change, false);
  }

  private static Result kelvin(Entity entity, double wished, boolean strict) {
    Capability.ColorTemperature range =
        entity.capability(Capability.ColorTemperature.class).orElseThrow();
    if (strict && (wished < range.minKelvin() || wished > range.maxKelvin())) {
      return cannot(
          new Problem.OutOfRange(
              entity.name(),
              plain(wished) + " K",
              range.minKelvin() + "–" + range.maxKelvin() + " K"));
    }
    return done(
        new Command.SetColorTemperature(
            Math.clamp(Math.round(wished), range.minKelvin(), range.maxKelvin())));
  }

  private static Result temperature(Intent.Adjust wish, Entity entity) {
    Optional<Capability.Setpoint> setpoint = entity.capability(Capability.Setpoint.class);
    if (setpoint.isEmpty()) {
      return unable(entity, "temperature");
    }
    Capability.Setpoint range = setpoint.get();
    Double number = wish.number();
    Double difference = wish.difference();
    if (number != null) {
      double celsius = number > FAHRENHEIT_FROM ? (number - 32) / 1.8 : number;
      double stepped = Math.round(celsius / range.step()) * range.step();
      return stepped >= range.min() && stepped <= range.max()
          ? done(new Command.SetTemperature(tidy(stepped)))
          : cannot(
              new Problem.OutOfRange(
                  entity.name(),
                  plain(number) + (number > FAHRENHEIT_FROM ? " °F" : " °C"),
                  plain(range.min()) + "–" + plain(range.max()) + " °C"));
    }
    if (difference == null) {
      return cannot(new Problem.Senseless());
    }
    OptionalDouble present = entity.state().setpoint();
    if (present.isEmpty()) {
      return cannot(new Problem.PresentUnknown(entity.name(), "temperature"));
    }
    double wished = Math.clamp(present.getAsDouble() + difference, range.min(), range.max());
    return done(new Command.SetTemperature(tidy(Math.round(wished / range.step()) * range.step())));
  }

  private static Result mode(Intent.Adjust wish, Entity entity) {
    Optional<Capability.Mode> modes = entity.capability(Capability.Mode.class);
    if (modes.isEmpty()) {
      return unable(entity, "mode");
    }
    String word = wish.word();
    if (word == null) {
      return cannot(new Problem.Senseless());
    }
    List<String> known = modes.get().modes();
    String mode = word.equals("auto") && !known.contains("auto") ? "heat_cool" : word;
    return known.contains(mode)
        ? done(new Command.SetMode(mode))
        : cannot(new Problem.OutOfRange(entity.name(), word, String.join(", ", known)));
  }

  private static Result done(Command command) {
    return new Result.Do(command);
  }

  private static Result cannot(Problem problem) {
    return new Result.Cannot(problem);
  }

  private static Result unable(Entity entity, String what) {
    return cannot(new Problem.Unable(entity.name(), what));
  }

  /** Without the noise of binary fractions: 21.5 and not 21.499999999. */
  private static double tidy(double value) {
    return Math.round(value * 100) / 100.0;
  }

  static String plain(@Nullable Double value) {
    return value == null
        ? ""
        : value == Math.rint(value)
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, "%s", value);
  }
}
