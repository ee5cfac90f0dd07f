package dev.hearth.devices.dialect.shelly;

import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Dialect;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.mqtt.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds devices of the second generation and later. They do not announce themselves: who says that
 * it is there, or tells what happens, is asked what it is, what its parts are called and how they
 * are. Thread-safe.
 */
public final class ShellyDiscovery implements Dialect {
  /** The largest answer that is read, in bytes. */
  public static final int MAX_PAYLOAD = 256 * 1024;

  private static final int MAX_DEVICES = 1_000;
  private static final int MAX_COMPONENTS = 100;
  private static final String ONLINE = "/online";
  private static final String EVENTS = "/events/rpc";

  /** Who is there, and what it has answered so far. */
  private static final class Known {
    private @Nullable Map<?, ?> info;
    private @Nullable Map<?, ?> config;
    private @Nullable Map<?, ?> status;
    private int unanswered;
  }

  private final String filter;
  private final Map<String, Known> known = new HashMap<>();

  /**
   * A finder of devices.
   *
   * @param filter of the prefixes of their topics, such as {@code +} for those of one level
   * @throws IllegalArgumentException when that is no topic filter
   */
  public ShellyDiscovery(String filter) {
    this.filter = Topics.requireFilter(filter);
  }

  @Override
  public List<String> filters() {
    return List.of(Rpc.answers(filter), filter + EVENTS, filter + ONLINE);
  }

  @Override
  public synchronized List<Announced> announcements(String topic, byte[] payload)
      throws DiscoveryException {
    String answering = Rpc.answering(topic);
    if (answering != null) {
      return answered(answering, payload);
    }
    if (topic.endsWith(ONLINE)) {
      String prefix = topic.substring(0, topic.length() - ONLINE.length());
      if (payload.length == 0) { // Somebody made the broker forget it.
        return known.remove(prefix) == null
            ? List.of()
            : List.of(new Announced(prefix, prefix, new Announcement.Gone()));
      }
      return new String(payload, StandardCharsets.UTF_8).equals("true") ? ask(prefix) : List.of();
    }
    String prefix = topic.substring(0, topic.length() - EVENTS.length());
    Known one = known.get(prefix);
    if (one != null && (one.status != null || Integer.bitCount(++one.unanswered) > 1)) {
      return List.of(); // It is known, or asked less and less often, for it does not answer.
    }
    Map<?, ?> json = payload.length > MAX_PAYLOAD ? null : Json.objectOrNull(payload);
    boolean tells = json != null && String.valueOf(json.get("method")).startsWith("Notify");
    return tells ? ask(prefix) : List.of();
  }

  private List<Announced> ask(String prefix) throws DiscoveryException {
    if (!known.containsKey(prefix) && known.size() >= MAX_DEVICES) {
      throw new DiscoveryException("there are " + MAX_DEVICES + " devices already");
    }
    if (!Topics.isTopic(Rpc.answers(prefix) + "/status")) {
      throw new DiscoveryException("the prefix is too long");
    }
    known.computeIfAbsent(prefix, p -> new Known());
    return List.of(
        new Announced(
            prefix + " asked",
            prefix,
            new Announcement.Asking(
                List.of(Rpc.askInfo(prefix), Rpc.askConfig(prefix), Rpc.askStatus(prefix)))));
  }

  private List<Announced> answered(String prefix, byte[] payload) throws DiscoveryException {
    Known one = known.get(prefix);
    if (one == null) {
      return List.of(); // Nobody asked.
    }
    if (payload.length > MAX_PAYLOAD) {
      throw new DiscoveryException(
          "it has " + payload.length + " bytes; at most " + MAX_PAYLOAD + " are read");
    }
    Map<?, ?> json = Json.objectOrNull(payload);
    Rpc.Answer answer = json == null ? null : Rpc.answer(json);
    if (answer == null) {
      throw new DiscoveryException("it is no answer of a remote procedure call");
    }
    Map<?, ?> result = answer.result();
    if (answer.id() < Rpc.INFO || answer.id() > Rpc.STATUS) {
      return List.of(); // It answers a command.
    }
    if (result == null) {
      throw new DiscoveryException(
          "the device does not tell what it is: "
              + answer.error()
              + "; if it wants a password, switch its authentication off or leave it to Home"
              + " Assistant");
    }
    switch (answer.id()) {
      case Rpc.INFO -> one.info = result;
      case Rpc.CONFIG -> one.config = result;
      default -> one.status = result;
    }
    Map<?, ?> info = one.info;
    Map<?, ?> config = one.config;
    Map<?, ?> status = one.status;
    return info == null || config == null || status == null
        ? List.of()
        : List.of(announced(Device.of(prefix, info, config, status), status));
  }

  private static Announced announced(Device device, Map<?, ?> status) throws DiscoveryException {
    Map<String, Map<?, ?>> components = new TreeMap<>(Readings.components(status));
    if (components.size() > MAX_COMPONENTS) {
      throw new DiscoveryException(
          "it has " + components.size() + " components; at most " + MAX_COMPONENTS + " are taken");
    }
    long actors =
        components.keySet().stream()
            .filter(each -> Actors.acts(each.substring(0, each.indexOf(':'))))
            .count();
    List<Part> parts = new ArrayList<>();
    components.forEach((key, told) -> {
      Component component = new Component(device, key);
      String own = device.names().get(key);
      boolean acts = Actors.acts(component.type());
      if (acts) {
        boolean numbered = actors > 1 && own == null;
        String name =
            own != null
                ? own
                : numbered
                    ? Names.clean(device.name() + " " + component.type() + " " + number(component))
                    : device.name();
        parts.add(Actors.of(component, told, name));
        parts.addAll(Readings.of(component, told, name));
      } else {
        boolean numbered = own == null && (component.number() > 0 || isInput(component));
        String title = own != null && isInput(component) ? own : device.name();
        parts.addAll(
            Readings.of(
                component,
                told,
                numbered
                    ? Names.clean(title + " " + component.type() + " " + number(component))
                    : title));
      }
    });
    DeviceDescription described =
        new DeviceDescription(device.keys(), device.name(), "Shelly", device.model(), null);
    return new Announced(
        device.prefix(),
        List.of(device, parts.stream().map(Part::looks).toList()),
        new Announcement.Entities(
            parts.stream()
                .map(each -> each.discovered("shelly_" + device.id(), described))
                .toList()));
  }

  private static boolean isInput(Component component) {
    return component.type().equals("input");
  }

  /** People count from 1. */
  private static int number(Component component) {
    return component.number() < 100 ? component.number() + 1 : component.number();
  }
}
