package dev.hearth.devices.dialect.homie;

import dev.hearth.devices.Action;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.ReaderCodec;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values that are an entity each. */
final class Singles {
  private static final int MAX_TEXT = 255;
  private static final double WIDE = 1e9;

  /** What is measured, by unit: Home Assistant's class. */
  private static final Map<String, String> BY_UNIT =
      Map.ofEntries(
          Map.entry("°C", "temperature"),
          Map.entry("°F", "temperature"),
          Map.entry("lx", "illuminance"),
          Map.entry("W", "power"),
          Map.entry("kW", "power"),
          Map.entry("kWh", "energy"),
          Map.entry("Wh", "energy"),
          Map.entry("V", "voltage"),
          Map.entry("A", "current"),
          Map.entry("Hz", "frequency"),
          Map.entry("Pa", "pressure"),
          Map.entry("hPa", "pressure"),
          Map.entry("ppm", "carbon_dioxide"),
          Map.entry("m³", "water"));

  /** What is told, by the words in a value's name: Home Assistant's class. */
  private static final Map<String, String> BY_NAME =
      Map.ofEntries(
          Map.entry("humidity", "humidity"),
          Map.entry("battery", "battery"),
          Map.entry("motion", "motion"),
          Map.entry("occupancy", "occupancy"),
          Map.entry("presence", "presence"),
          Map.entry("window", "window"),
          Map.entry("door", "door"),
          Map.entry("smoke", "smoke"),
          Map.entry("leak", "moisture"),
          Map.entry("vibration", "vibration"),
          Map.entry("tamper", "tamper"));

  private Singles() {}

  static Parts.Made of(Device device, Device.Node node, Device.Property property) {
    return switch (property.datatype()) {
      case "boolean" ->
          property.settable()
              ? onOff(part(device, Kind.SWITCH, node, property), property)
              : binary(part(device, Kind.BINARY_SENSOR, node, property), property);
      case "integer", "float", "percent" ->
          property.settable()
              ? number(part(device, Kind.NUMBER, node, property), property)
              : reading(part(device, Kind.SENSOR, node, property), property);
      case "enum" -> words(device, node, property);
      default ->
          property.settable() && property.is("string")
              ? text(part(device, Kind.TEXT, node, property), property)
              : told(part(device, Kind.SENSOR, node, property), property);
    };
  }

  private static PartBuilder part(
      Device device, Kind kind, Device.Node node, Device.Property property) {
    String name =
        node.properties().size() == 1
            ? node.name()
            : Names.clean(node.name() + " " + property.name());
    return new PartBuilder(device, kind, node.id() + "_" + property.id(), name);
  }

  private static Parts.Made onOff(PartBuilder part, Device.Property property) {
    part.can(new Capability.OnOff()).read(property, Singles::readFlag, Attribute.ON);
    return new Parts.Made(
        part,
        (command, before) ->
            switch (command) {
              case Command.TurnOn c -> part.encoded(property, "true", Map.of(Attribute.ON, true));
              case Command.TurnOff c ->
                  part.encoded(property, "false", Map.of(Attribute.ON, false));
              default -> throw UnsupportedCommandException.of(command);
            });
  }

  private static void readFlag(String payload, State before, StateUpdate.Builder out) {
    out.set(Attribute.ON, Values.flag(payload));
  }

  private static Parts.Made binary(PartBuilder part, Device.Property property) {
    String deviceClass = byName(property);
    part.deviceClass(deviceClass)
        .can(new Capability.Binary(deviceClass))
        .read(property, Singles::readFlag, Attribute.ON);
    return new Parts.Made(part, null);
  }

  private static @Nullable String byName(Device.Property property) {
    String id = property.topic();
    return BY_NAME.entrySet().stream()
        .filter(each ->
            id.substring(0, id.lastIndexOf('/')).endsWith("/" + each.getKey())
                || property.id().contains(each.getKey()))
        .map(Map.Entry::getValue)
        .sorted()
        .findFirst()
        .orElse(null);
  }

