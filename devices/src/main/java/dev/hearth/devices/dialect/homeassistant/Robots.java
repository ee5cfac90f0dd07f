package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Action;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Robots: vacuum cleaners and lawn mowers. Cleaning of chosen rooms and raw commands are not
 * offered.
 */
final class Robots {
  /** What to send for an action. */
  private record Order(String topic, ValueTemplate template, String payload) {}

  private static final List<String> VACUUM_FEATURES =
      List.of("start", "stop", "return_home", "status", "clean_spot");
  private static final List<String> VACUUM_WORDS =
      List.of("cleaning", "docked", "paused", "idle", "returning", "error");
  private static final List<String> MOWER_WORDS =
      List.of("mowing", "docked", "paused", "returning", "error");

  private final String working;
  private final List<String> words;
  private final Map<Action, Order> orders = new EnumMap<>(Action.class);
  private final @Nullable String speedTopic;
  private final List<String> speeds;
  private final boolean battery;

  private Robots(Config config, boolean vacuum) throws DiscoveryException {
    working = vacuum ? "cleaning" : "mowing";
    words = vacuum ? VACUUM_WORDS : MOWER_WORDS;
    List<String> features =
        vacuum ? config.words("supported_features", VACUUM_FEATURES) : List.of();
    speedTopic = features.contains("fan_speed") ? config.topic("set_fan_speed_topic") : null;
    speeds = speedTopic == null ? List.of() : config.words("fan_speed_list", List.of());
    battery = features.contains("battery");
  }

  static Component vacuum(Config config) throws DiscoveryException {
    Robots robot = new Robots(config, true);
    List<String> features = config.words("supported_features", VACUUM_FEATURES);
    robot.vacuumOrder(config, features, Action.START, "start", "payload_start", "start");
    robot.vacuumOrder(config, features, Action.PAUSE, "pause", "payload_pause", "pause");
    robot.vacuumOrder(config, features, Action.STOP, "stop", "payload_stop", "stop");
    robot.vacuumOrder(
        config, features, Action.DOCK, "return_home", "payload_return_to_base", "return_to_base");
    robot.vacuumOrder(
        config, features, Action.CLEAN_SPOT, "clean_spot", "payload_clean_spot", "clean_spot");
    robot.vacuumOrder(config, features, Action.LOCATE, "locate", "payload_locate", "locate");
    List<Attribute> reported = new ArrayList<>(List.of(Attribute.ACTIVITY));
    if (!robot.speeds.isEmpty()) {
      reported.add(Attribute.MODE);
    }
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "state_topic", "value_template", robot::readVacuum, reported.toArray(Attribute[]::new));
    return robot.component(builder);
  }

  private void vacuumOrder(
      Config config,
      List<String> features,
      Action action,
      String feature,
      String key,
      String payload)
      throws DiscoveryException {
    String topic = config.topic("command_topic");
    String given = config.payload(key, payload);
    if (topic != null && given != null && features.contains(feature)) {
      orders.put(action, new Order(topic, ValueTemplate.NONE, given));
    }
  }

  static Component mower(Config config) throws DiscoveryException {
    Robots robot = new Robots(config, false);
    robot.mowerOrder(config, Action.START, "start_mowing");
    robot.mowerOrder(config, Action.PAUSE, "pause");
    robot.mowerOrder(config, Action.DOCK, "dock");
    HomeAssistantCodec.Builder builder = new HomeAssistantCodec.Builder(config);
    builder.read(
        "activity_state_topic",
        "activity_value_template",
        (value, payload, before, out) -> robot.setActivity(value, out),
        Attribute.ACTIVITY);
    return robot.component(builder);
  }

  private void mowerOrder(Config config, Action action, String word) throws DiscoveryException {
    String topic = config.topic(word + "_command_topic");
    if (topic != null) {
      orders.put(action, new Order(topic, config.template(word + "_command_template"), word));
    }
  }

  private Component component(HomeAssistantCodec.Builder builder) throws DiscoveryException {
    List<Capability> capabilities = new ArrayList<>();
    if (!orders.isEmpty()) {
      capabilities.add(new Capability.Actions(orders.keySet()));
    }
    if (!speeds.isEmpty()) {
      capabilities.add(new Capability.Mode(speeds));
    }
    if (battery) {
      capabilities.add(new Capability.Measurement("%", "battery"));
    }
    return new Component(capabilities, builder.build(this::encode));
  }

  private void readVacuum(String text, Payload payload, State before, StateUpdate.Builder out) {
    if (!(Json.parseOrNull(text) instanceof Map<?, ?> json)) {
      throw new IllegalArgumentException("the state of a vacuum is not a JSON object");
    }
    if (!speeds.isEmpty() && json.get("fan_speed") instanceof String speed) {
      Values.word(Attribute.MODE).map(speed, payload, before, out);
    }
    if (battery) {
      Double level = Values.numberOrNull(json.get("battery_level"));
      if (level != null) {
        out.set(Attribute.NUMBER, level);
      }
    }
    if (json.containsKey("state")) {
      setActivity(String.valueOf(json.get("state")), out);
    }
  }

  private void setActivity(String word, StateUpdate.Builder out) {
    if (words.contains(word)) {
      out.set(Attribute.ACTIVITY, word);
      return;
    }
    out.unknown(Attribute.ACTIVITY);
    if (!Values.isReset(word)) {
      throw new IllegalArgumentException(
          "'" + Names.clean(word) + "' is no state of this robot: " + words);
    }
  }

  private Encoded encode(Command command, State state) throws UnsupportedCommandException {
    return switch (command) {
      case Command.Perform(Action action) -> {
        Order order = orders.get(action);
        if (order == null) {
          throw UnsupportedCommandException.of(command);
        }
        yield Values.encoded(
            target(action),
            new Outgoing(order.topic, order.template.write(order.payload, Map.of())));
      }
      case Command.SetMode(String speed) when speedTopic != null && speeds.contains(speed) ->
          Values.encoded(Map.of(Attribute.MODE, speed), new Outgoing(speedTopic, speed));
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  private Map<Attribute, Object> target(Action action) {
    return switch (action) {
      case START, CLEAN_SPOT -> Map.of(Attribute.ACTIVITY, working);
      case PAUSE -> Map.of(Attribute.ACTIVITY, "paused");
      case STOP -> Map.of(Attribute.ACTIVITY, "idle");
      case DOCK -> Map.of(Attribute.ACTIVITY, "docked");
      case LOCATE, PRESS, ACTIVATE -> Map.of();
    };
  }
}
