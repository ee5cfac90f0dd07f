package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A device with Tasmota's firmware: it announces itself with its MAC address, answers each command
 * with its outcome, and questions for its state and its sensors.
 */
abstract class TasmotaPoint extends NativePoint {
  private final String mac;
  private final String topic;

  /**
   * A device.
   *
   * @param object what its point is called in entity ids, such as {@code relay_1}
   * @param mac twelve upper-case hexadecimal digits
   * @param topic the device's own topic level
   */
  TasmotaPoint(Kind kind, String object, String mac, String topic, Map<Attribute, Object> initial) {
    super(
        kind,
        new Label(
            ("tasmota_" + mac + "_" + object).toLowerCase(java.util.Locale.ROOT), null, List.of()),
        initial);
    this.mac = mac;
    this.topic = topic;
  }

  /** The commands that it knows. */
  abstract List<String> commands();

  /** What it says of itself beside what all devices say. */
  abstract Map<String, Object> setup();

  /** The state as its own answers have it. */
  abstract Map<String, Object> status(State state);

  /** What its sensors say; empty when there are none. */
  Map<String, Object> sensors(State state) {
    return Map.of();
  }

  /** The state that a command leads to. */
  abstract State target(State now, String command, List<Double> values, String payload);

  @Override
  final Map<String, String> announcement(String name, String model) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.putAll(
        Wire.map(
            "dn",
            name,
            "fn",
            List.of(name),
            "hn",
            topic,
            "mac",
            mac,
            "md",
            model,
            "t",
            topic,
            "ft",
            "%prefix%/%topic%/",
            "tp",
            List.of("cmnd", "stat", "tele"),
            "state",
            List.of("OFF", "ON", "TOGGLE", "HOLD"),
            "onln",
            "Online",
            "ofln",
            "Offline",
            "sw",
            "14.2.0",
            "if",
            0,
            "lk",
            1,
            "so",
            Map.of("4", 0),
            "ver",
            1));
    config.putAll(setup());
    Map<String, String> out = new LinkedHashMap<>();
    out.put("tasmota/discovery/" + mac + "/config", Wire.json(config));
    Map<String, Object> sensors = sensors(initial());
    if (!sensors.isEmpty()) {
      out.put(
          "tasmota/discovery/" + mac + "/sensors", Wire.json(Wire.map("sn", sensors, "ver", 1)));
    }
    return out;
  }

  @Override
  final String presenceTopic() {
    return "tele/" + topic + "/LWT";
  }

  @Override
  final String presence(boolean online) {
    return online ? "Online" : "Offline";
  }

  @Override
  final boolean retains(String topic) {
    return false;
  }

  @Override
  final List<String> commandTopics() {
    List<String> topics = new ArrayList<>();
    commands().forEach(each -> topics.add("cmnd/" + topic + "/" + each));
    topics.add("cmnd/" + topic + "/STATE");
    topics.add("cmnd/" + topic + "/STATUS");
    return topics;
  }

  @Override
  final @Nullable Map<String, String> answer(State now, String topic, String payload) {
    String command = command(topic);
    if (command.equals("STATE")) {
      return Map.of("stat/" + this.topic + "/RESULT", Wire.json(status(now)));
    }
    if (command.equals("STATUS") && payload.equals("10")) {
      return Map.of(
          "stat/" + this.topic + "/STATUS10", Wire.json(Wire.map("StatusSNS", sensors(now))));
    }
    return null;
  }

  @Override
  final Map<String, String> outcome(String topic, String payload, boolean obeyed) {
    return obeyed
        ? Map.of()
        : Map.of(
            "stat/" + this.topic + "/RESULT",
            Wire.json(Wire.map("Command", "Unknown", "Input", command(topic))));
  }

  private static String command(String topic) {
    return topic.substring(topic.lastIndexOf('/') + 1);
  }

  @Override
  final State target(State now, String topic, String payload) {
    List<Double> values = new ArrayList<>();
    if (!payload.isEmpty() && !payload.equals("ON") && !payload.equals("OFF")) {
      for (String each : payload.split(",")) {
        values.add(number(each));
      }
    }
    return target(now, command(topic), values, payload);
  }

  @Override
  final Map<String, String> reports(State state) {
    Map<String, String> out = new LinkedHashMap<>(lie(state));
    Map<String, Object> sensors = sensors(state);
    if (!sensors.isEmpty()) {
      out.put("tele/" + topic + "/SENSOR", Wire.json(sensors));
    }
    return out;
  }

  @Override
  final Map<String, String> lie(State claim) {
    return Map.of("stat/" + topic + "/RESULT", Wire.json(status(claim)));
  }

  static String word(State state) {
    return on(state) ? "ON" : "OFF";
  }
}
