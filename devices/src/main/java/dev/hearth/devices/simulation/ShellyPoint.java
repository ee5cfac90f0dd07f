package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Shelly device of the second generation with one component: it answers remote procedure calls
 * and tells what happens.
 */
abstract class ShellyPoint extends NativePoint {
  private final String id;
  private final String key;
  private final String name;

  /**
   * A device.
   *
   * @param id the device's own id, which ends with its MAC address
   * @param key its component, such as {@code switch:0}
   * @param name what people called it
   */
  ShellyPoint(Kind kind, String id, String key, String name, Map<Attribute, Object> initial) {
    super(
        kind,
        new Label(("shelly_" + id + "_" + key).replaceAll("[-:]", "_"), null, List.of()),
        initial);
    this.id = id;
    this.key = key;
    this.name = name;
  }

  /** The component's status. */
  abstract Map<String, Object> status(State state);

  /** The state that a method of the component leads to. */
  abstract State target(State now, String method, Map<?, ?> parameters);

  @Override
  final Map<String, String> announcement(String name, String model) {
    return Map.of(); // It says no more than that it is there.
  }

  @Override
  final String presenceTopic() {
    return id + "/online";
  }

  @Override
  final String presence(boolean online) {
    return String.valueOf(online);
  }

  @Override
  final boolean retains(String topic) {
    return false;
  }

  @Override
  final List<String> commandTopics() {
    return List.of(id + "/rpc");
  }

  @Override
  final @Nullable Map<String, String> answer(State now, String topic, String payload) {
    Map<?, ?> call;
    try {
      call = Wire.object(payload);
    } catch (IllegalArgumentException e) {
      return null; // No question; as a command it is not understood either.
    }
    return switch (String.valueOf(call.get("method"))) {
      case "Shelly.GetDeviceInfo" ->
          reply(
              call,
              Wire.map(
                  "name",
                  name,
                  "id",
                  id,
                  "mac",
                  id.substring(id.lastIndexOf('-') + 1).toUpperCase(Locale.ROOT),
                  "app",
                  "Simulated",
                  "gen",
                  2,
                  "auth_en",
                  false));
      case "Shelly.GetConfig" ->
          reply(call, Wire.map(key, Wire.map("id", 0), "mqtt", Wire.map("rpc_ntf", true)));
      case "Shelly.GetStatus" ->
          reply(call, Wire.map(key, status(now), "sys", Wire.map("uptime", 5)));
      default -> null;
    };
  }

  private Map<String, String> reply(Map<?, ?> call, Map<String, Object> result) {
    return reply(call, "result", result);
  }

  private Map<String, String> reply(Map<?, ?> call, String what, Map<String, Object> content) {
    Object number = call.get("id");
    String caller = String.valueOf(call.get("src"));
    return Map.of(
        caller + "/rpc",
        Wire.json(
            Wire.map("id", number == null ? 0 : number, "src", id, "dst", caller, what, content)));
  }

  @Override
  final Map<String, String> outcome(String topic, String payload, boolean obeyed) {
    Map<?, ?> call = Wire.object(payload);
    return obeyed
        ? reply(call, Map.of())
        : reply(call, "error", Wire.map("code", -109, "message", "Overtemperature"));
  }

  @Override
  final State target(State now, String topic, String payload) {
    Map<?, ?> call = Wire.object(payload);
    String method = String.valueOf(call.get("method"));
    if (!(call.get("params") instanceof Map<?, ?> parameters) || !method.contains(".")) {
      throw new IllegalArgumentException("'" + payload + "' is no call with parameters");
    }
    return target(now, method.substring(method.indexOf('.') + 1), parameters);
  }

  @Override
  final Map<String, String> reports(State state) {
    return Map.of(
        id + "/events/rpc",
        Wire.json(
            Wire.map(
                "src",
                id,
                "dst",
                id + "/events",
                "method",
                "NotifyStatus",
                "params",
                Wire.map("ts", 1, key, status(state)))));
  }

  static State switched(State now, Map<?, ?> parameters) {
    return with(now, Attribute.ON, Boolean.TRUE.equals(parameters.get("on")));
  }
}
