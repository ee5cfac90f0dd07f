package dev.hearth.devices.dialect.tasmota;

import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Dialect;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Fields;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.mqtt.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the two messages by which a device announces itself: what it is, and what its sensors are.
 * Thread-safe.
 */
public final class TasmotaDiscovery implements Dialect {
  /** The largest announcement that is read, in bytes; a device takes about 1 KB. */
  public static final int MAX_PAYLOAD = 64 * 1024;

  private static final int MAX_DEVICES = 1_000;

  private final String base;
  private final Map<String, Setup> setups = new LinkedHashMap<>();
  private final Map<String, Map<?, ?>> sensors = new LinkedHashMap<>();

  /**
   * A reader of announcements.
   *
   * @param base the topic below which devices announce themselves; the firmware knows no other than
   *     {@code tasmota/discovery}, bridges between brokers may
   * @throws IllegalArgumentException when that is no topic
   */
  public TasmotaDiscovery(String base) {
    this.base = Topics.requireTopic(base);
  }

  @Override
  public List<String> filters() {
    return List.of(base + "/+/sensors", base + "/+/config");
  }

  @Override
  public synchronized List<Announced> announcements(String topic, byte[] payload)
      throws DiscoveryException {
    String[] levels = topic.substring(base.length() + 1).split("/", -1);
    String mac = levels[0];
    if (!mac.matches("[0-9A-Fa-f]{12}")) {
      throw Fields.wrong("the level before '" + levels[1] + "'", mac, "a MAC address");
    }
    boolean config = levels[1].equals("config");
    String source = base + "/" + mac;
    if (payload.length == 0) {
      if (!config) {
        sensors.remove(mac);
        return announced(source, mac);
      }
      setups.remove(mac);
      return List.of(new Announced(source, mac, new Announcement.Gone()));
    }
    Map<?, ?> json = payload.length > MAX_PAYLOAD ? null : Json.objectOrNull(payload);
    if (json == null) {
      throw new DiscoveryException("it is not a JSON object of at most " + MAX_PAYLOAD + " bytes");
    }
    Map<String, ?> known = config ? setups : sensors;
    if (!known.containsKey(mac) && known.size() >= MAX_DEVICES) {
      throw new DiscoveryException("there are " + MAX_DEVICES + " devices already");
    }
    if (config) {
      setups.put(mac, Setup.of(new Fields(json), mac));
    } else {
      sensors.put(mac, new Fields(json).section("sn").values());
    }
    return announced(source, mac);
  }

  /** What is known of a device, nothing before it said what it is. */
  private List<Announced> announced(String source, String mac) {
    Setup setup = setups.get(mac);
    if (setup == null) {
      return List.of();
    }
    Map<?, ?> sensing = sensors.getOrDefault(mac, Map.of());
    Set<String> keys = new LinkedHashSet<>(List.of("mac:" + mac.toLowerCase(Locale.ROOT)));
    keys.add("id:" + mac.substring(6).toUpperCase(Locale.ROOT)); // as older announcements had it
    DeviceDescription device =
        new DeviceDescription(keys, setup.name(), "Tasmota", setup.model(), null);
    List<Part> parts = new ArrayList<>(Outputs.of(setup));
    parts.addAll(Sensors.of(setup, sensing));
    Map<EntityId, Discovered> entities = new LinkedHashMap<>();
    for (Part part : parts) {
      Discovered found = part.discovered("tasmota_" + mac, device);
      entities.putIfAbsent(found.description().id(), found);
    }
    return List.of(
        new Announced(
            source,
            // Sensors are announced with their values, which are no news.
            List.of(setup, parts.stream().map(Part::looks).toList()),
            new Announcement.Entities(List.copyOf(entities.values()))));
  }
}
