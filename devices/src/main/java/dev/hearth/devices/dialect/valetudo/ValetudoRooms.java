package dev.hearth.devices.dialect.valetudo;

import dev.hearth.devices.Action;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Dialect;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Fields;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.dialect.ReaderCodec;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import dev.hearth.devices.mqtt.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a scene of each room that a robot knows: calling it cleans the room. The robot itself is
 * announced in Home Assistant's way, which has no rooms. Stateless.
 */
public final class ValetudoRooms implements Dialect {
  private static final int MAX_PAYLOAD = 16 * 1024;
  private static final int MAX_NAME = 100;
  private static final int MAX_ROOMS = 100;
  private static final String SEGMENTS = "/MapData/segments";

  private final String base;

  /**
   * A reader of maps.
   *
   * @param base first level of the robots' topics, such as {@code valetudo}
   * @throws IllegalArgumentException when that is no topic
   */
  public ValetudoRooms(String base) {
    this.base = Topics.requireTopic(base);
  }

  @Override
  public List<String> filters() {
    return List.of(base + "/+" + SEGMENTS);
  }

  @Override
  public List<Announced> announcements(String topic, byte[] payload) throws DiscoveryException {
    String robot = topic.substring(base.length() + 1, topic.length() - SEGMENTS.length());
    if (payload.length == 0) {
      return List.of(new Announced(topic, robot, new Announcement.Gone()));
    }
    Map<?, ?> rooms = payload.length > MAX_PAYLOAD ? null : Json.objectOrNull(payload);
    if (rooms == null || rooms.size() > MAX_ROOMS) {
      throw new DiscoveryException(
          "it is not a JSON object of at most "
              + MAX_ROOMS
              + " rooms and "
              + MAX_PAYLOAD
              + " bytes");
    }
    if (robot.length() > MAX_NAME) {
      throw Fields.wrong("the robot's name", robot, "at most " + MAX_NAME + " characters");
    }
    String title = Names.clean(robot.replace('_', ' ').replace('-', ' '));
    String name = title.isEmpty() ? "Robot" : title;
    DeviceDescription device =
        new DeviceDescription(
            Set.of("valetudo:" + base + "/" + robot),
            Names.clean(name + " rooms"),
            "Valetudo",
            null,
            null);
    List<Discovered> scenes = new ArrayList<>();
    for (Map.Entry<?, ?> each : rooms.entrySet()) {
      String id = String.valueOf(each.getKey());
      if (!id.matches("[0-9A-Za-z_-]{1,32}")) {
        throw Fields.wrong("a room's id", id, "letters and digits, at most 32");
      }
      String room = each.getValue() instanceof String text ? Names.clean(text) : "";
      scenes.add(
          scene(robot, id, Names.clean(name + " " + (room.isEmpty() ? "room " + id : room)))
              .discovered("valetudo_" + robot, device));
    }
    return List.of(new Announced(topic, rooms, new Announcement.Entities(scenes)));
  }

  private Part scene(String robot, String id, String name) {
    String topic = base + "/" + robot;
    ReaderCodec codec =
        new ReaderCodec.Builder()
            .read(
                topic + "/$state",
                (payload, before, out) -> {
                  switch (payload) {
                    case "ready", "alert" -> out.availability(Availability.ONLINE);
                    case "lost", "disconnected" -> out.availability(Availability.OFFLINE);
                    default -> {} // It is about to be one or the other.
                  }
                })
            .build((command, before) ->
                switch (command) {
                  case Command.Perform(Action action) when action == Action.ACTIVATE ->
                      // That the robot cleans does not tell that it cleans this room.
                      new Encoded(List.of(clean(topic, id)), Map.<Attribute, Object>of());
                  default -> throw UnsupportedCommandException.of(command);
                });
    return new Part(
        Kind.SCENE,
        "room_" + id,
        name,
        null,
        true,
        List.of(new Capability.Actions(Set.of(Action.ACTIVATE))),
        codec);
  }

  private static Outgoing clean(String topic, String id) {
    return new Outgoing(
        topic + "/MapSegmentationCapability/clean/set",
        "{\"segment_ids\":[\"" + id + "\"],\"iterations\":1,\"customOrder\":true}");
  }
}
