package dev.hearth.devices.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages by which a device announces itself: Home Assistant's MQTT discovery, or its
 * own.
 */
final class Discovery {
  /** A discovery message. */
  record Message(String topic, String payload) {}

  /** The abbreviations of the keys in use here, from Home Assistant's list. */
  private static final Map<String, String> SHORT =
      Map.ofEntries(
          Map.entry("action_template", "act_tpl"),
          Map.entry("action_topic", "act_t"),
          Map.entry("availability", "avty"),
          Map.entry("availability_mode", "avty_mode"),
          Map.entry("availability_topic", "avty_t"),
          Map.entry("brightness_command_topic", "bri_cmd_t"),
          Map.entry("brightness_scale", "bri_scl"),
          Map.entry("brightness_state_topic", "bri_stat_t"),
          Map.entry("command_topic", "cmd_t"),
          Map.entry("components", "cmps"),
          Map.entry("current_temperature_template", "curr_temp_tpl"),
          Map.entry("current_temperature_topic", "curr_temp_t"),
          Map.entry("device", "dev"),
          Map.entry("device_class", "dev_cla"),
          Map.entry("fan_mode_command_topic", "fan_mode_cmd_t"),
          Map.entry("fan_mode_state_topic", "fan_mode_stat_t"),
          Map.entry("hs_command_topic", "hs_cmd_t"),
          Map.entry("hs_state_topic", "hs_stat_t"),
          Map.entry("identifiers", "ids"),
          Map.entry("manufacturer", "mf"),
          Map.entry("max_mireds", "max_mirs"),
          Map.entry("min_mireds", "min_mirs"),
          Map.entry("mode_command_topic", "mode_cmd_t"),
          Map.entry("mode_state_template", "mode_stat_tpl"),
          Map.entry("mode_state_topic", "mode_stat_t"),
          Map.entry("model", "mdl"),
          Map.entry("on_command_type", "on_cmd_type"),
          Map.entry("origin", "o"),
          Map.entry("payload_off", "pl_off"),
          Map.entry("payload_on", "pl_on"),
          Map.entry("percentage_command_topic", "pct_cmd_t"),
          Map.entry("percentage_state_topic", "pct_stat_t"),
          Map.entry("platform", "p"),
          Map.entry("position_closed", "pos_clsd"),
          Map.entry("position_open", "pos_open"),
          Map.entry("position_topic", "pos_t"),
          Map.entry("set_position_topic", "set_pos_t"),
          Map.entry("speed_range_max", "spd_rng_max"),
          Map.entry("speed_range_min", "spd_rng_min"),
          Map.entry("state_class", "stat_cla"),
          Map.entry("state_topic", "stat_t"),
          Map.entry("suggested_area", "sa"),
          Map.entry("supported_color_modes", "sup_clrm"),
          Map.entry("sw_version", "sw"),
          Map.entry("temperature_command_template", "temp_cmd_tpl"),
          Map.entry("temperature_command_topic", "temp_cmd_t"),
          Map.entry("temperature_state_template", "temp_stat_tpl"),
          Map.entry("temperature_state_topic", "temp_stat_t"),
          Map.entry("temperature_unit", "temp_unit"),
          Map.entry("topic", "t"),
          Map.entry("unique_id", "uniq_id"),
          Map.entry("unit_of_measurement", "unit_of_meas"),
          Map.entry("value_template", "val_tpl"));

  private final String prefix;
  private final String base;
  private final String bridge;

  /**
   * Discovery of devices.
   *
   * @param bridge topic level of the connection that they share
   */
  Discovery(SimulationOptions options, String bridge) {
    this.bridge = bridge;
    this.prefix = options.discoveryPrefix();
    this.base = options.base();
  }

  /** The topic on which a connection of many devices says that it is there. */
  String bridgeTopic() {
    return base + "/" + bridge + "/availability";
  }

  List<Message> messages(Blueprint device) {
    if (device.style() == Blueprint.Style.DEVICE) {
      return List.of(deviceForm(device));
    }
    List<Message> out = new ArrayList<>();
    for (Point point : device.points()) {
      if (point instanceof NativePoint own) {
        own.announcement(device.name(), device.model())
            .forEach((topic, payload) -> out.add(new Message(topic, payload)));
        continue;
      }
      boolean brief = device.style() == Blueprint.Style.SHORT;
      Map<String, @Nullable Object> config = new LinkedHashMap<>();
      String own = device.base(base, point);
      if (brief) {
        config.put("~", own);
      }
      config.putAll(entity(point, brief ? null : own));
      config.putAll(availability(device));
      config.put("device", about(device));
      config.put("origin", origin());
      String id = point.label().id();
      String node = brief ? device.id() + "/" : "";
      out.add(
          new Message(
              prefix + "/" + point.kind().component() + "/" + node + id + "/config",
              Wire.json(brief ? abbreviated(config) : config)));
    }
    return out;
  }

  private Message deviceForm(Blueprint device) {
    Map<String, Object> components = new LinkedHashMap<>();
    for (Point point : device.points()) {
      Map<String, @Nullable Object> config = new LinkedHashMap<>();
      config.put("platform", point.kind().component());
      config.putAll(entity(point, device.base(base, point)));
      components.put(point.label().id(), config);
    }
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("device", about(device));
    config.put("origin", origin());
    config.putAll(availability(device));
    config.put("components", components);
    return new Message(
        prefix + "/device/" + device.id() + "/config", Wire.json(abbreviated(config)));
  }

  /** An entity's own keys; a base topic, if given, takes the place of {@code ~}. */
  private static Map<String, @Nullable Object> entity(Point point, @Nullable String own) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("name", point.label().name());
    config.put("unique_id", point.label().id());
    point
        .config()
        .forEach((key, value) -> {
          boolean topic = key.endsWith("_topic") && value instanceof String s && s.startsWith("~");
          config.put(key, topic && own != null ? own + value.toString().substring(1) : value);
        });
    return config;
  }

  private Map<String, Object> availability(Blueprint device) {
    String own = base + "/" + device.id() + "/availability";
    if (device.alone()) {
      return Wire.map("availability_topic", own);
    }
    return Wire.map(
        "availability",
        List.of(Wire.map("topic", bridgeTopic()), Wire.map("topic", own)),
        "availability_mode",
        "all");
  }

  private static Map<String, Object> about(Blueprint device) {
    return Wire.map(
        "identifiers",
        List.of(SimulatedHome.DEVICE_PREFIX + device.id()),
        "name",
        device.name(),
        "manufacturer",
        "Hearth",
        "model",
        device.model(),
        "suggested_area",
        device.area().name());
  }

  private static Map<String, Object> origin() {
    return Wire.map("name", "Hearth simulation", "sw_version", "1");
  }

  private static Map<String, @Nullable Object> abbreviated(Map<?, ?> config) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    config.forEach((key, value) -> {
      String name = String.valueOf(key);
      out.put(SHORT.getOrDefault(name, name), value(value));
    });
    return out;
  }

  private static @Nullable Object value(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> abbreviated(map);
      case List<?> list when list.stream().allMatch(Map.class::isInstance) ->
          list.stream().map(each -> abbreviated((Map<?, ?>) each)).toList();
      case null, default -> value;
    };
  }
}
