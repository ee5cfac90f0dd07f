package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A device of one node in the Homie convention. In version 4 it says what it is on a topic for each
 * attribute; in version 5 in one document, and it repeats commands as targets before it acts.
 */
abstract class HomiePoint extends NativePoint {
  /**
   * A value.
   *
   * @param id its topic level
   * @param datatype such as {@code integer}
   * @param format its range or words, empty for none
   * @param settable whether it takes commands
   * @param retained whether it is a state
   */
  record Property(String id, String datatype, String format, boolean settable, boolean retained) {}

  private final boolean targets;
  private final String base;
  private final String node;
  private final String type;
  private final List<Property> properties;

  /**
   * A device.
   *
   * @param version 4 or 5
   * @param id of the device
   * @param node of its node
   * @param type of its node
   */
  HomiePoint(
      Kind kind,
      int version,
      String id,
      String node,
      String type,
      List<Property> properties,
      Map<Attribute, Object> initial) {
    super(
        kind, new Label(("homie_" + id + "_" + node).replace('-', '_'), null, List.of()), initial);
    this.targets = version == 5;
    this.base = targets ? "homie/5/" + id : "homie/" + id;
    this.node = node;
    this.type = type;
    this.properties = List.copyOf(properties);
  }

  /** Values by property. */
  abstract Map<String, String> values(State state);

  /** The state that setting a property leads to. */
  abstract State set(State now, String property, String value);

  @Override
  final Map<String, String> announcement(String name, String model) {
    return targets ? description(name) : attributes(name);
  }

  private Map<String, String> attributes(String name) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put(base + "/$homie", "4.0.0");
    out.put(base + "/$name", name);
    out.put(base + "/$nodes", node);
    String own = base + "/" + node;
    out.put(own + "/$name", name);
    out.put(own + "/$type", type);
    out.put(own + "/$properties", String.join(",", properties.stream().map(Property::id).toList()));
    for (Property each : properties) {
      String topic = own + "/" + each.id;
      out.put(topic + "/$name", each.id);
      out.put(topic + "/$datatype", each.datatype);
      out.put(topic + "/$settable", String.valueOf(each.settable));
      if (!each.format.isEmpty()) {
        out.put(topic + "/$format", each.format);
      }
    }
    return out;
  }

  private Map<String, String> description(String name) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Property each : properties) {
      Map<String, Object> one =
          Wire.map("datatype", each.datatype, "settable", each.settable, "retained", each.retained);
      if (!each.format.isEmpty()) {
        one.put("format", each.format);
      }
      all.put(each.id, one);
    }
    return Map.of(
        base + "/$description",
        Wire.json(
            Wire.map(
                "homie",
                "5.0",
                "version",
                1,
                "name",
                name,
                "nodes",
                Wire.map(node, Wire.map("type", type, "properties", all)))));
  }

  @Override
  final String presenceTopic() {
    return base + "/$state";
  }

  @Override
  final String presence(boolean online) {
    return online ? "ready" : "lost";
  }

  private String topic(String property) {
    return base + "/" + node + "/" + property;
  }

  @Override
  final List<String> commandTopics() {
    List<String> topics = new ArrayList<>();
    properties.stream()
        .filter(Property::settable)
        .forEach(each -> topics.add(topic(each.id) + "/set"));
    return topics;
  }

  @Override
  final Map<String, String> outcome(String topic, String payload, boolean obeyed) {
    String target = topic.substring(0, topic.length() - "set".length()) + "$target";
    return targets && obeyed ? Map.of(target, payload) : Map.of();
  }

  @Override
  final State target(State now, String topic, String payload) {
    String[] levels = topic.split("/");
    return set(now, levels[levels.length - 2], payload);
  }

  @Override
  final Map<String, String> reports(State state) {
    Map<String, String> out = new LinkedHashMap<>();
    values(state).forEach((property, value) -> out.put(topic(property), value));
    return out;
  }
}
