package dev.hearth.devices;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a device says about itself. Two descriptions that share a key are of the same device.
 *
 * @param keys what identifies it, such as {@code id:0x00158d} or {@code mac:02:5b:00:0a:1b:2c}; not
 *     empty. However a MAC address is written, and even where it serves as an id, a key of its bare
 *     lower-case digits is added
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
  private static final Pattern MAC = Pattern.compile("(?:mac|id):([0-9a-fA-F]{12})");

  /** Copies the keys and adds that of the MAC address. */
  public DeviceDescription {
    Set<String> copy = new LinkedHashSet<>(keys);
    for (String key : List.copyOf(copy)) {
      var mac = MAC.matcher(key.startsWith("mac:") ? "mac:" + bare(key.substring(4)) : key);
      if (mac.matches()) {
        copy.add("mac:" + mac.group(1).toLowerCase(Locale.ROOT));
      }
    }
    keys = Collections.unmodifiableSet(copy);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("A device needs at least one key to be known by");
    }
  }

  private static String bare(String mac) {
    return mac.replaceAll("[:.-]", "");
  }
}
