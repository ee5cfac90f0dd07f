package dev.hearth.devices.dialect.homie;

import dev.hearth.devices.Color;
import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Scales;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How values are written, by the property's format. */
final class Values {
  private static final double WIDE = 1e9;
  private static final int MAX_WORDS = 500;

  private Values() {}

  static boolean flag(String payload) {
    return switch (payload) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Json.nonsense(payload, "'true' or 'false'");
    };
  }

  /** The lower end of a range such as {@code 0:100}; what is left out is given. */
  static double min(Device.Property property, double otherwise) {
    return bound(property, 0, otherwise);
  }

  /** The upper end of a range such as {@code 0:100}. */
  static double max(Device.Property property, double otherwise) {
    return Math.max(min(property, -WIDE), bound(property, 1, otherwise));
  }

  /** The step of a range such as {@code 0:100:5}. */
  static double step(Device.Property property) {
    double step = bound(property, 2, 0);
    return step > 0 ? step : property.is("integer") ? 1 : 0.1;
  }

  private static double bound(Device.Property property, int part, double otherwise) {
    String[] parts = property.format().split(":", -1);
    if (parts.length <= part || parts.length < 2 || parts[part].isBlank()) {
      return otherwise;
    }
    try {
      double value = Double.parseDouble(parts[part].strip());
      return Double.isFinite(value) ? Math.clamp(value, -WIDE, WIDE) : otherwise;
    } catch (NumberFormatException e) {
      return otherwise; // A format that says nothing of use.
    }
  }

  /** A number as the property's type has it. */
  static String write(Device.Property property, double value) {
    return property.is("integer")
        ? String.valueOf(Math.round(value))
        : String.valueOf(Scales.plain(value));
  }

  /** Percent of a property's range, which is 0 to 100 when it does not say. */
  static int toPercent(Device.Property property, double value) {
    double min = min(property, 0);
    double max = max(property, 100);
    return max > min ? Scales.toPercent(value - min, max - min) : 0;
  }

  /** The value for so many percent of a property's range. */
  static double fromPercent(Device.Property property, int percent) {
    double min = min(property, 0);
    double max = max(property, 100);
    double value = min + (max - min) * percent / 100;
    return property.is("integer") ? Math.rint(value) : value;
  }

  /** The words of a choice that can be shown and sent alike. */
  static List<String> words(Device.Property property) {
    return Stream.of(property.format().split(",", -1))
        .filter(each -> !each.isEmpty() && Names.clean(each).equals(each))
        .distinct()
        .limit(MAX_WORDS)
        .toList();
  }

  /** The word of a choice that is one of these, in any letter case; null when there is none. */
  static @Nullable String word(Device.Property property, String... wanted) {
    for (String each : wanted) {
      for (String word : words(property)) {
        if (word.equalsIgnoreCase(each)) {
          return word;
        }
      }
    }
    return null;
  }

  /** A color, whose way of writing version 5 says first and version 4 in the format. */
  static Color color(Device.Property property, String payload) {
    String[] parts = payload.split(",", -1);
    boolean named = parts.length > 0 && parts[0].matches("[a-z]+");
    String way = named ? parts[0] : way(property);
    int first = named ? 1 : 0;
    if (way.equals("xyz") && parts.length >= first + 2) {
      return Color.ofXy(Json.number(parts[first]), Json.number(parts[first + 1]));
    }
    if (parts.length != first + 3) {
      throw Json.nonsense(payload, "a color of three numbers");
    }
    double one = Json.number(parts[first]);
    double two = Json.number(parts[first + 1]);
    return way.equals("hsv")
        ? new Color(Math.clamp(one, 0, 360), Math.clamp(two, 0, 100))
        : Color.ofRgb(
            Math.clamp(one, 0, 255),
            Math.clamp(two, 0, 255),
            Math.clamp(Json.number(parts[first + 2]), 0, 255));
  }

  /** The first way in which a property takes colors. */
  private static String way(Device.Property property) {
    String format = property.format().toLowerCase(Locale.ROOT);
    return format.startsWith("hsv") ? "hsv" : format.startsWith("xyz") ? "xyz" : "rgb";
  }

  /** A color as a property takes it, at a brightness where that is part of it. */
  static String write(Device.Property property, Color color, int brightness, boolean named) {
    String way = way(property);
    String value;
    switch (way) {
      case "hsv" ->
          value = Math.round(color.hue()) + "," + Math.round(color.saturation()) + "," + brightness;
      case "xyz" -> {
        double[] xy = color.xy();
        value = Scales.round(xy[0], 4) + "," + Scales.round(xy[1], 4);
      }
      default -> {
        int[] rgb = color.rgb();
        value = rgb[0] + "," + rgb[1] + "," + rgb[2];
      }
    }
    return named ? way + "," + value : value;
  }
}
