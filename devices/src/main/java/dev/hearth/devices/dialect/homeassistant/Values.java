package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Names;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Scales;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Small conversions that several components share. */
final class Values {
  private static final Set<String> RESETS =
      Set.of("None", "none", "null", "unknown", "unavailable", "nan", "NaN", "inf", "-inf");

  private Values() {}

  /** Whether a value says that nothing is known. */
  static boolean isReset(String value) {
    return RESETS.contains(value);
  }

  /** A mapper of two payloads to on and off; others are nonsense. */
  static HomeAssistantCodec.Mapper onOff(String on, String off) {
    return (value, payload, before, out) -> {
      if (value.equals(on)) {
        out.set(Attribute.ON, true);
      } else if (value.equals(off)) {
        out.set(Attribute.ON, false);
      } else if (isReset(value)) {
        out.unknown(Attribute.ON);
      } else {
        throw new IllegalArgumentException(
            "'" + Names.clean(value) + "' is neither '" + on + "' nor '" + off + "'");
      }
    };
  }

  /** A mapper of a word, which is cleaned: it is shown to people and to the language model. */
  static HomeAssistantCodec.Mapper word(Attribute attribute) {
    return (value, payload, before, out) -> {
      if (isReset(value)) {
        out.unknown(attribute);
      } else {
        out.set(attribute, Names.clean(value));
      }
    };
  }

  /** A mapper of two payloads to the words that Hearth has for them. */
  static HomeAssistantCodec.Mapper choice(
      Attribute attribute, Map<String, String> one, Map<String, String> other) {
    return (value, payload, before, out) -> {
      String word = one.getOrDefault(value, other.get(value));
      if (word != null) {
        out.set(attribute, word);
        return;
      }
      out.unknown(attribute);
      if (!isReset(value)) {
        throw new IllegalArgumentException(
            "'"
                + Names.clean(value)
                + "' is neither of "
                + one.keySet()
                + " and "
                + other.keySet());
      }
    };
  }

  /** A mapper of a temperature. */
  static HomeAssistantCodec.Mapper temperature(Attribute attribute, boolean fahrenheit) {
    return (value, payload, before, out) -> {
      if (isReset(value)) {
        out.unknown(attribute);
      } else {
        out.set(attribute, Scales.toCelsius(number(value), fahrenheit));
      }
    };
  }

  /** A mapper that takes one more payload for unknown. */
  static HomeAssistantCodec.Mapper resettable(
      String reset, HomeAssistantCodec.Mapper mapper, Attribute attribute) {
    return (value, payload, before, out) -> {
      if (value.equals(reset)) {
        out.unknown(attribute);
      } else {
        mapper.map(value, payload, before, out);
      }
    };
  }

  /** A JSON value as a template would write it. */
  static String rendered(@Nullable Object json) {
    return switch (json) {
      case null -> "None";
      case Boolean b -> b ? "True" : "False";
      default -> json.toString();
    };
  }

  /** A finite number that a publisher wrote as a number or as a string, or null. */
  static @Nullable Double numberOrNull(@Nullable Object json) {
    double number;
    switch (json) {
      case Number n -> number = n.doubleValue();
      case String s -> {
        try {
          number = Double.parseDouble(s.strip());
        } catch (NumberFormatException e) {
          return null; // a word, then
        }
      }
      case null, default -> {
        return null;
      }
    }
    return Double.isFinite(number) ? number : null;
  }

  static double number(String value) {
    try {
      double number = Double.parseDouble(value.strip());
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + Names.clean(value) + "' is not a number", e);
    }
    throw new IllegalArgumentException("'" + Names.clean(value) + "' is not a finite number");
  }

  static Encoded encoded(Map<Attribute, Object> target, Outgoing... messages) {
    return new Encoded(List.of(messages), target);
  }

  static void setPercent(StateUpdate.Builder out, Attribute attribute, String value, double scale) {
    if (isReset(value)) {
      out.unknown(attribute);
    } else {
      out.set(attribute, Scales.toPercent(number(value), scale));
    }
  }
}
