package dev.hearth.devices.dialect.homie;

import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a device of version 3 or 4, which come one by one in any order. Not
 * thread-safe.
 */
final class Tree {
  private static final int MAX_ATTRIBUTES = 3_000;

  /** What an attribute takes beside its characters, in bytes, about. */
  private static final int OVERHEAD = 120;

  /** The most nodes of a device, and properties of a node. */
  static final int MOST = 100;

  private final String topic;
  private final String id;
  private final Map<String, String> attributes = new HashMap<>();
  private int size;

  Tree(String topic, String id) {
    this.topic = topic;
    this.id = id;
  }

  /** Takes an attribute; empty takes it back. Returns whether it was another before. */
  boolean put(String path, String value) throws DiscoveryException {
    String before = attributes.get(path);
    if (value.equals(before == null ? "" : before)) {
      return false;
    }
    if (before != null) {
      size -= size(path, before);
    }
    if (value.isEmpty()) {
      attributes.remove(path);
    } else if (before == null && attributes.size() >= MAX_ATTRIBUTES) {
      throw new DiscoveryException("it has " + MAX_ATTRIBUTES + " attributes already");
    } else {
      attributes.put(path, value);
      size += size(path, value);
    }
    return true;
  }

  private static int size(String path, String value) {
    return OVERHEAD + path.length() + value.length();
  }

  /** What it holds, in bytes, about. */
  int size() {
    return size;
  }

  @Nullable String get(String path) {
    return attributes.get(path);
  }

  /** The device, or null as long as something of it is missing. */
  @Nullable Device device() throws DiscoveryException {
    String nodes = attributes.get("$nodes");
    if (nodes == null) {
      return null;
    }
    List<Device.Node> made = new ArrayList<>();
    for (String each : list("$nodes", nodes)) {
      Device.Node node = node(each);
      if (node == null) {
        return null;
      }
      made.add(node);
    }
    return new Device(
        topic,
        id,
        Device.words(attributes.get("$name"), id),
        attributes.get("$mac"),
        null,
        false,
        made);
  }

  private Device.@Nullable Node node(String node) throws DiscoveryException {
    String properties = attributes.get(node + "/$properties");
    if (properties == null) {
      return null;
    }
    List<Device.Property> made = new ArrayList<>();
    for (String each : list(node + "/$properties", properties)) {
      String path = node + "/" + each + "/";
      String datatype = attributes.get(path + "$datatype");
      if (datatype == null) {
        return null;
      }
      made.add(
          new Device.Property(
              topic + "/" + node + "/" + each,
              each,
              Device.words(attributes.get(path + "$name"), each),
              datatype,
              attributes.getOrDefault(path + "$format", ""),
              "true".equals(attributes.get(path + "$settable")),
              !"false".equals(attributes.get(path + "$retained")),
              unit(attributes.get(path + "$unit"))));
    }
    return new Device.Node(
        node,
        Device.words(attributes.get(node + "/$name"), node),
        attributes.getOrDefault(node + "/$type", ""),
        made);
  }

  static @Nullable String unit(@Nullable String unit) {
    String clean = unit == null ? "" : Names.clean(unit);
    return clean.isEmpty() ? null : clean;
  }

  private static Set<String> list(String key, String ids) throws DiscoveryException {
    Set<String> list = new LinkedHashSet<>();
    for (String each : ids.split(",", -1)) {
      if (!Device.ID.matcher(each).matches()) {
        throw Fields.wrong(key, each, "ids of a-z, 0-9 and hyphens, with commas between them");
      }
      list.add(each);
    }
    if (list.size() > MOST) {
      throw new DiscoveryException(key + " has " + list.size() + " ids; at most " + MOST);
    }
    return list;
  }
}
