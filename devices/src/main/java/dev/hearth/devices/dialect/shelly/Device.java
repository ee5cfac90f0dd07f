package dev.hearth.devices.dialect.shelly;

import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Fields;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a device says of itself, values apart.
 *
 * @param prefix of its topics
 * @param id its own id, such as {@code shellyplus1-a8032ab12345}
 * @param mac twelve hexadecimal digits
 * @param name what people call it, cleaned
 * @param model what Shelly calls it, cleaned, or null
 * @param names of its components, cleaned, as far as they have one
 * @param inputs what each input is: {@code switch}, {@code button}, {@code analog}
 * @param whites warmest and coldest white of components that tell
 * @param notifies whether it tells what happens without being asked
 * @param sleeps whether it wakes up only now and then
 */
record Device(
    String prefix,
    String id,
    String mac,
    String name,
    @Nullable String model,
    Map<String, String> names,
    Map<String, String> inputs,
    Map<String, List<Integer>> whites,
    boolean notifies,
    boolean sleeps) {

  static Device of(String prefix, Map<?, ?> info, Map<?, ?> config, Map<?, ?> status)
      throws DiscoveryException {
    Fields told = new Fields(info);
    String id = told.required("id");
    String mac = told.required("mac");
    if (!mac.matches("[0-9A-Fa-f]{12}")) {
      throw Fields.wrong("mac", mac, "twelve hexadecimal digits");
    }
    if (id.length() > 64) {
      throw Fields.wrong("id", id, "at most 64 characters");
    }
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, String> inputs = new LinkedHashMap<>();
    Map<String, List<Integer>> whites = new LinkedHashMap<>();
    config.forEach((key, value) -> {
      if (value instanceof Map<?, ?> component) {
        String name = clean(component.get("name"));
        if (name != null) {
          names.put(key.toString(), name);
        }
        if (key.toString().startsWith("input:") && component.get("type") instanceof String type) {
          inputs.put(key.toString(), Names.clean(type));
        }
        if (component.get("ct_range") instanceof List<?> range
            && range.size() == 2
            && range.get(0) instanceof Integer warm
            && range.get(1) instanceof Integer cold
            && warm >= 1_000
            && cold > warm
            && cold <= 20_000) {
          whites.put(key.toString(), List.of(warm, cold));
        }
      }
    });
    String given = clean(told.text("name"));
    if (given == null && config.get("sys") instanceof Map<?, ?> system) {
      given = system.get("device") instanceof Map<?, ?> own ? clean(own.get("name")) : null;
    }
    if (given == null) {
      given = clean(id.replace('-', ' '));
    }
    boolean silent =
        config.get("mqtt") instanceof Map<?, ?> mqtt && Boolean.FALSE.equals(mqtt.get("rpc_ntf"));
    boolean sleeps =
        status.get("sys") instanceof Map<?, ?> system
            && system.get("wakeup_period") instanceof Number period
            && period.doubleValue() > 0;
    String app = clean(told.text("app"));
    return new Device(
        prefix,
        id,
        mac,
        given == null ? "Shelly" : given,
        app == null ? clean(told.text("model")) : app,
        names,
        inputs,
        whites,
        !silent,
        sleeps);
  }

  private static @Nullable String clean(@Nullable Object text) {
    String clean = text instanceof String s ? Names.clean(s) : "";
    return clean.isEmpty() ? null : clean;
  }

  /** What it is known by. */
  Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>(List.of("id:" + id));
    keys.add("mac:" + mac);
    return keys;
  }
}
