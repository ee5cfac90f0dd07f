package dev.hearth.agent.conversation;

import dev.hearth.agent.plan.Commands;
import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Problem;
import dev.hearth.agent.plan.Step;
import dev.hearth.agent.plan.StepOutcome;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.State;
import dev.hearth.devices.command.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** English. */
final class EnglishReplies implements Replies {
  /** How many names a sentence lists. */
  static final int LISTED = 6;

  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("light", "light"),
          Map.entry("switch", "switch"),
          Map.entry("outlet", "outlet"),
          Map.entry("cover", "cover"),
          Map.entry("blind", "blind"),
          Map.entry("curtain", "curtain"),
          Map.entry("shutter", "shutter"),
          Map.entry("garage_door", "garage door"),
          Map.entry("climate", "thermostat"),
          Map.entry("fan", "fan"),
          Map.entry("lock", "lock"),
          Map.entry("door", "door"),
          Map.entry("window", "window"),
          Map.entry("motion", "motion sensor"),
          Map.entry("sensor", "sensor"),
          Map.entry("everything", "device"),
          Map.entry("", "device"));

  @Override
  public String name(Entity entity) {
    return Names.in("en", entity);
  }

  @Override
  public String join(List<String> sentences) {
    return String.join(" ", sentences);
  }

  @Override
  public String outcome(StepOutcome done) {
    String name = done.step().name();
    Outcome outcome = done.outcome();
    return switch (outcome.evidence()) {
      case ALREADY -> name + " " + result(done.step().command(), true) + ".";
      case READ_BACK, STATE_CONFIRMED -> name + " " + result(done.step().command(), false) + ".";
      case STARTED -> name + " " + moving(done.step().command()) + ".";
      case ACCEPTED -> name + " accepted it; its state does not confirm it yet.";
      case BROKER_ACKNOWLEDGED, PUBLISHED -> "Sent to " + name + "; it does not report back.";
      case QUEUED ->
          name + " sleeps to save its battery and has not answered; it may act when it wakes.";
      case NOT_CONNECTED ->
          outcome.published()
              ? "The connection to the devices broke; I do not know whether " + name + " acted."
              : "I have no connection to the devices; nothing was sent to " + name + ".";
      case OFFLINE ->
          outcome.published()
              ? name + " went offline before it answered."
              : name + " is offline; I did not send it.";
      case REJECTED -> name + " refused.";
      case DIFFERENT_VALUE ->
          "I asked "
              + name
              + " to "
              + wish(done.step().command())
              + ", but it reports "
              + reported(done.step().command(), outcome.state())
              + ".";
      case TIMED_OUT -> "I sent it, but " + name + " has not answered.";
      case SUPERSEDED -> name + " got a newer command meanwhile.";
      case UNSUPPORTED -> name + " cannot do that.";
      case FAILED -> "That failed for " + name + ": " + outcome.detail();
    };
  }

  @Override
  public String confirmed(Command command, int count) {
    return count + " devices " + result(command, false).replaceFirst("^is ", "are ") + ".";
  }

  private static String result(Command command, boolean already) {
    String is = already ? "is already " : "is ";
    return switch (command) {
      case Command.TurnOn c -> is + "on";
      case Command.TurnOff c -> is + "off";
      case Command.SetBrightness c ->
          c.percent() == 0 ? is + "off" : is + "at " + c.percent() + " %";
      case Command.SetColor c -> c.name() == null ? is + "in that color" : is + c.name();
      case Command.SetColorTemperature c -> is + "at " + c.kelvin() + " K";
      case Command.Open c -> is + "open";
      case Command.Close c -> is + "closed";
      case Command.Stop c -> already ? "is not moving" : "has stopped";
      case Command.SetPosition c -> is + "at " + c.percent() + " %";
      case Command.SetTemperature c -> is + "set to " + number(c.celsius()) + " °C";
      case Command.SetMode c ->
          c.mode().equals("off") ? is + "off" : is + "in " + mode(c.mode()) + " mode";
      case Command.SetFanSpeed c -> c.percent() == 0 ? is + "off" : is + "at " + c.percent() + " %";
      case Command.SetPreset c -> is + "in " + c.preset() + " mode";
      case Command.Lock c -> is + "locked";
      case Command.Unlock c -> is + "unlocked";
      default -> is + "as asked";
    };
  }

  private static String moving(Command command) {
    return switch (command) {
      case Command.Open c -> "is opening";
      case Command.Close c -> "is closing";
      case Command.SetPosition c -> "is moving to " + c.percent() + " %";
      case Command.Lock c -> "is locking";
      case Command.Unlock c -> "is unlocking";
      default -> "has started";
    };
  }

  private static String wish(Command command) {
    return switch (command) {
      case Command.TurnOn c -> "turn on";
      case Command.TurnOff c -> "turn off";
      case Command.SetBrightness c -> "go to " + c.percent() + " %";
      case Command.SetColor c -> "turn " + (c.name() == null ? "to that color" : c.name());
      case Command.SetColorTemperature c -> "go to " + c.kelvin() + " K";
      case Command.Open c -> "open";
      case Command.Close c -> "close";
      case Command.Stop c -> "stop";
      case Command.SetPosition c -> "move to " + c.percent() + " %";
      case Command.SetTemperature c -> "go to " + number(c.celsius()) + " °C";
      case Command.SetMode c -> "go to " + mode(c.mode()) + " mode";
      case Command.SetFanSpeed c -> "run at " + c.percent() + " %";
      case Command.SetPreset c -> "go to " + c.preset() + " mode";
      case Command.Lock c -> "lock";
      case Command.Unlock c -> "unlock";
      default -> Commands.name(command).replace('_', ' ');
    };
  }

  /** The part of the state that the command was about. */
  private static String reported(Command command, State state) {
    return switch (command) {
      case Command.SetBrightness c -> percent(state.brightnessPercent(), onOff(state));
      case Command.SetColorTemperature c ->
          state.colorTemperatureKelvin().isPresent()
              ? state.colorTemperatureKelvin().getAsInt() + " K"
              : onOff(state);
      case Command.SetPosition c -> percent(state.position(), state.cover().orElse("nothing"));
      case Command.SetTemperature c ->
          state.setpoint().isPresent() ? number(state.setpoint().getAsDouble()) + " °C" : "nothing";
      case Command.SetMode c -> state.mode().map(EnglishReplies::mode).orElse("nothing");
      case Command.SetFanSpeed c -> percent(state.fanSpeedPercent(), onOff(state));
      case Command.SetPreset c -> state.preset().orElse("nothing");
      case Command.SetColor c -> state.color().isPresent() ? "another color" : onOff(state);
      case Command.Open c -> state.cover().orElse("nothing");
      case Command.Close c -> state.cover().orElse("nothing");
      case Command.Stop c -> state.cover().orElse("nothing");
      case Command.Lock c -> state.lock().orElse("nothing");
      case Command.Unlock c -> state.lock().orElse("nothing");
      case Command.TurnOn c -> onOff(state);
      case Command.TurnOff c -> onOff(state);
      default -> "something else";
    };
  }

  private static String onOff(State state) {
    return state.on().map(on -> on ? "on" : "off").orElse("nothing");
  }

  private static String percent(OptionalInt value, String otherwise) {
    return value.isPresent() ? value.getAsInt() + " %" : otherwise;
  }

  static String number(double value) {
    return value == Math.rint(value)
        ? String.valueOf(Math.round(value))
        : String.valueOf(Math.round(value * 10) / 10.0);
  }

  private static String mode(String mode) {
    return mode.replace('_', ' ');
  }

  @Override
  public String problem(Problem problem) {
    return switch (problem) {
      case Problem.NotFound p ->
          "I do not know \""
              + p.words()
              + "\" in this home."
              + (p.similar().isEmpty() ? "" : " Did you mean " + list(p.similar(), "or") + "?");
      case Problem.NothingThere p ->
          "There is no "
              + kind(p.kind())
              + (p.place().isEmpty()
                  ? " in this home that can do that."
                  : " for that in " + p.place() + ".");
      case Problem.Ambiguous p -> "Which one do you mean: " + list(p.names(), "or") + "?";
      case Problem.NotReleased p ->
          list(p.names(), "and")
              + (p.names().size() == 1 ? " is" : " are")
              + " known, but not released to Hearth, so I do nothing with "
              + (p.names().size() == 1 ? "it" : "them")
              + ". An administrator can allow this in the console under Set-up.";
      case Problem.WhereIsHere p -> "I do not know where you are; please name the room.";
      case Problem.Unable p -> p.name() + " cannot " + ability(p.what()) + ".";
      case Problem.OutOfRange p ->
          p.name() + " cannot go to " + mode(p.value()) + "; it can do " + mode(p.range()) + ".";
      case Problem.PresentUnknown p ->
          "I do not know how " + p.name() + " is set now; please give me a value.";
      case Problem.Senseless p -> "I did not understand which value to set.";
      case Problem.NotUndone p -> left(p);
    };
  }

  private static String left(Problem.NotUndone problem) {
    List<String> names = problem.names();
    boolean one = names.size() == 1;
    String who = names.size() > LISTED ? names.size() + " devices" : list(names, "and");
    return switch (problem.why()) {
      case GUARDS -> "I do not undo what was done with " + who + "; please say what to do there.";
      case ONE_WAY -> "What was done with " + who + " cannot be undone.";
      case UNCONFIRMED ->
          "I do not know what became of the command to "
              + who
              + ", so I leave "
              + (one ? "it" : "them")
              + " alone.";
      case CHANGED_SINCE ->
          who + (one ? " was" : " were") + " changed since; I leave " + (one ? "it." : "them.");
      case UNKNOWN_BEFORE ->
          "I do not know how " + who + (one ? " was" : " were") + " before; please give a value.";
      case GONE -> "I can no longer control " + who + ".";
    };
  }

  private static String ability(String what) {
    return switch (what) {
      case "on_off" -> "be turned on or off";
      case "brightness" -> "be dimmed";
      case "color" -> "change color";
      case "color_temperature" -> "change its white tone";
      case "open_close" -> "be opened or closed";
      case "stop" -> "be stopped";
      case "position" -> "move to a position";
      case "temperature" -> "set a temperature";
      case "mode" -> "change its mode";
      case "speed" -> "change its speed";
      case "lock" -> "be locked";
      default -> "do that";
    };
  }

  @Override
  public String nextDoor(Plan.NextDoor moved) {
    return "There is no "
        + kind(moved.kind())
        + " for that in "
        + moved.here().name()
        + ", so I took "
        + moved.there().name()
        + " next to it.";
  }

  @Override
  public String confirm(List<Step> steps) {
    List<String> wishes = new ArrayList<>();
    for (Step step : steps) {
      String wish = wish(step.command());
      wishes.add(wish + " " + step.name());
    }
    String all = list(wishes, "and");
    return "Shall I " + all + "? Please confirm.";
  }

  @Override
  public String cancelled() {
    return "All right, I leave everything as it is.";
  }

  @Override
  public String nothingToUndo() {
    return "There is nothing that I could undo.";
  }

  @Override
  public String declined(String reason) {
    return switch (reason) {
      case "small_talk" -> "I am here. Tell me what to do in the home.";
      case "help" ->
          "I control lights, switches, blinds, heating, fans and locks, and tell their states. Say"
              + " for example \"turn off the kitchen lights\" or \"is the front door locked?\"";
      case "unsupported" -> "I cannot do that; I only control this home.";
      default -> "I did not understand. What shall I do, and with which device or room?";
    };
  }

  @Override
  public String tookTooLong() {
    return "That took me too long, so I did nothing. Please try again, or ask for less at once.";
  }

  @Override
  public String which(String what, String kind, List<String> yes, int asked, List<String> unknown) {
    String state = what.equals("locked") ? "locked" : what.equals("open") ? "open" : "on";
    String one = kind(kind);
    String many = one.endsWith("switch") ? one + "es" : one + "s";
    String answer;
    if (what.equals("motion")) {
      answer =
          yes.isEmpty()
              ? "No motion is reported."
              : "Motion is reported by " + list(yes, "and") + ".";
    } else if (yes.isEmpty()) {
      answer =
          asked == 1 ? "The " + one + " is not " + state + "." : "No " + one + " is " + state + ".";
    } else if (yes.size() == asked && asked > 2) {
      answer = "All " + asked + " " + many + " are " + state + ".";
    } else {
      answer =
          yes.size() == 1
              ? yes.getFirst() + " is " + state + "."
              : yes.size()
                  + " of "
                  + asked
                  + " "
                  + many
                  + " are "
                  + state
                  + ": "
                  + list(yes, "and")
                  + ".";
    }
    return unknown.isEmpty()
        ? answer
        : answer + " I have no report from " + list(unknown, "and") + ".";
  }

  @Override
  public String tells(String what, Entity entity) {
    State state = entity.state();
    String name = entity.name();
    if (entity.availability() == Availability.OFFLINE) {
      return name + " is offline.";
    }
    String told =
        switch (what) {
          case "on" ->
              state
                  .on()
                  .map(on -> on ? "is on" : "is off")
                  .or(() -> state.mode().map(m -> m.equals("off") ? "is off" : "is on"))
                  .orElse("");
          case "open" -> open(state);
          case "locked" -> state.lock().map(l -> "is " + l).orElse("");
          case "brightness" ->
              state.on().filter(on -> !on).isPresent()
                  ? "is off"
                  : state.brightnessPercent().isPresent()
                      ? "is at " + state.brightnessPercent().getAsInt() + " %"
                      : "";
          case "temperature" -> temperature(state);
          case "humidity" ->
              measured(state.humidity().isPresent() ? state.humidity() : state.number(), "%");
          case "position" ->
              state.position().isPresent()
                  ? "is " + state.position().getAsInt() + " % open"
                  : open(state);
          case "mode" ->
              state
                  .mode()
                  .map(m ->
                      "is in " + mode(m) + " mode" + state.action().map(a -> ", " + a).orElse(""))
                  .orElse("");
          case "speed" ->
              state.on().filter(on -> !on).isPresent()
                  ? "is off"
                  : state.fanSpeedPercent().isPresent()
                      ? "runs at " + state.fanSpeedPercent().getAsInt() + " %"
                      : "";
          case "motion" ->
              state.on().map(on -> on ? "reports motion" : "reports no motion").orElse("");
          case "power", "battery", "illuminance" -> measured(state.number(), unit(entity));
          case "color" ->
              state
                  .color()
                  .map(c ->
                      "has hue "
                          + Math.round(c.hue())
                          + "° and saturation "
                          + Math.round(c.saturation())
                          + " %")
                  .orElse("");
          default -> everything(entity);
        };
    return told.isEmpty() ? "I have no report of that from " + name + "." : name + " " + told + ".";
  }

  private static String open(State state) {
    return state
        .cover()
        .map(c -> "is " + c)
        .or(() -> state.on().map(on -> on ? "is open" : "is closed"))
        .orElse("");
  }

  private static String temperature(State state) {
    OptionalDouble measured =
        state.temperature().isPresent() ? state.temperature() : state.number();
    List<String> parts = new ArrayList<>();
    if (measured.isPresent()) {
      parts.add("measures " + number(measured.getAsDouble()) + " °C");
    }
    if (state.setpoint().isPresent()) {
      parts.add("is set to " + number(state.setpoint().getAsDouble()) + " °C");
    }
    return String.join(" and ", parts);
  }

  private static String measured(OptionalDouble value, String unit) {
    return value.isPresent() ? "measures " + number(value.getAsDouble()) + " " + unit : "";
  }

  private static String unit(Entity entity) {
    return entity
        .capability(Capability.Measurement.class)
        .map(m -> m.unit() == null ? "" : m.unit())
        .orElse("");
  }

  private String everything(Entity entity) {
    State state = entity.state();
    return switch (entity.kind()) {
      case LIGHT, SWITCH ->
          state
              .on()
              .map(on ->
                  on
                      ? "is on"
                          + (state.brightnessPercent().isPresent()
                              ? " at " + state.brightnessPercent().getAsInt() + " %"
                              : "")
                      : "is off")
              .orElse("");
      case FAN ->
          state
              .on()
              .map(on ->
                  on
                      ? "is on"
                          + (state.fanSpeedPercent().isPresent()
                              ? " at " + state.fanSpeedPercent().getAsInt() + " %"
                              : "")
                      : "is off")
              .orElse("");
      case SIREN, HUMIDIFIER -> state.on().map(on -> on ? "is on" : "is off").orElse("");
      case VALVE -> open(state);
      case VACUUM, LAWN_MOWER -> state.word(Attribute.ACTIVITY).map(a -> "is " + a).orElse("");
      case ALARM_CONTROL_PANEL -> state.word(Attribute.ALARM).map(a -> "is " + mode(a)).orElse("");
      case SELECT -> state.mode().map(m -> "is set to " + m).orElse("");
      case EVENT -> state.word(Attribute.EVENT).map(e -> "last told " + e).orElse("");
      case UPDATE -> state.on().map(on -> on ? "has new firmware" : "is up to date").orElse("");
      case BUTTON, SCENE -> "";
      case COVER ->
          open(state)
              + (state.position().isPresent() && !open(state).isEmpty()
                  ? " (" + state.position().getAsInt() + " %)"
                  : "");
      case CLIMATE, WATER_HEATER ->
          temperature(state)
              + state
                  .mode()
                  .map(m -> (temperature(state).isEmpty() ? "is in " : ", in ") + mode(m) + " mode")
                  .orElse("");
      case LOCK -> state.lock().map(l -> "is " + l).orElse("");
      case NUMBER ->
          state.number().isPresent() ? "is set to " + number(state.number().getAsDouble()) : "";
      case SENSOR, TEXT ->
          state.number().isPresent()
              ? measured(state.number(), unit(entity))
              : state.text().map(t -> "says " + t).orElse("");
      case BINARY_SENSOR ->
          state.on().map(on -> "reports " + binary(entity.deviceClass(), on)).orElse("");
    };
  }

  private static String binary(@org.jspecify.annotations.Nullable String deviceClass, boolean on) {
    return switch (deviceClass == null ? "" : deviceClass) {
      case "door", "window", "garage_door", "opening" -> on ? "open" : "closed";
      case "motion", "occupancy", "presence" -> on ? "motion" : "no motion";
      case "moisture" -> on ? "water" : "no water";
      case "smoke" -> on ? "smoke" : "no smoke";
      case "gas" -> on ? "gas" : "no gas";
      default -> on ? "on" : "off";
    };
  }

  @Override
  public String more(int count) {
    return "And " + count + " more.";
  }

  private static String kind(String kind) {
    return KINDS.getOrDefault(kind, "device");
  }

  private static String list(List<String> names, String and) {
    return names.size() < 2
        ? String.join("", names)
        : String.join(", ", names.subList(0, names.size() - 1)) + " " + and + " " + names.getLast();
  }
}
