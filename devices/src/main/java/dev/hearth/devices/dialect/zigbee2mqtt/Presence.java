package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Availability;
import dev.hearth.devices.dialect.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a device can be reached: not while its bridge is off, nor when the bridge says so. A
 * bridge that does not watch its devices says nothing of them. Thread-safe.
 */
final class Presence {
  private static final int MAX_PAYLOAD = 1_024;

  private final String bridge;
  private final String device;
  private @Nullable Boolean bridgeOnline;
  private @Nullable Boolean deviceOnline;

  Presence(String base, String name) {
    bridge = base + "/bridge/state";
    device = base + "/" + name + "/availability";
  }

  List<String> topics() {
    return List.of(bridge, device);
  }

  /** What is known after a message; null when it is not about that. */
  synchronized @Nullable Availability hear(String topic, byte[] payload) {
    if (topic.equals(bridge)) {
      Boolean online = online(payload);
      if (online == null) {
        return null;
      }
      bridgeOnline = online;
    } else if (topic.equals(device)) {
      Boolean online = online(payload);
      if (online == null && payload.length > 0) {
        return null;
      }
      deviceOnline = online; // An empty payload takes back what was retained.
    } else {
      return null;
    }
    if (Boolean.FALSE.equals(bridgeOnline) || Boolean.FALSE.equals(deviceOnline)) {
      return Availability.OFFLINE;
    }
    return bridgeOnline == null && deviceOnline == null
        ? Availability.UNKNOWN
        : Availability.ONLINE;
  }

  /** JSON with a state, or the bare word of older bridges; null for anything else. */
  private static @Nullable Boolean online(byte[] payload) {
    if (payload.length > MAX_PAYLOAD) {
      return null;
    }
    Map<?, ?> json = Json.objectOrNull(payload);
    Object word =
        json == null ? new String(payload, StandardCharsets.UTF_8).strip() : json.get("state");
    return "online".equals(word)
        ? Boolean.TRUE
        : "offline".equals(word) ? Boolean.FALSE : (Boolean) null;
  }
}
