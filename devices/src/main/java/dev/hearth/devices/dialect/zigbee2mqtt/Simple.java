package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of one value: switches, locks, readings. */
final class Simple {
  /** What a binary means when it is on, in Home Assistant's classes. */
  private static final Map<String, String> BINARY_CLASSES =
      Map.ofEntries(
          Map.entry("contact", "door"),
          Map.entry("window_open", "window"),
          Map.entry("occupancy", "occupancy"),
          Map.entry("presence", "presence"),
          Map.entry("moving", "moving"),
          Map.entry("vibration", "vibration"),
          Map.entry("water_leak", "moisture"),
          Map.entry("rain", "moisture"),
          Map.entry("smoke", "smoke"),
          Map.entry("gas", "gas"),
          Map.entry("carbon_monoxide", "carbon_monoxide"),
          Map.entry("tamper", "tamper"),
          Map.entry("battery_low", "battery"),
          Map.entry("noise_detected", "sound"),
          Map.entry("ac_status", "power"),
          Map.entry("power_alarm", "problem"));

  /** What a number measures, in Home Assistant's classes. */
  private static final Map<String, String> NUMBER_CLASSES =
      Map.ofEntries(
          Map.entry("temperature", "temperature"),
          Map.entry("device_temperature", "temperature"),
          Map.entry("local_temperature", "temperature"),
          Map.entry("outdoor_temperature", "temperature"),
          Map.entry("soil_temperature", "temperature"),
          Map.entry("humidity", "humidity"),
          Map.entry("soil_moisture", "moisture"),
          Map.entry("illuminance", "illuminance"),
          Map.entry("pressure", "pressure"),
          Map.entry("power", "power"),
          Map.entry("power_apparent", "apparent_power"),
          Map.entry("power_reactive", "reactive_power"),
          Map.entry("power_factor", "power_factor"),
          Map.entry("energy", "energy"),
          Map.entry("produced_energy", "energy"),
          Map.entry("voltage", "voltage"),
          Map.entry("battery_voltage", "voltage"),
          Map.entry("current", "current"),
          Map.entry("ac_frequency", "frequency"),
          Map.entry("battery", "battery"),
          Map.entry("co2", "carbon_dioxide"),
          Map.entry("co", "carbon_monoxide"),
          Map.entry("pm1", "pm1"),
          Map.entry("pm25", "pm25"),
          Map.entry("pm10", "pm10"),
          Map.entry("voc", "volatile_organic_compounds"),
          Map.entry("voc_parts", "volatile_organic_compounds_parts"),
          Map.entry("aqi", "aqi"),
          Map.entry("noise", "sound_pressure"),
          Map.entry("wind_speed", "wind_speed"),
          Map.entry("water_consumed", "water"));

  /** Readings that nobody asks for: radio quality, presses of keys. */
  private static final Set<String> UNASKED =
      Set.of("linkquality", "action", "action_user", "action_group", "last_seen");

  private Simple() {}

  /** Null for a switch without a state. */
  static @Nullable Part aSwitch(Expose expose) {
    Expose state = expose.feature("state");
    if (state == null) {
      return null;
    }
    // A switch with a key of its own sets how the device works, such as auto_lock.
    boolean setting = expose.endpoint() == null && !state.property().equals("state");
    return onOff(
        new Part.Builder(Kind.SWITCH, setting ? state.property() : "switch", expose.endpoint())
            .visible(!setting),
        state);
  }

  /** A binary that can be set, which is a setting. */
  static Part setting(Expose binary) {
    return onOff(new Part.Builder(Kind.SWITCH, binary.property(), null).visible(false), binary);
  }

  private static Part onOff(Part.Builder part, Expose binary) {
    Object on = binary.on();
    Object off = binary.off();
    return part.can(new Capability.OnOff())
        .read(binary, Values.onOff(binary), Attribute.ON)
        .build((command, before) ->
            switch (command) {
              case Command.TurnOn c when on != null ->
                  Values.written(binary.property(), on, Map.of(Attribute.ON, true));
              case Command.TurnOff c when off != null ->
                  Values.written(binary.property(), off, Map.of(Attribute.ON, false));
              default -> throw UnsupportedCommandException.of(command);
            });
  }

  /** Null for a lock without a state. */
  static @Nullable Part lock(Expose expose) {
    Expose state = expose.feature("state");
    if (state == null || state.on() == null || state.off() == null) {
      return null;
    }
    Object locked = state.on();
    Object unlocked = state.off();
    Expose bolt = expose.feature("lock_state");
    Part.Builder part =
        new Part.Builder(Kind.LOCK, "lock", expose.endpoint()).can(new Capability.Lock());
    if (bolt != null && bolt.published()) {
      // The bolt's own word; the bridge assumes the state, never this.
      part.read(bolt, Simple::readBolt, Attribute.LOCK).proven();
    } else {
      part.read(
          state,
          (value, message, before, out) ->
              out.set(Attribute.LOCK, Values.isOn(state, value) ? "locked" : "unlocked"),
          Attribute.LOCK);
    }
    return part.build((command, before) ->
        switch (command) {
          case Command.Lock c ->
              Values.written(state.property(), locked, Map.of(Attribute.LOCK, "locked"));
          case Command.Unlock c ->
              Values.written(state.property(), unlocked, Map.of(Attribute.LOCK, "unlocked"));
          default -> throw UnsupportedCommandException.of(command);
        });
  }

  private static void readBolt(
      Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    switch (Json.word(value).toLowerCase(Locale.ROOT)) {
      case "locked" -> out.set(Attribute.LOCK, "locked");
      case "unlocked" -> out.set(Attribute.LOCK, "unlocked");
      case "not_fully_locked" -> {
        // Messages repeat all values: what stuck before a command is no answer to it.
        if (!"jammed".equals(before.get(Attribute.LOCK))) {
          out.set(Attribute.LOCK, "jammed");
        }
      }
      default -> throw Json.nonsense(value, "a state of a bolt");
    }
  }

  /** A number, word or binary that is only read. */
  static Part reading(Expose expose) {
    boolean binary = expose.type().equals("binary");
    Part.Builder part =
        new Part.Builder(binary ? Kind.BINARY_SENSOR : Kind.SENSOR, expose.property(), null);
    part.visible(expose.category() == null && !UNASKED.contains(expose.name())).proven();
    if (binary) {
      String deviceClass = BINARY_CLASSES.get(expose.name());
      return part.deviceClass(deviceClass)
          .can(new Capability.Binary(deviceClass))
          .read(expose, Values.onOff(expose), Attribute.ON)
          .build();
    }
    if (expose.type().equals("enum")) {
      return part.can(new Capability.Measurement(null, null))
          .read(expose, Values.words(Attribute.TEXT), Attribute.TEXT)
          .build();
    }
    String deviceClass = NUMBER_CLASSES.get(expose.name());
    boolean fahrenheit = Values.fahrenheit(expose);
    return part.deviceClass(deviceClass)
        .can(new Capability.Measurement(fahrenheit ? "°C" : expose.unit(), deviceClass))
        .read(expose, Values.temperature(Attribute.NUMBER, expose), Attribute.NUMBER)
        .build();
  }
}
