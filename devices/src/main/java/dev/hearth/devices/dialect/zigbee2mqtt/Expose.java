package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that a device exposes: a value in its messages, or a thing with several of them.
 *
 * @param type such as {@code numeric} or {@code light}
 * @param name what it means, such as {@code brightness}; empty for lights and the like
 * @param property its key in messages, with the endpoint where there are several; empty for lights
 *     and the like
 * @param access bits: 1 in messages of the device, 2 can be set, 4 can be asked for
 * @param endpoint which part of the device, or null
 * @param category {@code config} or {@code diagnostic} for what nobody talks about, or null
 * @param unit of a number, or null
 * @param min lowest number, or null
 * @param max highest number, or null
 * @param step smallest step, or null
 * @param values the words of an enum, as they stand in messages
 * @param on the value of a binary that means on; null for what is none
 * @param off the value of a binary that means off; null for what is none
 * @param features the parts of a light, composite and the like
 */
record Expose(
    String type,
    String name,
    String property,
    int access,
    @Nullable String endpoint,
    @Nullable String category,
    @Nullable String unit,
    @Nullable Double min,
    @Nullable Double max,
    @Nullable Double step,
    List<Object> values,
    @Nullable Object on,
    @Nullable Object off,
    List<Expose> features) {
  private static final int MAX_VALUES = 1_000;
  private static final int MAX_FEATURES = 100;
  private static final int MAX_DEPTH = 8;
  private static final int MAX_UNIT = 16;

  static Expose of(Fields json) throws DiscoveryException {
    return of(json, 0);
  }

  private static Expose of(Fields json, int depth) throws DiscoveryException {
    if (depth > MAX_DEPTH) {
      throw new DiscoveryException("exposes are nested more than " + MAX_DEPTH + " deep");
    }
    String type = json.required("type");
    String name = json.text("name");
    List<Expose> features = new ArrayList<>();
    for (Object each : json.list("features", MAX_FEATURES)) {
      features.add(of(Fields.of("features", each), depth + 1));
    }
    boolean value = List.of("numeric", "binary", "enum").contains(type);
    List<Object> values = new ArrayList<>();
    for (Object each : json.list("values", MAX_VALUES)) {
      if (each instanceof String || each instanceof Number || each instanceof Boolean) {
        values.add(each);
      }
    }
    String unit = json.text("unit");
    Object on = json.scalar("value_on");
    Object off = json.scalar("value_off");
    if (type.equals("binary") && (on == null || off == null || on.equals(off))) {
      throw Fields.wrong("value_on/value_off of " + name, on + "/" + off, "two different values");
    }
    Double min = json.number("value_min");
    Double max = json.number("value_max");
    if (min != null && max != null && min > max) {
      throw Fields.wrong("value_min of " + name, min, "at most value_max (" + max + ")");
    }
    Double step = json.number("value_step");
    return new Expose(
        type,
        name == null ? "" : name,
        value ? json.required("property") : Objects.requireNonNullElse(json.text("property"), ""),
        json.integer("access", 0),
        json.text("endpoint"),
        json.text("category"),
        unit == null || unit.isEmpty() || unit.length() > MAX_UNIT ? null : unit,
        min,
        max,
        step == null || step <= 0 ? null : step,
        values,
        on,
        off,
        features);
  }

  boolean published() {
    return (access & 1) != 0;
  }

  boolean settable() {
    return (access & 2) != 0;
  }

  boolean gettable() {
    return (access & 4) != 0;
  }

  @Nullable Expose feature(String wanted) {
    return features.stream().filter(each -> each.name.equals(wanted)).findFirst().orElse(null);
  }

  /** The same with other features, for a group that has what all members have. */
  Expose withFeatures(List<Expose> others) {
    return new Expose(
        type, name, property, access, null, category, unit, min, max, step, values, on, off,
        others);
  }

  /** The same as a group knows it, where no endpoints are: its key is its name. */
  Expose ofGroup(@Nullable Double lowest, @Nullable Double highest) {
    String key = Map.of("color_xy", "color", "color_hs", "color").getOrDefault(name, name);
    return new Expose(
        type, name, key, access, null, category, unit, lowest, highest, step, values, on, off,
        features);
  }
}
