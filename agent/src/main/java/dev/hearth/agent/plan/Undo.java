package dev.hearth.agent.plan;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Home;
import dev.hearth.devices.Risk;
import dev.hearth.devices.State;
import dev.hearth.devices.command.Matching;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan that puts things back as they were. Only what the devices themselves reported as
 * changed is put back. What guards the house is left to an order of its own, what has no way back
 * is told, and what was changed since by anybody else is left alone.
 */
public final class Undo {
  private static final Set<Attribute> CHOICES =
      Set.of(
          Attribute.FAN_MODE,
          Attribute.SWING_MODE,
          Attribute.SWING_HORIZONTAL_MODE,
          Attribute.DIRECTION,
          Attribute.OSCILLATION);

  /** What else a command can put back. */
  private static final Set<Attribute> SETTABLE =
      Set.of(
          Attribute.ON,
          Attribute.BRIGHTNESS,
          Attribute.COLOR,
          Attribute.COLOR_TEMPERATURE,
          Attribute.POSITION,
          Attribute.COVER,
          Attribute.TILT,
          Attribute.SETPOINT,
          Attribute.SETPOINT_LOW,
          Attribute.SETPOINT_HIGH,
          Attribute.HUMIDITY_SETPOINT,
          Attribute.MODE,
          Attribute.FAN_SPEED,
          Attribute.PRESET,
          Attribute.NUMBER,
          Attribute.TEXT);

  /** Where a cover is. */
  private static final Set<Attribute> PLACE = Set.of(Attribute.COVER, Attribute.POSITION);

  private static final Set<String> MOVING = Set.of("opening", "closing");

  private Undo() {}

  /**
   * The plan that undoes changes.
   *
   * @param changes what was done
   * @param home the home as it is now
   * @param names what entities are called in the language of the reply
   */
  public static Plan plan(List<Change> changes, Home home, Function<Entity, String> names) {
    List<Step> steps = new ArrayList<>();
    Map<Problem.NotUndone.Why, List<String>> left = new EnumMap<>(Problem.NotUndone.Why.class);
    for (Change change : changes) {
      Optional<Entity> found = home.entity(change.entity()).filter(Entity::exposed);
      String name = found.map(names).orElse(change.name());
      Optional<Problem.NotUndone.Why> why =
          found.isEmpty() ? Optional.of(Problem.NotUndone.Why.GONE) : obstacle(change, found.get());
      if (why.isPresent()) {
        left.computeIfAbsent(why.get(), w -> new ArrayList<>()).add(name);
      } else {
        back(change, found.orElseThrow())
            .forEach(command -> steps.add(new Step(change.entity(), name, command)));
      }
    }
    List<Problem> problems = new ArrayList<>();
    left.forEach((why, whose) -> problems.add(new Problem.NotUndone(whose, why)));
    return new Plan(steps, List.of(), problems, "");
  }

  private static Optional<Problem.NotUndone.Why> obstacle(Change change, Entity entity) {
    if (entity.safety() || entity.risk() == Risk.GUARDED) {
      return Optional.of(Problem.NotUndone.Why.GUARDS);
    }
    if (change.commands().stream().anyMatch(Undo::oneWay)) {
      return Optional.of(Problem.NotUndone.Why.ONE_WAY);
    }
    if (!change.known()) {
      return Optional.of(Problem.NotUndone.Why.UNCONFIRMED);
    }
    Set<Attribute> changed = changed(change);
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    if (!untouched(change, entity.state(), changed)) {
      return Optional.of(Problem.NotUndone.Why.CHANGED_SINCE);
    }
    return back(change, entity).isEmpty()
        ? Optional.of(Problem.NotUndone.Why.UNKNOWN_BEFORE)
        : Optional.empty();
  }

  private static boolean oneWay(Command command) {
    return switch (command) {
      case Command.Stop c -> true;
      case Command.Perform c -> true;
      case Command.Lock c -> true;
      case Command.Unlock c -> true;
      case Command.Arm c -> true;
      case Command.Disarm c -> true;
      default -> false;
    };
  }

  private static Set<Attribute> changed(Change change) {
    Set<Attribute> changed = EnumSet.noneOf(Attribute.class);
    change
        .after()
        .values()
        .forEach((attribute, after) -> {
          if (settable(attribute) && !after.equals(change.before().get(attribute))) {
            changed.add(attribute);
          }
        });
    return changed;
  }

  /**
   * Whether each of its values is as the plan left it, or as it was before already. Of a device
   * that may not have told all yet, only what the plan changed counts.
   */
  private static boolean untouched(Change change, State now, Set<Attribute> changed) {
    boolean moved = changed.stream().anyMatch(PLACE::contains);
    for (Attribute each : Attribute.values()) {
      Object before = change.before().get(each);
      Object after = change.after().get(each);
      Object found = now.get(each);
      boolean counts =
          changed.contains(each)
              || (change.settled()
                  && settable(each)
                  && after != null
                  && found != null
                  && !(moved && each == Attribute.TILT)); // Slats turn as the cover moves.
      if (counts
          && !(moved && PLACE.contains(each))
          && !same(each, before, found)
          && !same(each, after, found)) {
        return false;
      }
    }
    return !moved || still(change, now);
  }

  private static boolean settable(Attribute attribute) {
    return SETTABLE.contains(attribute) || CHOICES.contains(attribute);
  }

