package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Availability;
import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Names;
import dev.hearth.devices.Slugs;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Dialect;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Fields;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.mqtt.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads a bridge's lists of devices and groups. Each device and each group is a source of its own.
 * Entities have the ids that the bridge's own announcements for Home Assistant lead to, so that
 * what people decided about them holds either way. Thread-safe.
 */
public final class Zigbee2MqttDiscovery implements Dialect {
  /** The largest list that is read, in bytes; a device takes 3 KB on average and up to 70. */
  public static final int MAX_PAYLOAD = 8 * 1024 * 1024;

  private static final int MAX_DEVICES = 1_000;
  private static final int MAX_GROUPS = 500;

  /** Makes something of an entry. */
  @FunctionalInterface
  private interface Maker<T> {
    T make(Fields entry) throws DiscoveryException;
  }

  /** A list as it was read: entries, and what is wrong with others, by id. */
  private record Listed<T>(Map<String, T> entries, Map<String, String> faults) {}

  private final String base;
  private final Map<String, Entry.Device> devices = new LinkedHashMap<>();
  private final Map<String, Entry.Group> groups = new LinkedHashMap<>();
  private boolean heardDevices;

  /**
   * A reader of a bridge.
   *
   * @param base its base topic, such as {@code zigbee2mqtt}
   * @throws IllegalArgumentException when that is no topic
   */
  public Zigbee2MqttDiscovery(String base) {
    this.base = Topics.requireTopic(base);
  }

  @Override
  public List<String> filters() {
    return List.of(base + "/bridge/devices", base + "/bridge/groups");
  }

  @Override
  public synchronized List<Announced> announcements(String topic, byte[] payload)
      throws DiscoveryException {
    List<Announced> out = new ArrayList<>();
    if (topic.endsWith("/devices")) {
      update(topic, devices, list(payload, MAX_DEVICES, "ieee_address", this::device), out);
      devices.values().forEach(each -> out.add(announced(topic, each)));
      heardDevices = true;
    } else {
      update(topic, groups, list(payload, MAX_GROUPS, "id", this::group), out);
    }
    if (heardDevices) { // Before that, nothing is known of any member.
      groups.values().forEach(each -> out.add(announced(base + "/bridge/groups", each)));
    }
    return out;
  }

  private Entry.Device device(Fields entry) throws DiscoveryException {
    return Entry.Device.of(entry, base);
  }

  private Entry.Group group(Fields entry) throws DiscoveryException {
    return Entry.Group.of(entry, base);
  }

  private static <T extends Entry> Listed<T> list(
      byte[] payload, int most, String idKey, Maker<T> maker) throws DiscoveryException {
    Listed<T> listed = new Listed<>(new LinkedHashMap<>(), new LinkedHashMap<>());
    if (payload.length == 0) {
      return listed; // What was retained is taken back: nothing is there any more.
    }
    Json.forEach(
        payload,
        MAX_PAYLOAD,
        most,
        map -> {
          try {
            T entry = maker.make(new Fields(map));
            if (listed.entries.putIfAbsent(entry.id(), entry) != null) {
              throw new DiscoveryException(idKey + " '" + entry.id() + "' is there twice");
            }
          } catch (DiscoveryException e) {
            String id = Names.clean(String.valueOf(map.get(idKey)));
            listed.faults.put(id, String.valueOf(e.getMessage()));
          }
        });
    return listed;
  }

  /** Takes a list over: what is gone is told, what is broken stays as it was. */
  private static <T extends Entry> void update(
      String topic, Map<String, T> known, Listed<T> listed, List<Announced> out) {
    Set<String> gone = new LinkedHashSet<>(known.keySet());
    gone.removeAll(listed.entries.keySet());
    gone.removeAll(listed.faults.keySet());
    known.keySet().removeAll(gone);
    known.putAll(listed.entries);
    for (String id : gone) {
      out.add(new Announced(topic + " " + id, id, new Announcement.Gone()));
    }
    listed.faults.forEach((id, fault) ->
        out.add(new Announced(topic + " " + id, id, new Announcement.Faulty(fault))));
  }

  private Announced announced(String topic, Entry.Device device) {
    String title = Titles.of(device.name());
    DeviceDescription described =
        new DeviceDescription(
            Set.of("id:zigbee2mqtt_" + device.id()),
            title,
            device.maker(),
            device.model(),
            Titles.folder(device.name()));
    List<Part> parts = Parts.of(device.exposes(), device.about());
    boolean one = parts.stream().filter(Part::main).count() == 1;
    List<Discovered> entities = new ArrayList<>();
    for (Part part : parts) {
      boolean nicknamed = one && part.main() && !device.description().isEmpty();
      entities.add(
          discovered(
              device.id(),
              part,
              Titles.of(title, part, parts),
              nicknamed ? List.of(device.description()) : List.of(),
              described,
              new DeviceCodec(
                  base,
                  device.name(),
                  part,
                  device.sleeps() ? DeviceCodec.Hearing.SLEEPING : DeviceCodec.Hearing.AWAKE)));
    }
    entities.addAll(scenes(device, title, described));
    return new Announced(topic + " " + device.id(), device, new Announcement.Entities(entities));
  }

  private Announced announced(String topic, Entry.Group group) {
    String title = Titles.of(group.name());
    DeviceDescription described =
        new DeviceDescription(
            Set.of("id:zigbee2mqtt_" + encodedBase() + "_" + group.id()),
            title,
            null,
            "Group",
            Titles.folder(group.name()));
    List<Discovered> entities = new ArrayList<>();
    Groups.Made made = Groups.of(base, group, devices);
    if (made != null) {
      entities.add(discovered(group.id(), made.part(), title, List.of(), described, made.codec()));
    }
    entities.addAll(scenes(group, title, described));
    // What it is made from is the group and its members: a member may have been renamed.
    List<Entry> content = new ArrayList<>(List.of(group));
    for (Entry.Member each : group.members()) {
      Entry.Device device = devices.get(each.device());
      if (device != null) {
        content.add(device);
      }
    }
    return new Announced(topic + " " + group.id(), content, new Announcement.Entities(entities));
  }

  private List<Discovered> scenes(Entry entry, String title, DeviceDescription device) {
    List<Discovered> scenes = new ArrayList<>();
    entry
        .scenes()
        .forEach((id, name) -> {
          Part part = Inputs.scene(id);
          scenes.add(
              discovered(
                  entry.id(),
                  part,
                  Names.clean(title + " " + name),
                  List.of(name),
                  device,
                  new DeviceCodec(base, entry.name(), part, DeviceCodec.Hearing.NONE)));
        });
    return scenes;
  }

  private Discovered discovered(
      String id,
      Part part,
      String name,
      List<String> aliases,
      DeviceDescription device,
      Codec codec) {
    String kind = part.kind().component();
    String unique = id + "_" + part.object() + "_" + base;
    EntityDescription description =
        new EntityDescription(
            new EntityId(kind + "." + Slugs.slug(unique)),
            name,
            aliases,
            part.kind(),
            part.deviceClass(),
            device,
            part.capabilities(),
            part.visible(),
            Availability.UNKNOWN);
    return new Discovered(kind + "." + unique, description, codec);
  }

  /** The base topic as the bridge writes it into the identifiers of groups: letter by letter. */
  private String encodedBase() {
    return base.chars().mapToObj(String::valueOf).collect(Collectors.joining());
  }
}
