package dev.hearth.devices.registry;

import dev.hearth.devices.AreaId;
import dev.hearth.devices.Device;
import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.DeviceId;
import dev.hearth.devices.Slugs;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Devices, known by any of the keys they ever gave. Not thread-safe. */
final class Devices {
  private final Map<DeviceId, Device> devices = new LinkedHashMap<>();
  private final Map<String, DeviceId> byKey = new HashMap<>();
  private final Map<DeviceId, String> suggested = new HashMap<>();

  Collection<Device> all() {
    return devices.values();
  }

  /**
   * Adds what a description tells to the device it is about.
   *
   * @param otherwise its name when nobody tells one
   * @param areas the area of a suggested name, null for none
   */
  Device merge(
      DeviceDescription description, String otherwise, Function<String, @Nullable AreaId> areas) {
    DeviceId id =
        description.keys().stream()
            .map(byKey::get)
            .filter(found -> found != null)
            .findFirst()
            .orElseGet(() -> free(description.keys().iterator().next()));
    Device before = devices.get(id);
    String area = orNull(description.suggestedArea(), suggested.get(id));
    if (area != null) {
      suggested.put(id, area);
    }
    Device after =
        new Device(
            id,
            first(description.name(), before == null ? otherwise : before.name()),
            orNull(description.manufacturer(), before == null ? null : before.manufacturer()),
            orNull(description.model(), before == null ? null : before.model()),
            area == null ? null : areas.apply(area));
    devices.put(id, after);
    description.keys().forEach(key -> byKey.putIfAbsent(key, id));
    return after;
  }

  private static String first(@Nullable String wanted, String otherwise) {
    return wanted == null ? otherwise : wanted;
  }

  private static @Nullable String orNull(@Nullable String wanted, @Nullable String otherwise) {
    return wanted == null ? otherwise : wanted;
  }

  private DeviceId free(String key) {
    DeviceId id = DeviceId.of(key.substring(key.indexOf(':') + 1));
    return devices.containsKey(id) ? new DeviceId(Slugs.slug("device " + Slugs.checksum(key))) : id;
  }

  void remove(DeviceId id) {
    devices.remove(id);
    suggested.remove(id);
    byKey.values().removeIf(id::equals);
  }
}