  private static Parts.Made number(PartBuilder part, Device.Property property) {
    double min = Values.min(property, -WIDE);
    double max = Values.max(property, WIDE);
    double step = Values.step(property);
    part.can(new Capability.NumberInput(min, max, step, property.unit()))
        .read(
            property,
            (payload, before, out) -> out.set(Attribute.NUMBER, Json.number(payload)),
            Attribute.NUMBER);
    return new Parts.Made(
        part,
        (command, before) ->
            switch (command) {
              case Command.SetNumber(double wanted) -> {
                double value = Scales.onScale(wanted, min, max, step);
                yield part.encoded(
                    property, Values.write(property, value), Map.of(Attribute.NUMBER, value));
              }
              default -> throw UnsupportedCommandException.of(command);
            });
  }

  private static Parts.Made reading(PartBuilder part, Device.Property property) {
    String unit = property.unit();
    boolean fahrenheit = "°F".equals(unit);
    String named = byName(property);
    String deviceClass = unit == null ? named : BY_UNIT.getOrDefault(unit, named);
    part.deviceClass(deviceClass)
        .can(new Capability.Measurement(fahrenheit ? "°C" : unit, deviceClass))
        .read(
            property,
            (payload, before, out) ->
                out.set(Attribute.NUMBER, Scales.toCelsius(Json.number(payload), fahrenheit)),
            Attribute.NUMBER);
    return new Parts.Made(part, null);
  }

  private static Parts.Made told(PartBuilder part, Device.Property property) {
    part.can(new Capability.Measurement(null, null))
        .visible(property.is("string") || property.is("enum"))
        .read(
            property,
            (payload, before, out) -> out.set(Attribute.TEXT, Json.word(payload)),
            Attribute.TEXT);
    return new Parts.Made(part, null);
  }

  private static Parts.Made text(PartBuilder part, Device.Property property) {
    part.can(new Capability.TextInput(0, MAX_TEXT))
        .read(
            property,
            (payload, before, out) -> out.set(Attribute.TEXT, Json.word(payload)),
            Attribute.TEXT);
    return new Parts.Made(
        part,
        (command, before) ->
            switch (command) {
              case Command.SetText(String text) ->
                  part.encoded(property, text, Map.of(Attribute.TEXT, Json.word(text)));
              default -> throw UnsupportedCommandException.of(command);
            });
  }

  /** Words to choose from, to hear, or to call out. */
  private static Parts.Made words(Device device, Device.Node node, Device.Property property) {
    List<String> words = Values.words(property);
    if (!property.settable()) {
      if (property.retained()) {
        return told(part(device, Kind.SENSOR, node, property), property);
      }
      PartBuilder part = part(device, Kind.EVENT, node, property).can(new Capability.Events(words));
      part.read(
          property,
          (payload, before, out) -> {
            if (words.contains(payload)) {
              out.set(Attribute.EVENT, payload);
            }
          });
      return new Parts.Made(part, null);
    }
    if (words.size() == 1 && !property.retained()) {
      return button(part(device, Kind.BUTTON, node, property), property, words.getFirst());
    }
    PartBuilder part = part(device, Kind.SELECT, node, property).can(new Capability.Mode(words));
    part.read(
        property,
        (payload, before, out) -> out.set(Attribute.MODE, Json.word(payload)),
        Attribute.MODE);
    return new Parts.Made(
        part,
        (command, before) ->
            switch (command) {
              case Command.SetMode(String word) when words.contains(word) ->
                  part.encoded(property, word, Map.of(Attribute.MODE, word));
              default -> throw UnsupportedCommandException.of(command);
            });
  }

  private static Parts.Made button(PartBuilder part, Device.Property property, String word) {
    part.can(new Capability.Actions(Set.of(Action.PRESS)));
    ReaderCodec.Writer press =
        (command, before) ->
            switch (command) {
              case Command.Perform(Action action) when action == Action.PRESS ->
                  part.encoded(property, word, Map.of());
              default -> throw UnsupportedCommandException.of(command);
            };
    return new Parts.Made(part, press);
  }
}
