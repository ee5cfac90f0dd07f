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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A fan, whose speeds are numbers or words. */
final class Fans {
  private static final List<String> SPEEDS = List.of("low", "medium", "high");

  private final @Nullable Expose state;
  private final @Nullable Expose mode;
  private final @Nullable Expose speed;
  private final double slowest;
  private final double fastest;

  /** Modes that are speeds, slowest first. */
  private final List<String> speeds;

  /** Modes that are neither speeds nor on and off. */
  private final List<String> presets;

  private Fans(Expose fan) {
    state = fan.feature("state");
    mode = fan.feature("mode");
    speed = fan.feature("speed");
    Double least = speed == null ? null : speed.min();
    Double most = speed == null ? null : speed.max();
    slowest = least == null ? 1 : Math.max(1, least);
    fastest = most == null ? 100 : Math.max(slowest, most);
    List<String> words = Values.shown(mode);
    List<String> numbers = words.stream().filter(each -> each.matches("[1-9]\\d?")).toList();
    speeds = numbers.isEmpty() ? SPEEDS.stream().filter(words::contains).toList() : numbers;
    List<String> others = new ArrayList<>(words);
    others.removeAll(speeds);
    others.removeAll(List.of("on", "off"));
    presets = others;
  }

  static Part of(Expose fan) {
    return new Fans(fan).part(fan);
  }

  private boolean switched() {
    return state != null || Values.shown(mode).contains("off");
  }

  private Part part(Expose fan) {
    Part.Builder part = new Part.Builder(Kind.FAN, "fan", fan.endpoint());
    if (switched()) {
      part.can(new Capability.OnOff());
    }
    if (speed != null) {
      part.can(new Capability.FanSpeed((int) Math.min(100, fastest - slowest + 1)));
    } else if (!speeds.isEmpty()) {
      part.can(new Capability.FanSpeed(speeds.size()));
    }
    if (!presets.isEmpty()) {
      part.can(new Capability.Preset(presets));
    }
    if (mode != null) {
      // Without a state, the mode says whether it is on.
      Attribute[] told =
          state == null
              ? new Attribute[] {Attribute.ON, Attribute.FAN_SPEED, Attribute.PRESET}
              : new Attribute[] {Attribute.FAN_SPEED, Attribute.PRESET};
      part.read(mode, this::readMode, told);
    }
    if (speed != null) {
      part.read(speed, this::readSpeed, Attribute.FAN_SPEED);
    }
    if (state != null) {
      part.read(state, Values.onOff(state), Attribute.ON);
    }
    return part.build(this::write);
  }

  private void readMode(Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    String word = Json.word(value);
    if (state == null) {
      out.set(Attribute.ON, !word.equals("off"));
    }
    int step = speeds.indexOf(word) + 1;
    if (speed == null) {
      if (step > 0) {
        out.set(Attribute.FAN_SPEED, Math.toIntExact(Math.round(100.0 * step / speeds.size())));
      } else {
        out.unknown(Attribute.FAN_SPEED);
      }
    }
    if (presets.contains(word)) {
      out.set(Attribute.PRESET, word);
    } else {
      out.unknown(Attribute.PRESET);
    }
  }

  private void readSpeed(Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    double number = Json.number(value);
    out.set(Attribute.FAN_SPEED, number < slowest ? 0 : Scales.toPercent(share(number), 1));
  }

  /** What part of its steps a speed makes: with speeds from 1 to 5, 1 is a fifth. */
  private double share(double number) {
    return (Math.min(number, fastest) - slowest + 1) / (fastest - slowest + 1);
  }

  private Part.Written write(Command command, State before) throws UnsupportedCommandException {
    return switch (command) {
      case Command.TurnOn c when switched() -> power(true);
      case Command.TurnOff c when switched() -> power(false);
      case Command.SetFanSpeed(int percent) when speed != null -> {
        double number =
            slowest - 1 + Math.max(1, Math.rint(percent * (fastest - slowest + 1) / 100));
        yield Values.written(
            speed.property(),
            Scales.plain(number),
            Map.of(Attribute.FAN_SPEED, Scales.toPercent(share(number), 1)));
      }
      case Command.SetFanSpeed(int percent) when mode != null && !speeds.isEmpty() -> {
        int step = (int) Math.max(1, Math.round(percent * speeds.size() / 100.0));
        int target = Math.toIntExact(Math.round(100.0 * step / speeds.size()));
        yield Values.written(
            mode.property(),
            Values.sent(mode, speeds.get(step - 1)),
            Map.of(Attribute.FAN_SPEED, target));
      }
      case Command.SetPreset(String word) when mode != null && presets.contains(word) ->
          Values.written(mode.property(), Values.sent(mode, word), Map.of(Attribute.PRESET, word));
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  private Part.Written power(boolean on) throws UnsupportedCommandException {
    Map<Attribute, Object> target = Map.of(Attribute.ON, on);
    if (state != null) {
      Object word = on ? state.on() : state.off();
      return Values.written(state.property(), word == null ? (on ? "ON" : "OFF") : word, target);
    }
    if (mode == null) {
      throw new UnsupportedCommandException("The fan has neither a state nor a mode");
    }
    List<String> words = Values.shown(mode);
    String word = on ? words.contains("on") ? "on" : words.getFirst() : "off";
    if (on && word.equals("off")) {
      word = words.getLast();
    }
    return Values.written(mode.property(), Values.sent(mode, word), target);
  }
}
