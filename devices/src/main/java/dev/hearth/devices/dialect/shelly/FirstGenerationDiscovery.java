package dev.hearth.devices.dialect.shelly;

import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Dialect;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Fields;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.mqtt.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds devices of the first generation by what they report: a relay that tells its state is one.
 * Who says that it is there is asked to announce itself and to report everything. Thread-safe.
 */
public final class FirstGenerationDiscovery implements Dialect {
  private static final String BASE = "shellies";
  private static final int MAX_PAYLOAD = 16 * 1024;
  private static final int MAX_DEVICES = 1_000;
  private static final int MAX_CHANNELS = 40;

  /** What is known of a device: its announcement, and its channels with the keys they report. */
  private static final class Known {
    private @Nullable String mac;
    private @Nullable String model;
    private final Map<String, Set<String>> channels = new TreeMap<>();
  }

  private final Map<String, Known> known = new HashMap<>();

  /** Nothing yet. */
  public FirstGenerationDiscovery() {}

  @Override
  public List<String> filters() {
    return List.of(
        BASE + "/announce",
        BASE + "/+/announce",
        BASE + "/+/relay/+",
        BASE + "/+/relay/+/power",
        BASE + "/+/roller/+",
        BASE + "/+/roller/+/pos",
        BASE + "/+/light/+/status",
        BASE + "/+/white/+/status",
        BASE + "/+/color/+/status",
        BASE + "/+/online");
  }

  @Override
  public synchronized List<Announced> announcements(String topic, byte[] payload)
      throws DiscoveryException {
    String[] levels = topic.split("/", -1);
    if (payload.length == 0 && topic.endsWith("/online") && known.remove(levels[1]) != null) {
      // Somebody made the broker forget it.
      return List.of(new Announced(BASE + "/" + levels[1], levels[1], new Announcement.Gone()));
    }
    if (payload.length == 0 || payload.length > MAX_PAYLOAD) {
      return List.of();
    }
    String text = new String(payload, StandardCharsets.UTF_8);
    if (levels[levels.length - 1].equals("announce")) {
      return introduced(text);
    }
    String id = levels[1];
    if (levels[2].equals("online")) {
      return text.equals("true")
          ? List.of(
              new Announced(
                  topic,
                  id,
                  new Announcement.Asking(
                      List.of(new Outgoing(BASE + "/" + id + "/command", "announce"), update(id)))))
          : List.of();
    }
    if (!levels[3].matches("\\d{1,2}")) {
      return List.of();
    }
    Known one = device(id);
    String channel = levels[2] + "/" + levels[3];
    if (!one.channels.containsKey(channel) && one.channels.size() >= MAX_CHANNELS) {
      throw new DiscoveryException("it has " + MAX_CHANNELS + " channels already");
    }
    Set<String> told = one.channels.computeIfAbsent(channel, c -> new TreeSet<>());
    boolean news = one.channels.get(channel).isEmpty() && told.add("");
    if (levels.length > 4 && levels[4].equals("status")) {
      news |= Json.parseOrNull(text) instanceof Map<?, ?> json && told.addAll(Channel.keys(json));
    } else if (levels.length > 4) {
      // An uncalibrated roller says -1.
      boolean tells = !levels[4].equals("pos") || !text.startsWith("-");
      news |= tells && told.add(levels[4]);
    }
    return news ? List.of(announced(id, one)) : List.of();
  }

  private Known device(String id) throws DiscoveryException {
    if (id.isEmpty() || id.length() > 64 || !Topics.isTopic(BASE + "/" + id + "/x")) {
      throw Fields.wrong("the device's id", id, "1 to 64 characters");
    }
    if (!known.containsKey(id) && known.size() >= MAX_DEVICES) {
      throw new DiscoveryException("there are " + MAX_DEVICES + " devices already");
    }
    return known.computeIfAbsent(id, i -> new Known());
  }

  private List<Announced> introduced(String text) throws DiscoveryException {
    if (!(Json.parseOrNull(text) instanceof Map<?, ?> json)) {
      throw new DiscoveryException("it is not a JSON object");
    }
    Fields told = new Fields(json);
    String id = told.required("id");
    if (id.contains("/")) {
      throw Fields.wrong("id", id, "a single topic level");
    }
    String mac = told.text("mac");
    String model = told.text("model");
    Known one = device(id);
    one.mac = mac != null && mac.matches("[0-9A-Fa-f]{12}") ? mac : null;
    one.model = model == null || Names.clean(model).isEmpty() ? null : Names.clean(model);
    return one.channels.isEmpty() ? List.of() : List.of(announced(id, one));
  }

  static Outgoing update(String id) {
    return new Outgoing(BASE + "/" + id + "/command", "update");
  }

  private static Announced announced(String id, Known one) {
    String title = Names.clean(id.replace('-', ' '));
    String name = title.isEmpty() ? "Shelly" : title;
    Set<String> keys = new TreeSet<>(Set.of("id:" + id));
    if (one.mac != null) {
      keys.add("mac:" + one.mac);
    }
    DeviceDescription described = new DeviceDescription(keys, name, "Shelly", one.model, null);
    // A roller's relays are its motor.
    boolean roller = one.channels.keySet().stream().anyMatch(each -> each.startsWith("roller/"));
    List<Part> parts = new ArrayList<>();
    long many =
        one.channels.keySet().stream()
            .filter(each -> !(roller && each.startsWith("relay/")))
            .count();
    one.channels.forEach((channel, told) -> {
      if (!(roller && channel.startsWith("relay/"))) {
        int number = Integer.parseInt(channel.substring(channel.indexOf('/') + 1));
        String own = many == 1 ? name : Names.clean(name + " " + (number + 1));
        parts.addAll(new Channel(BASE, id, channel, told).parts(own));
      }
    });
    return new Announced(
        BASE + "/" + id,
        List.of(keys, String.valueOf(one.model), parts.stream().map(Part::looks).toList()),
        new Announcement.Entities(
            parts.stream().map(each -> each.discovered("shelly_" + id, described)).toList()));
  }
}