  private static boolean same(Attribute attribute, @Nullable Object one, @Nullable Object other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return Matching.matches(attribute, one, other);
  }

  /** Whether a cover is where it was, or has moved on to where it was sent. */
  private static boolean still(Change change, State now) {
    return placed(change.before(), now) || arrived(change, now);
  }

  private static boolean placed(State then, State now) {
    return PLACE.stream().allMatch(each -> same(each, then.get(each), now.get(each)));
  }

  private static boolean arrived(Change change, State now) {
    if (now.cover().filter(MOVING::contains).isPresent()) {
      return true;
    }
    Integer target = null;
    for (Command command : change.commands()) {
      switch (command) {
        case Command.Open c -> target = 100;
        case Command.Close c -> target = 0;
        case Command.SetPosition(int percent) -> target = percent;
        default -> {} // Its slats, for one.
      }
    }
    if (target == null) {
      return placed(change.after(), now);
    }
    return now.position().isPresent()
        ? Matching.matches(Attribute.POSITION, target, now.position().getAsInt())
        : now.cover().filter(target == 0 ? "closed"::equals : "open"::equals).isPresent();
  }

  /** The commands that put it back; empty when nothing changed or nobody knows how it was. */
  private static List<Command> back(Change change, Entity entity) {
    State before = change.before();
    Set<Attribute> changed = changed(change);
    boolean wasOff = before.on().filter(on -> !on).isPresent();
    List<Command> commands = new ArrayList<>();
    Optional<Command> mode =
        changed.contains(Attribute.MODE)
            ? before.mode().map(Command.SetMode::new)
            : Optional.empty();
    boolean modeLast = before.mode().filter("off"::equals).isPresent();
    if (!modeLast) {
      mode.ifPresent(commands::add);
    }
    if (!wasOff) {
      commands.addAll(shine(entity, before, changed));
    }
    settings(entity, before, changed, commands);
    if (modeLast) {
      mode.ifPresent(commands::add);
    }
    if (changed.contains(Attribute.ON) && wasOff) {
      commands.add(new Command.TurnOff());
    }
    return commands;
  }

  /** How a lamp shone or a fan ran; each of these commands turns it on. */
  private static List<Command> shine(Entity entity, State before, Set<Attribute> changed) {
    List<Command> commands = new ArrayList<>();
    boolean on = changed.contains(Attribute.ON) && before.on().isPresent();
    if (changed.contains(Attribute.COLOR) || changed.contains(Attribute.COLOR_TEMPERATURE)) {
      if (before.colorTemperatureKelvin().isPresent()) {
        commands.add(new Command.SetColorTemperature(before.colorTemperatureKelvin().getAsInt()));
      } else {
        before.color().ifPresent(c -> commands.add(new Command.SetColor(c, null)));
      }
    }
    if ((on || changed.contains(Attribute.BRIGHTNESS))
        && before.brightnessPercent().orElse(0) > 0
        && entity.can(Capability.Brightness.class)) {
      commands.add(new Command.SetBrightness(before.brightnessPercent().getAsInt()));
    }
    if ((on || changed.contains(Attribute.FAN_SPEED))
        && before.fanSpeedPercent().orElse(0) > 0
        && entity.can(Capability.FanSpeed.class)) {
      commands.add(new Command.SetFanSpeed(before.fanSpeedPercent().getAsInt()));
    }
    if (on && commands.isEmpty() && entity.can(Capability.OnOff.class)) {
      commands.add(new Command.TurnOn());
    }
    return commands;
  }

  private static void settings(
      Entity entity, State before, Set<Attribute> changed, List<Command> commands) {
    if (changed.contains(Attribute.SETPOINT) && before.setpoint().isPresent()) {
      commands.add(new Command.SetTemperature(before.setpoint().getAsDouble()));
    }
    if ((changed.contains(Attribute.SETPOINT_LOW) || changed.contains(Attribute.SETPOINT_HIGH))
        && before.get(Attribute.SETPOINT_LOW) instanceof Double low
        && before.get(Attribute.SETPOINT_HIGH) instanceof Double high) {
      commands.add(new Command.SetTemperatureRange(low, high));
    }
    for (Attribute each : changed) {
      Object value = before.get(each);
      if (value == null) {
        continue;
      }
      if (CHOICES.contains(each)) {
        commands.add(new Command.Choose(each, (String) value));
        continue;
      }
      switch (each) {
        case HUMIDITY_SETPOINT ->
            commands.add(new Command.SetHumidity((int) Math.round((Double) value)));
        case TILT -> commands.add(new Command.SetTilt((Integer) value));
        case PRESET -> commands.add(new Command.SetPreset((String) value));
        case NUMBER -> commands.add(new Command.SetNumber((Double) value));
        case TEXT -> commands.add(new Command.SetText((String) value));
        default -> {} // Power, light, speed, mode, temperature and position have their own place.
      }
    }
    if (changed.contains(Attribute.POSITION) || changed.contains(Attribute.COVER)) {
      position(entity, before).ifPresent(commands::add);
    }
  }

  private static Optional<Command> position(Entity entity, State before) {
    if (before.cover().filter(MOVING::contains).isPresent()) {
      return Optional.empty();
    }
    if (before.position().isPresent() && entity.can(Capability.Position.class)) {
      return Optional.of(new Command.SetPosition(before.position().getAsInt()));
    }
    return before
        .cover()
        .map(word -> word.equals("closed") ? new Command.Close() : new Command.Open());
  }
}
