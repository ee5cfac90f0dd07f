package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A shutter, which tells where it is while it moves. */
final class TasmotaShutter extends TasmotaPoint {
  private static final Duration TRAVEL = Duration.ofSeconds(12);

  TasmotaShutter(String mac, String topic) {
    super(
        Kind.COVER,
        "shutter_1",
        mac,
        topic,
        Map.of(Attribute.COVER, "closed", Attribute.POSITION, 0));
  }

  @Override
  List<String> commands() {
    return List.of("ShutterOpen1", "ShutterClose1", "ShutterStop1", "ShutterPosition1");
  }

  @Override
  Map<String, Object> setup() {
    return Wire.map("rl", List.of(3, 3, 0, 0, 0, 0, 0, 0), "lt_st", 0, "sho", List.of(0, 0, 0, 0));
  }

  @Override
  Map<String, Object> status(State state) {
    int direction =
        switch (state.cover().orElse("")) {
          case "opening" -> 1;
          case "closing" -> -1;
          default -> 0;
        };
    return Wire.map(
        "Shutter1",
        Wire.map("Position", percent(state, Attribute.POSITION), "Direction", direction));
  }

  @Override
  Map<String, Object> sensors(State state) {
    return status(state);
  }

  @Override
  State target(State now, String command, List<Double> values, String payload) {
    return Shade.at(
        switch (command) {
          case "ShutterOpen1" -> 100;
          case "ShutterClose1" -> 0;
          case "ShutterStop1" -> percent(now, Attribute.POSITION);
          default -> values.getFirst().intValue();
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
