package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A blind, a curtain, a garage door. */
final class Covers {
  /** Names of values by which motors tell what they do. */
  private static final Set<String> MOTORS = Set.of("moving", "motor_state", "motor_status");

  private static final Set<String> UP = Set.of("up", "open", "opening", "forward", "rising");
  private static final Set<String> DOWN =
      Set.of("down", "close", "closing", "backward", "back", "declining");

  /** Words of descriptions that tell what is covered; the first ones matter for safety. */
  private static final Map<String, String> CLASSES = new LinkedHashMap<>();

  static {
    CLASSES.put("garage", "garage");
    CLASSES.put("gate", "gate");
    CLASSES.put("awning", "awning");
    CLASSES.put("curtain", "curtain");
    CLASSES.put("shutter", "shutter");
    CLASSES.put("shade", "shade");
    CLASSES.put("blind", "blind");
  }

  private final @Nullable Expose state;
  private final @Nullable Expose position;
  private final @Nullable Expose tilt;
  private final @Nullable Expose motor;
  private final List<String> words;

  private Covers(Expose cover, @Nullable Expose motor) {
    state = cover.feature("state");
    position = cover.feature("position");
    tilt = cover.feature("tilt");
    words = Values.shown(state);
    this.motor = motor;
  }

  /**
   * A cover.
   *
   * @param cover what is exposed
   * @param siblings what the device exposes beside it
   * @param about what the maker says that it is
   */
  static Part of(Expose cover, List<Expose> siblings, String about) {
    Expose motor =
        siblings.stream()
            .filter(each ->
                each.type().equals("enum") && each.published() && MOTORS.contains(each.name()))
            .findFirst()
            .orElse(null);
    return new Covers(cover, motor).part(cover, about.toLowerCase(Locale.ROOT));
  }

  private Part part(Expose cover, String about) {
    Part.Builder part = new Part.Builder(Kind.COVER, "cover", cover.endpoint());
    CLASSES.entrySet().stream()
        .filter(each -> about.contains(each.getKey()))
        .findFirst()
        .ifPresent(each -> part.deviceClass(each.getValue()));
    boolean positioned = position != null && position.settable();
    if (positioned || (words.contains("OPEN") && words.contains("CLOSE"))) {
      part.can(new Capability.OpenCloseStop(words.contains("STOP")));
    }
    if (positioned) {
      part.can(new Capability.Position());
    }
    if (tilt != null && tilt.settable()) {
      part.can(new Capability.Tilt());
    }
    part.read(tilt, Covers::readTilt, Attribute.TILT);
    part.read(state, this::readState, reportsPosition() ? NOTHING : WORD);
    part.read(position, this::readPosition, Attribute.POSITION, Attribute.COVER);
    part.read(motor, this::readMotor);
    return part.build(this::write);
  }

  private static final Attribute[] NOTHING = {};
  private static final Attribute[] WORD = {Attribute.COVER};

  private boolean reportsPosition() {
    return position != null && position.published();
  }

  private void readState(Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    if (reportsPosition()) {
      return; // The position says it better.
    }
    switch (Json.word(value).toUpperCase(Locale.ROOT)) {
      case "OPEN" -> out.set(Attribute.COVER, "open");
      case "CLOSE", "CLOSED" -> out.set(Attribute.COVER, "closed");
      default -> out.unknown(Attribute.COVER); // It stopped somewhere.
    }
  }

  private void readPosition(
      Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    int percent = (int) Math.round(Math.clamp(Json.number(value), 0, 100));
    out.set(Attribute.POSITION, percent);
    out.set(Attribute.COVER, percent == 0 ? "closed" : "open");
  }

  private static void readTilt(
      Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    out.set(Attribute.TILT, (int) Math.round(Math.clamp(Json.number(value), 0, 100)));
  }

  /** Comes after state and position, whose word it corrects. */
  private void readMotor(Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    String word = Json.word(value).toLowerCase(Locale.ROOT);
    if (UP.contains(word)) {
      out.set(Attribute.COVER, "opening");
    } else if (DOWN.contains(word)) {
      out.set(Attribute.COVER, "closing");
    }
  }

  private Part.Written write(Command command, State before) throws UnsupportedCommandException {
    return switch (command) {
      case Command.Open c when words.contains("OPEN") -> word("OPEN", target(100));
      case Command.Close c when words.contains("CLOSE") -> word("CLOSE", target(0));
      case Command.Stop c when words.contains("STOP") -> word("STOP", Map.of());
      case Command.Open c when position != null && position.settable() -> move(position, 100);
      case Command.Close c when position != null && position.settable() -> move(position, 0);
      case Command.SetPosition(int percent) when position != null && position.settable() ->
          move(position, percent);
      case Command.SetTilt(int percent) when tilt != null && tilt.settable() ->
          Values.written(tilt.property(), percent, Map.of(Attribute.TILT, percent));
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  private Part.Written word(String word, Map<Attribute, Object> target)
      throws UnsupportedCommandException {
    if (state == null) {
      throw new UnsupportedCommandException("The cover takes no words");
    }
    return Values.written(state.property(), word, target);
  }

  private Part.Written move(Expose position, int percent) {
    return Values.written(position.property(), percent, target(percent));
  }

  private Map<Attribute, Object> target(int percent) {
    String word = percent == 0 ? "closed" : "open";
    return reportsPosition()
        ? Map.of(Attribute.POSITION, percent, Attribute.COVER, word)
        : Map.of(Attribute.COVER, word);
  }
}
