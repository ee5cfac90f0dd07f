package dev.hearth.devices.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** JSON payloads, and maps that keep their order. */
final class Wire {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Wire() {}

  static String json(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * Reads a JSON object.
   *
   * @throws IllegalArgumentException when it is not one
   */
  static Map<?, ?> object(String payload) {
    try {
      if (MAPPER.readValue(payload, Object.class) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException("'" + payload + "' is not JSON", e);
    }
    throw new IllegalArgumentException("'" + payload + "' is not a JSON object");
  }

  static @Nullable Double number(Map<?, ?> json, String key) {
    return json.get(key) instanceof Number n ? n.doubleValue() : null;
  }

  /** A map of the pairs in their order. */
  static Map<String, Object> map(Object... pairs) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      out.put((String) pairs[i], Objects.requireNonNull(pairs[i + 1]));
    }
    return out;
  }

  /** Whole numbers without their point. */
  static Object plain(double value) {
    double rounded = Math.rint(value * 100) / 100;
    return rounded == Math.rint(rounded) ? (Object) (long) rounded : (Object) rounded;
  }
}
