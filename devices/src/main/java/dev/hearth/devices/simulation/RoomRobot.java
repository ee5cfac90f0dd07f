package dev.hearth.devices.simulation;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import java.util.List;
import java.util.Map;

/** What Valetudo tells beside Home Assistant's discovery: the one room of a robot's map. */
final class RoomRobot extends NativePoint {
  private static final String ROOM = "16";
  private static final String CLEAN = "/MapSegmentationCapability/clean/set";

  private final String base;

  RoomRobot(String id) {
    super(
        Kind.SCENE,
        new Label("valetudo_" + id + "_room_" + ROOM, null, List.of()),
        Map.of(Attribute.ACTIVITY, "docked"));
    this.base = "valetudo/" + id;
  }

  @Override
  Map<String, String> announcement(String name, String model) {
    return Map.of(base + "/MapData/segments", Wire.json(Wire.map(ROOM, name)));
  }

  @Override
  String presenceTopic() {
    return base + "/$state";
  }

  @Override
  String presence(boolean online) {
    return online ? "ready" : "lost";
  }

  @Override
  List<String> commandTopics() {
    return List.of(base + CLEAN);
  }

  @Override
  State target(State now, String topic, String payload) {
    if (!List.of(ROOM).equals(Wire.object(payload).get("segment_ids"))) {
      throw new IllegalArgumentException("'" + payload + "' names no room of this robot");
    }
    return with(now, Attribute.ACTIVITY, "cleaning");
  }

  @Override
  Map<String, String> reports(State state) {
    return Map.of(
        base + "/StatusStateAttribute/status", state.word(Attribute.ACTIVITY).orElse("error"));
  }
}
