package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.DiscoveryException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checked access to the keys of one object in an announcement. */
record Fields(Map<?, ?> values) {
  private static final int MAX_TEXT = 8_192;

  static Fields of(String what, @Nullable Object value) throws DiscoveryException {
    if (value instanceof Map<?, ?> map) {
      return new Fields(map);
    }
    throw wrong(what, value, "an object");
  }

  @Nullable String text(String key) throws DiscoveryException {
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

  String required(String key) throws DiscoveryException {
    String text = text(key);
    if (text == null || text.isEmpty()) {
      throw new DiscoveryException(key + " is missing");
    }
    return text;
  }

  @Nullable Double number(String key) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> null;
      case Number n when Double.isFinite(n.doubleValue()) -> n.doubleValue();
      case Object other -> throw wrong(key, other, "a number");
    };
  }

  int integer(String key, int otherwise) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> otherwise;
      case Integer i -> i;
      case Object other -> throw wrong(key, other, "a whole number");
    };
  }

  /** A text, number or boolean as it would stand in a message. */
  @Nullable Object scalar(String key) throws DiscoveryException {
    Object value = values.get(key);
    if (value instanceof Map || value instanceof List) {
      throw wrong(key, value, "a text, a number, true or false");
    }
    return value;
  }

  List<?> list(String key, int max) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> List.of();
      case List<?> list when list.size() <= max -> list;
      case List<?> list ->
          throw new DiscoveryException(
              key + " has " + list.size() + " entries; at most " + max + " are taken");
      case Object other -> throw wrong(key, other, "a list");
    };
  }

  static DiscoveryException wrong(String key, @Nullable Object value, String expected) {
    String shown = Names.clean(String.valueOf(value));
    return new DiscoveryException(key + " is '" + shown + "'; it must be " + expected);
  }
}
