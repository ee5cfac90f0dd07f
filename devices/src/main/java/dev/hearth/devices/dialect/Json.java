package dev.hearth.devices.dialect;

import dev.hearth.devices.Names;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON from strangers, as plain maps, lists, strings, numbers, booleans and null. Nesting of more
 * than 32, strings of more than 100,000 characters, names of more than 1,000 and numbers of more
 * than 64 digits are refused, and so is anything behind the value.
 */
public final class Json {
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
  public static @Nullable Object parse(byte[] json) {
    return MAPPER.readValue(json, Object.class);
  }

  /** A value, or null when it is not JSON. */
  public static @Nullable Object parseOrNull(String json) {
    try {
      return MAPPER.readValue(json, Object.class);
    } catch (JacksonException e) {
      return null;
    }
  }

  /** An object, or null when it is anything else. */
  public static @Nullable Map<?, ?> objectOrNull(byte[] json) {
    try {
      return MAPPER.readValue(json, Object.class) instanceof Map<?, ?> map ? map : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /**
   * Reads a list of objects, one after the other: a list of all devices may be large, and what is
   * made of an object is mostly small.
   *
   * @param json the payload
   * @param maxBytes the largest payload that is read
   * @param maxEntries the longest list that is taken
   * @param take is given each object; when an exception comes after that, nothing of it counts
   * @throws DiscoveryException if it is larger, longer or anything but a list of objects
   */
  public static void forEach(byte[] json, int maxBytes, int maxEntries, Consumer<Map<?, ?>> take)
      throws DiscoveryException {
    if (json.length > maxBytes) {
      throw new DiscoveryException(
          "it has " + json.length + " bytes; at most " + maxBytes + " are read");
    }
    int entries = 0;
    try (JsonParser parser = MAPPER.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new DiscoveryException("it is not a JSON list");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (++entries > maxEntries) {
          throw new DiscoveryException("it has more than " + maxEntries + " entries");
        }
        if (!(parser.readValueAs(Object.class) instanceof Map<?, ?> map)) {
          throw new DiscoveryException("entry " + entries + " is not an object");
        }
        take.accept(map);
      }
      if (parser.nextToken() != null) {
        throw new DiscoveryException("something follows its JSON list");
      }
    } catch (JacksonException e) {
      throw new DiscoveryException("it is not JSON: " + Names.clean(e.getOriginalMessage()));
    }
  }

  /**
   * A finite number, which some publishers write as a string.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static double number(@Nullable Object value) {
    double number =
        switch (value) {
          case Number n -> n.doubleValue();
          case String s -> parseNumber(s);
          case null, default -> Double.NaN;
        };
    if (!Double.isFinite(number)) {
      throw nonsense(value, "a number");
    }
    return number;
  }

  private static double parseNumber(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      return Double.NaN; // said by the caller
    }
  }

  /**
   * A text, number or boolean as a word, cleaned by {@link Names}.
   *
   * @throws IllegalArgumentException when it is an object or a list
   */
  public static String word(@Nullable Object value) {
    if (value == null || value instanceof Map || value instanceof List) {
      throw nonsense(value, "a word");
    }
    return Names.clean(value.toString());
  }

  /** Says that a value makes no sense. */
  public static IllegalArgumentException nonsense(@Nullable Object value, String expected) {
    return new IllegalArgumentException(
        "'" + Names.clean(String.valueOf(value)) + "' is not " + expected);
  }

  /** The shortest text of an object. */
  public static String write(Map<String, ?> value) {
    return MAPPER.writeValueAsString(value);
  }
}
