package dev.hearth.devices;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a device says about itself. Two descriptions that share a key are of the same device.
 *
 * @param keys what identifies it, such as {@code id:0x00158d} or {@code mac:02:5b:00}; not empty
 * @param name what it is called, or null when it does not say
 * @param manufacturer who made it, or null
 * @param model what the maker calls it, or null
 * @param suggestedArea the name of the area it thinks it is in, or null
 */
public record DeviceDescription(
    Set<String> keys,
    @Nullable String name,
    @Nullable String manufacturer,
    @Nullable String model,
    @Nullable String suggestedArea) {
  /** Copies the keys. */
  public DeviceDescription {
    keys = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(keys));
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("A device needs at least one key to be known by");
    }
  }
}
