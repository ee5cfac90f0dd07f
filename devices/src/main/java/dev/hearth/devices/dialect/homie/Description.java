package dev.hearth.devices.dialect.homie;

import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The description of a device of version 5: one document. */
final class Description {
  private Description() {}

  /**
   * Reads a description.
   *
   * @param json the document
   * @param base topic of all devices of that version
   * @param id the device's topic level
   */
  static Device read(Map<?, ?> json, String base, String id) throws DiscoveryException {
    Fields told = new Fields(json);
    String topic = base + "/" + id;
    List<Device.Node> nodes = new ArrayList<>();
    for (Map.Entry<?, ?> each : entries("nodes", told)) {
      nodes.add(node(topic, String.valueOf(each.getKey()), Fields.of("nodes", each.getValue())));
    }
    String root = told.text("root");
    if (root != null && !Device.ID.matcher(root).matches()) {
      throw Fields.wrong("root", root, "an id of a-z, 0-9 and hyphens");
    }
    return new Device(
        topic,
        id,
        Device.words(told.text("name"), id),
        null,
        root == null || root.equals(id) ? null : base + "/" + root,
        true,
        nodes);
  }

  private static Device.Node node(String topic, String id, Fields told) throws DiscoveryException {
    List<Device.Property> properties = new ArrayList<>();
    for (Map.Entry<?, ?> each : entries("properties", told)) {
      String property = String.valueOf(each.getKey());
      Fields about = Fields.of("properties", each.getValue());
      properties.add(
          new Device.Property(
              topic + "/" + id + "/" + property,
              property,
              Device.words(about.text("name"), property),
              about.required("datatype"),
              orEmpty(about.text("format")),
              flag(about, "settable", false),
              flag(about, "retained", true),
              Tree.unit(about.text("unit"))));
    }
    return new Device.Node(
        id, Device.words(told.text("name"), id), orEmpty(told.text("type")), properties);
  }

  private static Iterable<Map.Entry<?, ?>> entries(String key, Fields told)
      throws DiscoveryException {
    Map<?, ?> map = told.section(key).values();
    if (map.size() > Tree.MOST) {
      throw new DiscoveryException(
          key + " has " + map.size() + " entries; at most " + Tree.MOST + " are taken");
    }
    List<Map.Entry<?, ?>> entries = new ArrayList<>();
    for (Map.Entry<?, ?> each : map.entrySet()) {
      if (!Device.ID.matcher(String.valueOf(each.getKey())).matches()) {
        throw Fields.wrong(key, each.getKey(), "ids of a-z, 0-9 and hyphens");
      }
      entries.add(each);
    }
    return entries;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static boolean flag(Fields told, String key, boolean otherwise)
      throws DiscoveryException {
    return switch (told.scalar(key)) {
      case null -> otherwise;
      case Boolean flag -> flag;
      case Object other -> throw Fields.wrong(key, other, "true or false");
    };
  }
}
