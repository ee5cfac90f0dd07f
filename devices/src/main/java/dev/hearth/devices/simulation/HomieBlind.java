package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A blind of Homie 5. */
final class HomieBlind extends HomiePoint {
  private static final Duration TRAVEL = Duration.ofSeconds(12);

  HomieBlind(String id) {
    super(
        Kind.COVER,
        5,
        id,
        "blind",
        "blind",
        List.of(
            new Property("position", "integer", "0:100", true, true),
            new Property("action", "enum", "up,down,stop", true, false),
            new Property("state", "enum", "open,closed,opening,closing", false, true)),
        Map.of(Attribute.COVER, "closed", Attribute.POSITION, 0));
  }

  @Override
  Map<String, String> values(State state) {
    return Map.of(
        "position", String.valueOf(percent(state, Attribute.POSITION)),
        "state", state.cover().orElse("open"));
  }

  @Override
  State set(State now, String property, String value) {
    return Shade.at(
        switch (value) {
          case "up" -> 100;
          case "down" -> 0;
          case "stop" -> percent(now, Attribute.POSITION);
          default -> (int) number(value);
        });
  }

  @Override
  State clamp(State goal, int percent) {
    return Shade.at(Math.min(percent, percent(goal, Attribute.POSITION)));
  }

  @Override
  List<Stage> course(State now, State goal, String payload) {
    return Shade.travelling(now, goal, TRAVEL);
  }
}
