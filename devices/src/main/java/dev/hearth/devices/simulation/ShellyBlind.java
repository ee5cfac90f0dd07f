package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A blind that knows its position. */
final class ShellyBlind extends ShellyPoint {
  private static final Duration TRAVEL = Duration.ofSeconds(12);

  ShellyBlind(String id, String name) {
    super(
        Kind.COVER, id, "cover:0", name, Map.of(Attribute.COVER, "closed", Attribute.POSITION, 0));
  }

  @Override
  Map<String, Object> status(State state) {
    int position = percent(state, Attribute.POSITION);
    String word = state.cover().orElse("open");
    boolean between = word.equals("open") && position < 100;
    return Wire.map(
        "id", 0, "state", between ? "stopped" : word, "current_pos", position, "pos_control", true);
  }

  @Override
  State target(State now, String method, Map<?, ?> parameters) {
    return Shade.at(
        switch (method) {
          case "Open" -> 100;
          case "Close" -> 0;
          case "GoToPosition" -> parameters.get("pos") instanceof Integer p ? p : 0;
          default -> percent(now, Attribute.POSITION);
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
