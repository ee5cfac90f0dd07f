package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Shelly device of the first generation: a relay, or a roller. It reports everything when told to
 * update.
 */
final class ShelliesPoint extends NativePoint {
  private static final Duration TRAVEL = Duration.ofSeconds(12);

  private final String id;
  private final boolean roller;

  private ShelliesPoint(String id, boolean roller, Map<Attribute, Object> initial) {
    super(
        roller ? Kind.COVER : Kind.SWITCH,
        new Label(
            ("shelly_" + id + (roller ? "_roller_0" : "_relay_0")).replace('-', '_'),
            null,
            List.of()),
        initial);
    this.id = id;
    this.roller = roller;
  }

  static ShelliesPoint relay(String id) {
    return new ShelliesPoint(id, false, Map.of(Attribute.ON, false));
  }

  static ShelliesPoint roller(String id) {
    return new ShelliesPoint(id, true, Map.of(Attribute.COVER, "closed", Attribute.POSITION, 0));
  }

  private String topic(String below) {
    return "shellies/" + id + "/" + below;
  }

  @Override
  Map<String, String> announcement(String name, String model) {
    return Map.of();
  }

  @Override
  String presenceTopic() {
    return topic("online");
  }

  @Override
  String presence(boolean online) {
    return String.valueOf(online);
  }

  @Override
  boolean retains(String topic) {
    return false;
  }

  @Override
  List<String> commandTopics() {
    return roller
        ? List.of(topic("command"), topic("roller/0/command"), topic("roller/0/command/pos"))
        : List.of(topic("command"), topic("relay/0/command"));
  }

  @Override
  @Nullable Map<String, String> answer(State now, String topic, String payload) {
    if (!topic.equals(topic("command"))) {
      return null;
    }
    return payload.equals("update")
        ? reports(now)
        : Map.of(
            "shellies/announce",
            Wire.json(Wire.map("id", id, "model", roller ? "SHSW-25" : "SHSW-1", "mac", mac())));
  }

  private String mac() {
    return id.substring(id.lastIndexOf('-') + 1).toUpperCase(java.util.Locale.ROOT);
  }

  @Override
  State target(State now, String topic, String payload) {
    if (!roller) {
      return with(now, Attribute.ON, choice(payload, "on", "off"));
    }
    return Shade.at(
        switch (payload) {
          case "open" -> 100;
          case "close" -> 0;
          case "stop" -> percent(now, Attribute.POSITION);
          default -> (int) number(payload);
        });
  }

  @Override
  State clamp(State goal, int percent) {
    return roller ? Shade.at(Math.min(percent, percent(goal, Attribute.POSITION))) : goal;
  }

  @Override
  List<Stage> course(State now, State goal, String payload) {
    return roller ? Shade.travelling(now, goal, TRAVEL) : super.course(now, goal, payload);
  }

  @Override
  Map<String, String> reports(State state) {
    if (!roller) {
      return Map.of(topic("relay/0"), on(state) ? "on" : "off");
    }
    String word =
        switch (state.cover().orElse("")) {
          case "opening" -> "open";
          case "closing" -> "close";
          default -> "stop";
        };
    return Map.of(
        topic("roller/0"),
        word,
        topic("roller/0/pos"),
        String.valueOf(percent(state, Attribute.POSITION)));
  }
}
