package dev.hearth.devices.dialect.shelly;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What components measure and notice. */
final class Readings {
  /** What is done to a button, in Shelly's words. */
  private static final List<String> PUSHES =
      List.of("single_push", "double_push", "triple_push", "long_push", "btn_down", "btn_up");

  /**
   * A value in a component's status.
   *
   * @param path keys, with points between them
   * @param name what it is called beside the device's name
   * @param deviceClass Home Assistant's class
   * @param unit its unit, or null
   */
  private record Value(
      String path, String name, String deviceClass, @Nullable String unit, boolean visible) {
    /** The value itself, when a status has it. */
    @Nullable Object find(Map<?, ?> status) {
      Object value = status;
      for (String key : path.split("\\.")) {
        value = value instanceof Map<?, ?> map ? map.get(key) : null;
      }
      return value;
    }
  }

  private static final List<Value> VALUES = new ArrayList<>();

  static {
    add("apower", "power", "power", "W");
    add("act_power", "power", "power", "W");
    add("total_act_power", "power", "power", "W");
    add("voltage", "voltage", "voltage", "V");
    add("current", "current", "current", "A");
    add("aprt_power", "apparent power", "apparent_power", "VA");
    add("pf", "power factor", "power_factor", null);
    add("freq", "frequency", "frequency", "Hz");
    add("aenergy.total", "energy", "energy", "Wh");
    add("total_act_energy", "energy", "energy", "Wh");
    add("total_act", "energy", "energy", "Wh");
    add("total_act_ret", "returned energy", "energy", "Wh");
    for (String phase : List.of("a", "b", "c")) {
      add(phase + "_act_power", "power " + phase, "power", "W");
      add(phase + "_voltage", "voltage " + phase, "voltage", "V");
      add(phase + "_current", "current " + phase, "current", "A");
    }
    add("tC", "temperature", "temperature", "°C");
    add("rh", "humidity", "humidity", "%");
    add("lux", "illuminance", "illuminance", "lx");
    add("battery.percent", "battery", "battery", "%");
    // How warm the device itself is, which nobody asks for.
    VALUES.add(new Value("temperature.tC", "own temperature", "temperature", "°C", false));
  }

  private static void add(String path, String name, String deviceClass, @Nullable String unit) {
    VALUES.add(new Value(path, name, deviceClass, unit, true));
  }

  /** What is on when there is an alarm, in Home Assistant's classes. */
  private static final Map<String, String> ALARMS = Map.of("flood", "moisture", "smoke", "smoke");

  private Readings() {}

  /**
   * What a component tells beside what it does.
   *
   * @param status an answer that shows what that is
   * @param title what the component, or its device, is called
   */
  static List<Part> of(Component component, Map<?, ?> status, String title) {
    List<Part> parts = new ArrayList<>();
    for (Value each : VALUES) {
      if (each.find(status) instanceof Number) {
        parts.add(reading(component, each, title));
      }
    }
    String type = component.type();
    String alarm = ALARMS.get(type);
    if (alarm != null) {
      parts.add(binary(component, "alarm", alarm, Names.clean(title + " " + type)));
    }
    if (type.equals("input")) {
      switch (component.device().inputs().getOrDefault(component.key(), "")) {
        case "button" -> parts.add(button(component, title));
        case "switch" -> parts.add(binary(component, "state", null, title));
        default -> {} // Values between are whatever somebody wired to it.
      }
    }
    return parts;
  }

  private static Part reading(Component component, Value value, String title) {
    return new Part(
        Kind.SENSOR,
        component.key() + "_" + value.path,
        Names.clean(title + " " + value.name),
        value.deviceClass,
        value.visible,
        List.of(new Capability.Measurement(value.unit, value.deviceClass)),
        component
            .codec((json, before, out) -> {
              Object found = value.find(json);
              if (found != null) {
                out.set(Attribute.NUMBER, Json.number(found));
              }
            })
            .reports(Attribute.NUMBER)
            .build());
  }

  private static Part binary(
      Component component, String key, @Nullable String deviceClass, String name) {
    return new Part(
        Kind.BINARY_SENSOR,
        component.key(),
        name,
        deviceClass,
        true,
        List.of(new Capability.Binary(deviceClass)),
        component
            .codec((json, before, out) -> {
              if (json.get(key) instanceof Boolean on) {
                out.set(Attribute.ON, on);
              }
            })
            .reports(Attribute.ON)
            .build());
  }

  private static Part button(Component component, String name) {
    return new Part(
        Kind.EVENT,
        component.key(),
        name,
        "button",
        true,
        List.of(new Capability.Events(PUSHES)),
        component
            .codec((json, before, out) -> {})
            .readOwnJson(
                component.device().prefix() + "/events/rpc",
                (json, before, out) -> {
                  if ("NotifyEvent".equals(json.get("method"))
                      && json.get("params") instanceof Map<?, ?> told
                      && told.get("events") instanceof List<?> events) {
                    for (Object each : events) {
                      if (each instanceof Map<?, ?> event
                          && component.key().equals(event.get("component"))
                          && PUSHES.contains(String.valueOf(event.get("event")))) {
                        out.set(Attribute.EVENT, String.valueOf(event.get("event")));
                      }
                    }
                  }
                })
            .reports(Attribute.EVENT)
            .build());
  }

  /** The components of a status, by key. */
  static Map<String, Map<?, ?>> components(Map<?, ?> status) {
    Map<String, Map<?, ?>> components = new LinkedHashMap<>();
    status.forEach((key, value) -> {
      if (value instanceof Map<?, ?> map && key.toString().matches("[a-z0-9]{1,20}:\\d{1,4}")) {
        components.put(key.toString(), map);
      }
    });
    return components;
  }
}
