package dev.hearth.devices.dialect.homeassistant;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Writes abbreviated keys out and puts the base topic {@code ~} in its places. */
final class Expansion {
  private static final Map<String, String> ENTITY = table("abbreviations");
  private static final Map<String, String> DEVICE = table("device-abbreviations");
  private static final Map<String, String> ORIGIN = table("origin-abbreviations");

  private Expansion() {}

  private static Map<String, String> table(String name) {
    Properties properties = new Properties();
    String file = name + ".properties";
    try (InputStream in = Expansion.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("Resource " + file + " is missing from the build");
      }
      properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> table = new LinkedHashMap<>();
    properties.forEach((key, value) -> table.put((String) key, (String) value));
    return Map.copyOf(table);
  }

  /** A configuration with every key written out, in device, origin and availability too. */
  static Map<String, @Nullable Object> expand(Map<?, ?> config) {
    Map<String, @Nullable Object> out = rename(config, ENTITY);
    out.computeIfPresent("device", (key, value) -> renamed(value, DEVICE));
    out.computeIfPresent("origin", (key, value) -> renamed(value, ORIGIN));
    out.computeIfPresent(
        "availability",
        (key, value) ->
            value instanceof List<?> list ? renamedAll(list) : renamedAll(List.of(value)));
    return out;
  }

  private static Map<String, @Nullable Object> rename(Map<?, ?> map, Map<String, String> table) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    map.forEach((key, value) -> {
      String name = String.valueOf(key);
      String full = table.getOrDefault(name, name);
      // A key written out wins over its abbreviation.
      if (full.equals(name) || !map.containsKey(full)) {
        out.put(full, value);
      }
    });
    return out;
  }

  private static Object renamed(Object value, Map<String, String> table) {
    return value instanceof Map<?, ?> map ? rename(map, table) : value;
  }

  private static List<Object> renamedAll(List<?> list) {
    List<Object> out = new ArrayList<>();
    for (Object each : list) {
      if (each != null) {
        out.add(renamed(each, ENTITY));
      }
    }
    return out;
  }

  /** Replaces {@code ~} at the start or end of every topic. */
  static void putBase(Map<String, @Nullable Object> config, @Nullable Object base) {
    if (!(base instanceof String text) || text.isEmpty()) {
      return;
    }
    config.replaceAll((key, value) -> isTopic(key) ? withBase(value, text) : value);
    if (config.get("availability") instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> entry && entry.get("topic") != null) {
          @SuppressWarnings("unchecked") // made by rename above
          Map<String, @Nullable Object> own = (Map<String, @Nullable Object>) entry;
          own.replaceAll((key, value) -> isTopic(key) ? withBase(value, text) : value);
        }
      }
    }
  }

  private static boolean isTopic(String key) {
    return key.equals("topic") || key.endsWith("_topic");
  }

  private static @Nullable Object withBase(@Nullable Object value, String base) {
    if (!(value instanceof String topic) || topic.isEmpty()) {
      return value;
    }
    String out = topic;
    if (out.startsWith("~")) {
      out = base + out.substring(1);
    }
    if (out.endsWith("~")) {
      out = out.substring(0, out.length() - 1) + base;
    }
    return out;
  }
}
