package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.mqtt.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checked access to the keys of one entity's configuration, abbreviations already expanded. */
final class Config {
  private static final int MAX_LIST = 100;
  private static final int MAX_WORDS = 500;
  private static final int MAX_TEXT = 8_192;

  private final Map<String, @Nullable Object> values;

  Config(Map<String, @Nullable Object> values) {
    this.values = values;
  }

  boolean has(String key) {
    return values.get(key) != null;
  }

  /** Whether the key is there with the value null, which switches a payload off. */
  boolean isNull(String key) {
    return values.containsKey(key) && values.get(key) == null;
  }

  @Nullable String text(String key) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> null;
      case String s when s.length() <= MAX_TEXT -> s;
      case String s ->
          throw new DiscoveryException(
              key + " has " + s.length() + " characters; at most " + MAX_TEXT + " are taken");
      case Boolean b -> b ? "True" : "False";
      case Number n -> n.toString();
      case Object other -> throw wrong(key, other, "a text");
    };
  }

  String text(String key, String otherwise) throws DiscoveryException {
    String text = text(key);
    return text == null ? otherwise : text;
  }

  /** A payload that the value null switches off. */
  @Nullable String payload(String key, String otherwise) throws DiscoveryException {
    return isNull(key) ? null : text(key, otherwise);
  }

  @Nullable String topic(String key) throws DiscoveryException {
    String topic = text(key);
    if (topic == null || topic.isEmpty()) {
      return null;
    }
    if (!Topics.isTopic(topic)) {
      throw wrong(key, topic, "a topic without + and #, of at most " + Topics.MAX_BYTES + " bytes");
    }
    return topic;
  }

  String requiredTopic(String key) throws DiscoveryException {
    String topic = topic(key);
    if (topic == null) {
      throw new DiscoveryException(key + " is missing; this component cannot do without it");
    }
    return topic;
  }

  ValueTemplate template(String key) throws DiscoveryException {
    return ValueTemplate.compile(key, text(key));
  }

  double number(String key, double otherwise) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> otherwise;
      case Number n when Double.isFinite(n.doubleValue()) -> n.doubleValue();
      case String s -> {
        try {
          double value = Double.parseDouble(s.strip());
          if (Double.isFinite(value)) {
            yield value;
          }
        } catch (NumberFormatException e) {
          throw wrong(key, s, "a number");
        }
        throw wrong(key, s, "a finite number");
      }
      case Object other -> throw wrong(key, other, "a number");
    };
  }

  double number(String key, double otherwise, double min, double max) throws DiscoveryException {
    double value = number(key, otherwise);
    if (!(value >= min && value <= max)) {
      throw wrong(key, value, "a number from " + min + " to " + max);
    }
    return value;
  }

  boolean flag(String key, boolean otherwise) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> otherwise;
      case Boolean b -> b;
      case Number n -> n.doubleValue() != 0;
      case String s when Set.of("true", "on", "yes", "1").contains(lower(s)) -> true;
      case String s when Set.of("false", "off", "no", "0").contains(lower(s)) -> false;
      case Object other -> throw wrong(key, other, "true or false");
    };
  }

  private static String lower(String text) {
    return text.strip().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Words that are shown to people and sent to the device alike. A word that would change by
   * cleaning could hide text from the one or confuse the other, so it is left out.
   */
  List<String> words(String key, List<String> otherwise) throws DiscoveryException {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(key, value, "a list of words");
    }
    if (list.size() > MAX_WORDS) {
      throw new DiscoveryException(
          key + " has " + list.size() + " entries; at most " + MAX_WORDS + " are taken");
    }
    Set<String> words = new LinkedHashSet<>();
    for (Object each : list) {
      String word =
          each instanceof String || each instanceof Number || each instanceof Boolean
              ? Values.rendered(each)
              : "";
      if (!word.isEmpty() && Names.clean(word).equals(word)) {
        words.add(word);
      }
    }
    return List.copyOf(words);
  }

  Config section(String key) throws DiscoveryException {
    return switch (values.get(key)) {
      case null -> new Config(Map.of());
      case Map<?, ?> map -> new Config(copy(map));
      case Object other -> throw wrong(key, other, "an object");
    };
  }

  List<Config> sections(String key) throws DiscoveryException {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list) || list.size() > MAX_LIST) {
      throw wrong(key, value, "a list of at most " + MAX_LIST + " objects");
    }
    List<Config> sections = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Map<?, ?> map)) {
        throw wrong(key, each, "a list of objects");
      }
      sections.add(new Config(copy(map)));
    }
    return sections;
  }

  /** The raw value, for the few keys that come in several shapes. */
  @Nullable Object raw(String key) {
    return values.get(key);
  }

  static Map<String, @Nullable Object> copy(Map<?, ?> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }

  static DiscoveryException wrong(String key, @Nullable Object value, String expected) {
    String shown = Names.clean(String.valueOf(value));
    return new DiscoveryException(key + " is '" + shown + "'; it must be " + expected);
  }
}
