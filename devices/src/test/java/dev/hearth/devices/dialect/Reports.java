package dev.hearth.devices.dialect;

import java.util.List;
import java.util.Map;

/** A report of all that a device could say at once, in the words of several conventions. */
final class Reports {
  static final Map<String, Object> ANY =
      Map.ofEntries(
          Map.entry("state", "ON"),
          Map.entry("brightness", 77),
          Map.entry("color_temp", 300),
          Map.entry("color", Map.of("x", 0.3, "y", 0.3, "hue", 200, "saturation", 50)),
          Map.entry("color_mode", "xy"),
          Map.entry("position", 30),
          Map.entry("tilt", 10),
          Map.entry("moving", "UP"),
          Map.entry("lock_state", "locked"),
          Map.entry("local_temperature", 20.5),
          Map.entry("occupied_heating_setpoint", 21),
          Map.entry("current_heating_setpoint", 21),
          Map.entry("system_mode", "heat"),
          Map.entry("running_state", "idle"),
          Map.entry("preset", "eco"),
          Map.entry("fan_mode", "auto"),
          Map.entry("fan_speed", "min"),
          Map.entry("temperature", 20.5),
          Map.entry("humidity", "45"),
          Map.entry("battery", 50),
          Map.entry("battery_level", "50"),
          Map.entry("occupancy", true),
          Map.entry("contact", false),
          Map.entry("event_type", "press"),
          Map.entry("action", "single"),
          Map.entry("effect", "fire"),
          Map.entry("installed_version", 1),
          Map.entry("latest_version", "2"),
          Map.entry("power", 12.5),
          Map.entry("energy", List.of(1, 2.5)),
          Map.entry("output", true),
          Map.entry("POWER", "ON"),
          Map.entry("POWER1", "OFF"),
          Map.entry("Dimmer", 40),
          Map.entry("HSBColor", "200,70,40"),
          Map.entry("CT", 300),
          Map.entry("ENERGY", Map.of("Power", 5, "Total", 1.5)),
          Map.entry("params", Map.of("switch:0", Map.of("id", 0, "output", true))),
          Map.entry("message", "Publish 'set' 'state' to 'lamp' failed: 'no'"));

  private Reports() {}
}
