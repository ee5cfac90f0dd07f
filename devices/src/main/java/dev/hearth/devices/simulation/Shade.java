package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A cover: blind, curtain, shutter, window or garage door. It needs time to travel. */
final class Shade extends Point {
  /** How much of itself a cover reports. */
  enum Reports {
    /** Words only. */
    WORDS,
    /** A position only. */
    POSITION,
    /** Both. */
    BOTH
  }

  private static final Duration STEP = Duration.ofMillis(500);

  private final String deviceClass;
  private final Reports reports;
  private final boolean reversed;
  private final Duration travel;

  /**
   * A cover.
   *
   * @param deviceClass Home Assistant's class
   * @param reports what it tells
   * @param reversed whether its own scale has 0 for open and 100 for closed
   * @param travel how long from closed to open
   */
  Shade(
      Label label,
      String deviceClass,
      Reports reports,
      boolean reversed,
      Duration travel,
      int position) {
    super(Kind.COVER, label, values(resting(position), position));
    this.deviceClass = deviceClass;
    this.reports = reports;
    this.reversed = reversed;
    this.travel = travel;
  }

  private static Map<Attribute, Object> values(String word, int position) {
    return Map.of(Attribute.COVER, word, Attribute.POSITION, position);
  }

  private static String resting(int position) {
    return position == 0 ? "closed" : "open";
  }

  @Override
  List<String> commandTopics() {
    return reports == Reports.WORDS ? List.of("set") : List.of("set", "position/set");
  }

  @Override
  State target(State now, String topic, String payload) {
    int position;
    if (topic.equals("position/set")) {
      int wire = Math.clamp(Math.round(number(payload)), 0, 100);
      position = reversed ? 100 - wire : wire;
    } else {
      position =
          switch (payload) {
            case "OPEN" -> 100;
            case "CLOSE" -> 0;
            case "STOP" -> now.position().orElse(0);
            default ->
                throw new IllegalArgumentException(
                    "'" + payload + "' is neither OPEN, CLOSE nor STOP");
          };
    }
    return at(position);
  }

  @Override
  State clamp(State goal, int percent) {
    return at(Math.min(percent, goal.position().orElse(0)));
  }

  @Override
  List<Stage> course(State now, State goal, String payload) {
    return travelling(now, goal, travel);
  }

  /** At rest at a position. */
  static State at(int position) {
    return state(values(resting(position), position));
  }

  /** The way of a cover whose full way takes so long. */
  static List<Stage> travelling(State now, State goal, Duration travel) {
    int from = now.position().orElse(0);
    int to = goal.position().orElse(0);
    if (from == to) {
      return List.of(new Stage(Duration.ZERO, goal));
    }
    String word = to > from ? "opening" : "closing";
    long nanos = travel.toNanos() * Math.abs(to - from) / 100;
    int steps = (int) Math.max(1, nanos / STEP.toNanos());
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      int position = from + (to - from) * i / steps;
      stages.add(new Stage(Duration.ofNanos(nanos * i / steps), state(values(word, position))));
    }
    stages.add(new Stage(Duration.ofNanos(nanos), goal));
    return stages;
  }

  @Override
  Map<String, String> reports(State state) {
    Map<String, String> out = new LinkedHashMap<>();
    if (reports != Reports.WORDS) {
      int position = state.position().orElse(0);
      out.put("position", Integer.toString(reversed ? 100 - position : position));
    }
    if (reports != Reports.POSITION) {
      out.put("state", state.cover().orElse("open"));
    }
    return out;
  }

  @Override
  Map<String, String> lie(State claim) {
    Map<String, String> out = new LinkedHashMap<>(reports(claim));
    if (reports == Reports.BOTH) {
      out.remove("position"); // The encoder on the motor tells the truth.
    }
    return out;
  }

  @Override
  Map<String, Object> config() {
    Map<String, Object> config = Wire.map("command_topic", "~/set", "device_class", deviceClass);
    if (reports != Reports.POSITION) {
      config.put("state_topic", "~/state");
    }
    if (reports != Reports.WORDS) {
      config.put("position_topic", "~/position");
      config.put("set_position_topic", "~/position/set");
    }
    if (reversed) {
      config.put("position_open", 0);
      config.put("position_closed", 100);
    }
    return config;
  }
}
