package dev.hearth.devices.dialect.homie;

import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Dialect;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Fields;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.mqtt.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what devices say of themselves. A device is taken as it is when it has said everything and
 * is past its beginning; while it begins anew, what was known stays. Thread-safe.
 */
public final class HomieDiscovery implements Dialect {
  /** The largest description that is read, in bytes. */
  public static final int MAX_PAYLOAD = 256 * 1024;

  private static final int MAX_ATTRIBUTE = 8 * 1024;
  private static final int MAX_DEVICES = 5_000;
  private static final int MAX_ENTITIES = 300;

  /** What one device may make us hold, in bytes; and all of a broker together. */
  private static final int MAX_DEVICE = 512 * 1024;

  private static final int MAX_HELD = 32 * 1024 * 1024;
  private static final String NEW = "5";

  /** A device of either kind. */
  private static final class Known {
    private final Tree tree;
    private @Nullable Device described;
    private int descriptionSize;
    private String state = "";

    /** Whether something changed since it was last announced. */
    private boolean news;

    Known(Tree tree) {
      this.tree = tree;
    }

    int size() {
      return tree.size() + descriptionSize + state.length();
    }
  }

  private final String base;
  private final Map<String, Known> known = new HashMap<>();
  private int held;

  /**
   * A reader of devices.
   *
   * @param base first level of their topics, such as {@code homie}
   * @throws IllegalArgumentException when that is no topic
   */
  public HomieDiscovery(String base) {
    this.base = Topics.requireTopic(base);
  }

  @Override
  public List<String> filters() {
    // What need not be there comes first, so that a device is mostly complete when it seems so.
    Stream<String> values =
        Stream.of("$unit", "$format", "$settable", "$retained", "$name", "$datatype")
            .map(each -> base + "/+/+/+/" + each);
    Stream<String> nodes =
        Stream.of("$name", "$type", "$properties").map(each -> base + "/+/+/" + each);
    Stream<String> devices =
        Stream.of("$mac", "$name", "$homie", "$nodes", "$state").map(each -> base + "/+/" + each);
    Stream<String> newer =
        Stream.of("$description", "$state").map(each -> base + "/" + NEW + "/+/" + each);
    return Stream.of(values, nodes, devices, newer).flatMap(each -> each).toList();
  }

  @Override
  public synchronized List<Announced> announcements(String topic, byte[] payload)
      throws DiscoveryException {
    String path = topic.substring(base.length() + 1);
    boolean newer = path.startsWith(NEW + "/") && path.matches("5/[^/]+/\\$(description|state)");
    String below = newer ? path.substring(NEW.length() + 1) : path;
    String id = below.substring(0, below.indexOf('/'));
    String attribute = below.substring(id.length() + 1);
    String home = newer ? base + "/" + NEW : base;
    if (!Device.ID.matcher(id).matches()) {
      throw Fields.wrong("the device's id", id, "of a-z, 0-9 and hyphens, at most 64");
    }
    int most = attribute.equals("$description") ? MAX_PAYLOAD : MAX_ATTRIBUTE;
    if (payload.length > most) {
      throw new DiscoveryException(
          "it has " + payload.length + " bytes; at most " + most + " are read");
    }
    String source = home + "/" + id;
    if (!known.containsKey(source) && known.size() >= MAX_DEVICES) {
      throw new DiscoveryException("there are " + MAX_DEVICES + " devices already");
    }
    Known one = known.computeIfAbsent(source, s -> new Known(new Tree(source, id)));
    String text = new String(payload, StandardCharsets.UTF_8);
    boolean vital = attribute.equals("$state") || attribute.equals("$description");
    if (vital && text.isEmpty()) {
      forget(source, one);
      return List.of(new Announced(source, id, new Announcement.Gone()));
    }
    int before = one.size();
    switch (attribute) {
      case "$state" -> {
        one.news |= !text.equals(one.state);
        one.state = text;
      }
      case "$description" -> {
        one.described = described(payload, home, id);
        one.descriptionSize = payload.length;
        one.news = true;
      }
      default -> one.news |= one.tree.put(attribute, text);
    }
    held += one.size() - before;
    int size = one.size();
    if (size > MAX_DEVICE) {
      forget(source, one);
      throw new DiscoveryException(
          "it says too much and what it said is forgotten: "
              + size
              + " bytes of itself; at most "
              + MAX_DEVICE
              + " are kept");
    }
    if (held > MAX_HELD) {
      forget(source, one);
      throw new DiscoveryException(
          "what it said is forgotten, for all devices together say too much of themselves: at most "
              + MAX_HELD
              + " bytes of all are kept");
    }
    if (!one.news) {
      return List.of();
    }
    List<Announced> all = announced(source, one, newer);
    one.news = all.isEmpty();
    return all;
  }

  private void forget(String source, Known one) {
    known.remove(source);
    held -= one.size();
  }

  private static Device described(byte[] payload, String home, String id)
      throws DiscoveryException {
    Map<?, ?> json = Json.objectOrNull(payload);
    if (json == null) {
      throw new DiscoveryException("it is not a JSON object");
    }
    return Description.read(json, home, id);
  }

  private static List<Announced> announced(String source, Known one, boolean newer)
      throws DiscoveryException {
    if (one.state.isEmpty() || one.state.equals("init")) {
      return List.of();
    }
    Device device = newer ? one.described : one.tree.device();
    if (device == null) {
      return List.of();
    }
    List<Discovered> entities = entities(device);
    if (entities.size() > MAX_ENTITIES) {
      throw new DiscoveryException(
          "it has " + entities.size() + " values; at most " + MAX_ENTITIES + " are taken");
    }
    return List.of(new Announced(source, device, new Announcement.Entities(entities)));
  }

  private static List<Discovered> entities(Device device) {
    Set<String> keys = new LinkedHashSet<>(List.of("homie:" + device.topic()));
    String mac = device.mac();
    if (mac != null) {
      keys.add("mac:" + mac);
    } else if (device.id().matches("[0-9a-f]{12}")) {
      keys.add("mac:" + device.id());
    }
    DeviceDescription described = new DeviceDescription(keys, device.name(), null, null, null);
    List<Parts.Made> parts = new ArrayList<>();
    device.nodes().forEach(node -> parts.addAll(Parts.of(device, node)));
    boolean alone = parts.size() == 1;
    String owner = "homie_" + device.id();
    return parts.stream()
        .map(each -> each.part().build(alone, each.writer()).discovered(owner, described))
        .toList();
  }
}
