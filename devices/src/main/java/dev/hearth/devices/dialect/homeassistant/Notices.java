package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What only tells: events, and whether there is new firmware, which Hearth never installs. */
final class Notices {
  private Notices() {}

  static Component event(Config config) throws DiscoveryException {
    config.requiredTopic("state_topic");
    List<String> types = config.words("event_types", List.of());
    if (!config.has("event_types")) {
      throw new DiscoveryException("event_types is missing; an event needs what can happen");
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic",
        "value_template",
        (value, payload, before, out) -> {
          if (!(Json.parseOrNull(value) instanceof Map<?, ?> json)
              || !(json.get("event_type") instanceof String type)) {
            throw new IllegalArgumentException("an event needs a JSON object with its event_type");
          }
          if (!types.contains(type)) {
            throw new IllegalArgumentException(
                "'" + Names.clean(type) + "' is none of its event_types: " + types);
          }
          out.set(Attribute.EVENT, type);
        },
        Attribute.EVENT);
    return new Component(
        List.of(new Capability.Events(types)),
        builder.build((command, state) -> {
          throw UnsupportedCommandException.of(command);
        }));
  }

  static Component update(Config config) throws DiscoveryException {
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic",
        "value_template",
        Notices::readUpdate,
        Attribute.INSTALLED_VERSION,
        Attribute.LATEST_VERSION,
        Attribute.ON);
    builder.read(
        "latest_version_topic",
        "latest_version_template",
        (value, payload, before, out) -> versions(null, value, before, out),
        Attribute.LATEST_VERSION,
        Attribute.ON);
    return new Component(
        List.of(new Capability.Binary("update")),
        builder.build((command, state) -> {
          throw UnsupportedCommandException.of(command);
        }));
  }

  private static void readUpdate(
      String value, Payload payload, State before, StateUpdate.Builder out) {
    if (Json.parseOrNull(value) instanceof Map<?, ?> json) {
      versions(version(json, "installed_version"), version(json, "latest_version"), before, out);
    } else {
      versions(value, null, before, out);
    }
  }

  private static @Nullable String version(Map<?, ?> json, String key) {
    Object value = json.get(key);
    return value instanceof String || value instanceof Number ? String.valueOf(value) : null;
  }

  private static void versions(
      @Nullable String installed, @Nullable String latest, State before, StateUpdate.Builder out) {
    String now = known(installed, before, Attribute.INSTALLED_VERSION, out);
    String next = known(latest, before, Attribute.LATEST_VERSION, out);
    if (now != null && next != null) {
      out.set(Attribute.ON, !now.equals(next));
    }
  }

  private static @Nullable String known(
      @Nullable String version, State before, Attribute attribute, StateUpdate.Builder out) {
    if (version == null || Values.isReset(version) || version.isBlank()) {
      return before.word(attribute).orElse(null);
    }
    String clean = Names.clean(version);
    out.set(attribute, clean);
    return clean;
  }
}
