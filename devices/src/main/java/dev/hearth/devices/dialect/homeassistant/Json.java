package dev.hearth.devices.dialect.homeassistant;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON from strangers, as plain maps, lists, strings, numbers, booleans and null. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxNumberLength(64)
                          .maxNameLength(1_000)
                          .maxStringLength(100_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** A value, or a {@link JacksonException} that says where it is broken. */
  static @Nullable Object parse(byte[] json) {
    return MAPPER.readValue(json, Object.class);
  }

  /** A value, or null when it is not JSON. */
  static @Nullable Object parseOrNull(String json) {
    try {
      return MAPPER.readValue(json, Object.class);
    } catch (JacksonException e) {
      return null;
    }
  }

  static String write(Map<String, ?> value) {
    return MAPPER.writeValueAsString(value);
  }
}
