package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One controllable or readable point of a simulated device, as pure functions: what a command
 * wants, what then happens over time, and what is told about it. States are physical and in the
 * units of {@link Attribute}; how they look on the wire is this class's business.
 */
abstract class Point {
  /**
   * How a point is called.
   *
   * @param id unique id, a slug
   * @param name name beside the device's, or null for the device's main feature
   * @param aliases other names
   */
  record Label(String id, @Nullable String name, List<String> aliases) {}

  /**
   * A state on the way to a goal.
   *
   * @param after how long after the beginning, at the speed of life
   * @param state what holds from then on
   */
  record Stage(Duration after, State state) {}

  /** The rest of the device, for points that measure it. */
  @FunctionalInterface
  interface Surroundings {
    State actual(String pointId);
  }

  private final Kind kind;
  private final Label label;
  private final State initial;

  Point(Kind kind, Label label, Map<Attribute, Object> initial) {
    this.kind = kind;
    this.label = label;
    this.initial = state(initial);
  }

  final Kind kind() {
    return kind;
  }

  final Label label() {
    return label;
  }

  final State initial() {
    return initial;
  }

  /** Where commands come in, below the point's base topic. */
  List<String> commandTopics() {
    return List.of();
  }

  /**
   * The state a command asks for.
   *
   * @param now the present state
   * @param topic one of {@link #commandTopics}
   * @param payload what was sent
   * @throws IllegalArgumentException when the payload means nothing to this device
   */
  State target(State now, String topic, String payload) {
    throw new IllegalArgumentException("it takes no commands");
  }

  /**
   * What happens between the present state and a goal; the last stage is where it ends.
   *
   * @param payload the command, for what it says about the way
   */
  List<Stage> course(State now, State goal, String payload) {
    return List.of(new Stage(Duration.ZERO, goal));
  }

  /** A goal cut down to what a device limited to so many percent can do. */
  State clamp(State goal, int percent) {
    State out = goal;
    for (Attribute each : List.of(Attribute.BRIGHTNESS, Attribute.POSITION, Attribute.FAN_SPEED)) {
      if (goal.get(each) instanceof Integer value && value > percent) {
        out = with(out, each, percent);
      }
    }
    return out;
  }

  /** What time and surroundings do to a state. */
  State live(State now, Duration elapsed, Surroundings surroundings) {
    return now;
  }

  /** What is reported: payloads by topic below the point's base topic. */
  abstract Map<String, String> reports(State state);

  /**
   * What a lying device reports; a device that reads a position back from its motor cannot lie
   * about that.
   */
  Map<String, String> lie(State claim) {
    return reports(claim);
  }

  /**
   * What is answered at once to a question: payloads by topic; null when the message is none, but a
   * command.
   */
  @Nullable Map<String, String> answer(State now, String topic, String payload) {
    return null;
  }

  /** What is said of a command at once, beside what is reported. */
  Map<String, String> outcome(String topic, String payload, boolean obeyed) {
    return Map.of();
  }

  /** Whether the broker keeps what is said on one of its topics. */
  boolean retains(String topic) {
    return true;
  }

  /** The keys of discovery of this kind of device, topics given below the base as {@code ~/...}. */
  abstract Map<String, Object> config();

  static State state(Map<Attribute, Object> values) {
    return new State(values, Instant.EPOCH);
  }

  static State with(State state, Attribute attribute, Object value) {
    EnumMap<Attribute, Object> values = new EnumMap<>(Attribute.class);
    values.putAll(state.values());
    values.put(attribute, value);
    return state(values);
  }

  static State without(State state, Attribute attribute) {
    EnumMap<Attribute, Object> values = new EnumMap<>(Attribute.class);
    values.putAll(state.values());
    values.remove(attribute);
    return state(values);
  }

  static double number(String payload) {
    try {
      double value = Double.parseDouble(payload.strip());
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + payload + "' is not a number", e);
    }
    throw new IllegalArgumentException("'" + payload + "' is not a number");
  }

  static boolean choice(String payload, String yes, String no) {
    if (payload.equals(yes)) {
      return true;
    }
    if (payload.equals(no)) {
      return false;
    }
    throw new IllegalArgumentException("'" + payload + "' is neither " + yes + " nor " + no);
  }

  static boolean on(State state) {
    return state.on().orElse(false);
  }
}
