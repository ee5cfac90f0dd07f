package dev.hearth.devices.dialect;

import dev.hearth.devices.Names;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checked access to the keys of one object in an announcement. What is of another type is an error
 * that names key, value and what it must be; absent and null are the same.
 *
 * @param values the object
 */
public record Fields(Map<?, ?> values) {
  private static final int MAX_TEXT = 8_192;

  /**
   * A value that must be an object.
   *
   * @param what its key, for the error
   * @param value the value
   * @return access to its keys
   * @throws DiscoveryException when it is anything else
   */
  public static Fields of(String what, @Nullable Object value) throws DiscoveryException {
    if (value instanceof Map<?, ?> map) {
      return new Fields(map);
    }
    throw wrong(what, value, "an object");
  }

  /**
   * A text of at most 8,192 characters, or a number as text.
   *
   * @param key its key
   * @return null when absent
   * @throws DiscoveryException when it is anything else, or longer
   */
  public @Nullable String text(String key) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> null;
      case String s when s.length() <= MAX_TEXT -> s;
      case String s ->
          throw new DiscoveryException(
              key + " has " + s.length() + " characters; at most " + MAX_TEXT + " are taken");
      case Number n -> n.toString();
      case Object other -> throw wrong(key, other, "a text");
    };
  }

  /**
   * A text that must be there.
   *
   * @param key its key
   * @return not empty
   * @throws DiscoveryException when it is absent, empty or anything else
   */
  public String required(String key) throws DiscoveryException {
    String text = text(key);
    if (text == null || text.isEmpty()) {
      throw new DiscoveryException(key + " is missing");
    }
    return text;
  }

  /**
   * A finite number.
   *
   * @param key its key
   * @return null when absent
   * @throws DiscoveryException when it is anything else
   */
  public @Nullable Double number(String key) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> null;
      case Number n when Double.isFinite(n.doubleValue()) -> n.doubleValue();
      case Object other -> throw wrong(key, other, "a number");
    };
  }

  /**
   * A whole number.
   *
   * @param key its key
   * @param otherwise what it is when absent
   * @return the number
   * @throws DiscoveryException when it is anything else
   */
  public int integer(String key, int otherwise) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> otherwise;
      case Integer i -> i;
      case Object other -> throw wrong(key, other, "a whole number");
    };
  }

  /**
   * A text, number or boolean as it would stand in a message.
   *
   * @param key its key
   * @return null when absent
   * @throws DiscoveryException when it is an object or a list
   */
  public @Nullable Object scalar(String key) throws DiscoveryException {
    Object value = values.get(key);
    if (value instanceof Map || value instanceof List) {
      throw wrong(key, value, "a text, a number, true or false");
    }
    return value;
  }

  /**
   * A list.
   *
   * @param key its key
   * @param max the longest that is taken
   * @return empty when absent
   * @throws DiscoveryException when it is longer or anything else
   */
  public List<?> list(String key, int max) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> List.of();
      case List<?> list when list.size() <= max -> list;
      case List<?> list ->
          throw new DiscoveryException(
              key + " has " + list.size() + " entries; at most " + max + " are taken");
      case Object other -> throw wrong(key, other, "a list");
    };
  }

  /**
   * An object, of which nothing is there when it is absent.
   *
   * @param key its key
   * @return access to its keys
   * @throws DiscoveryException when it is anything else
   */
  public Fields section(String key) throws DiscoveryException {
    Object value = values.get(key);
    return value == null ? new Fields(Map.of()) : of(key, value);
  }

  /**
   * Says that a value cannot be used.
   *
   * @param key its key
   * @param value the value, which is shown cleaned
   * @param expected what it must be
   * @return the exception
   */
  public static DiscoveryException wrong(String key, @Nullable Object value, String expected) {
    String shown = Names.clean(String.valueOf(value));
    return new DiscoveryException(key + " is '" + shown + "'; it must be " + expected);
  }
}
