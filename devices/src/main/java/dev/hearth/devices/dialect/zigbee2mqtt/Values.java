package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Scales;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small conversions that several parts share. */
final class Values {
  private Values() {}

  /** Whether a value means on; numbers and words of other letter case are taken as well. */
  static boolean isOn(Expose binary, Object value) {
    if (same(value, binary.on())) {
      return true;
    }
    if (same(value, binary.off())) {
      return false;
    }
    throw Json.nonsense(value, "'" + binary.on() + "' or '" + binary.off() + "'");
  }

  private static boolean same(Object value, @Nullable Object known) {
    return known != null && value.toString().equalsIgnoreCase(known.toString());
  }

  static Part.Mapper onOff(Expose binary) {
    return (value, message, before, out) -> out.set(Attribute.ON, isOn(binary, value));
  }

  static Part.Mapper words(Attribute attribute) {
    return (value, message, before, out) -> {
      String word = Json.word(value);
      if (word.isEmpty()) {
        out.unknown(attribute);
      } else {
        out.set(attribute, word);
      }
    };
  }

  static Part.Mapper temperature(Attribute attribute, @Nullable Expose expose) {
    boolean fahrenheit = expose != null && fahrenheit(expose);
    return (value, message, before, out) ->
        out.set(attribute, Scales.toCelsius(Json.number(value), fahrenheit));
  }

  static boolean fahrenheit(Expose expose) {
    return "°F".equals(expose.unit());
  }

  /**
   * Words that are shown to people and sent to the device alike. A word that would change by
   * cleaning could hide text from the one or confuse the other, so it is left out.
   */
  static List<String> shown(@Nullable Expose choice) {
    List<String> words = new ArrayList<>();
    if (choice != null) {
      for (Object each : choice.values()) {
        String word = each.toString();
        if (!word.isEmpty() && Names.clean(word).equals(word) && !words.contains(word)) {
          words.add(word);
        }
      }
    }
    return words;
  }

  /** A word as it stands in messages, where it may be a number. */
  static Object sent(Expose choice, String word) {
    return choice.values().stream()
        .filter(each -> each.toString().equals(word))
        .findFirst()
        .orElse(word);
  }

  static Part.Written written(String key, Object value, Map<Attribute, Object> target) {
    return new Part.Written(Map.of(key, value), target);
  }
}
