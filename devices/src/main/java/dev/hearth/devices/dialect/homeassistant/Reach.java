package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Availability;
import dev.hearth.devices.dialect.DiscoveryException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether an entity can be reached, by its availability topics and their mode. */
final class Reach {
  private enum Mode {
    ALL,
    ANY,
    LATEST
  }

  private record Source(
      String topic, ValueTemplate template, String available, String notAvailable) {}

  private final List<Source> sources;
  private final Mode mode;
  private final Map<Source, Availability> heard = new LinkedHashMap<>();
  private Availability latest = Availability.UNKNOWN;

  private Reach(List<Source> sources, Mode mode) {
    this.sources = sources;
    this.mode = mode;
  }

  static Reach of(Config config) throws DiscoveryException {
    List<Source> sources = new ArrayList<>();
    for (Config each : config.sections("availability")) {
      sources.add(
          new Source(
              each.requiredTopic("topic"),
              each.template("value_template"),
              each.text("payload_available", "online"),
              each.text("payload_not_available", "offline")));
    }
    String topic = config.topic("availability_topic");
    if (topic != null && sources.isEmpty()) {
      sources.add(
          new Source(
              topic,
              config.template("availability_template"),
              config.text("payload_available", "online"),
              config.text("payload_not_available", "offline")));
    }
    String word = config.text("availability_mode", "latest");
    Mode mode =
        switch (word.toLowerCase(Locale.ROOT)) {
          case "all" -> Mode.ALL;
          case "any" -> Mode.ANY;
          case "latest" -> Mode.LATEST;
          default -> throw Config.wrong("availability_mode", word, "all, any or latest");
        };
    return new Reach(List.copyOf(sources), mode);
  }

  List<String> topics() {
    return sources.stream().map(Source::topic).toList();
  }

  /** Without a topic a device counts as reachable, otherwise nothing is known at first. */
  Availability initial() {
    return sources.isEmpty() ? Availability.ONLINE : Availability.UNKNOWN;
  }

  /** What a message says, or null when it is not about availability. */
  synchronized @Nullable Availability hear(String topic, Payload payload) {
    boolean any = false;
    for (Source source : sources) {
      if (source.topic.equals(topic)) {
        String value = source.template.read(payload);
        Availability says =
            value.equals(source.available)
                ? Availability.ONLINE
                : value.equals(source.notAvailable) ? Availability.OFFLINE : null;
        if (says != null) {
          heard.put(source, says);
          latest = says;
          any = true;
        }
      }
    }
    return any ? now() : null;
  }

  private Availability now() {
    Collection<Availability> all = heard.values();
    boolean complete = heard.keySet().containsAll(Set.copyOf(sources));
    return switch (mode) {
      case LATEST -> latest;
      case ANY ->
          all.contains(Availability.ONLINE)
              ? Availability.ONLINE
              : complete ? Availability.OFFLINE : Availability.UNKNOWN;
      case ALL ->
          all.contains(Availability.OFFLINE)
              ? Availability.OFFLINE
              : complete ? Availability.ONLINE : Availability.UNKNOWN;
    };
  }
}
