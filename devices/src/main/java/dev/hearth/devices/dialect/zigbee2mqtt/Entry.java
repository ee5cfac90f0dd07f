package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Fields;
import dev.hearth.devices.mqtt.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry of one of the bridge's lists. */
sealed interface Entry {
  /** The most scenes that a device or group may have. */
  int MAX_SCENES = 200;

  /** What tells it from the others of its list. */
  String id();

  /** What people call it, which is its topic below the base topic. */
  String name();

  /** Scenes that it remembers: names by number. */
  Map<Integer, String> scenes();

  /**
   * A device.
   *
   * @param id its IEEE address
   * @param name its topic below the base topic
   * @param description what people wrote about it, cleaned; empty when nothing
   * @param sleeps whether it runs on a battery, so that it hears questions only now and then
   * @param maker who made it, cleaned, or null
   * @param model what the maker calls it, cleaned, or null
   * @param about what the definition says that it is, cleaned; empty when nothing
   * @param exposes what it exposes
   * @param endpointNames names of endpoints by number, as far as told
   * @param scenes names by number
   */
  record Device(
      String id,
      String name,
      String description,
      boolean sleeps,
      @Nullable String maker,
      @Nullable String model,
      String about,
      List<Expose> exposes,
      Map<String, String> endpointNames,
      Map<Integer, String> scenes)
      implements Entry {
    private static final int MAX_EXPOSES = 500;
    private static final int MAX_ENDPOINTS = 256;

    static Device of(Fields json, String base) throws DiscoveryException {
      String id = json.required("ieee_address");
      if (!id.matches("0x[0-9a-fA-F]{1,16}")) {
        throw Fields.wrong("ieee_address", id, "0x and 1 to 16 hexadecimal digits");
      }
      List<Expose> exposes = new ArrayList<>();
      String maker = null;
      String model = null;
      String about = "";
      boolean off = Boolean.TRUE.equals(json.values().get("disabled"));
      if (!off && json.values().get("definition") instanceof Map<?, ?> map) {
        Fields definition = new Fields(map);
        maker = clean(definition.text("vendor"));
        model = clean(definition.text("model"));
        about = Names.clean(String.valueOf(definition.text("description")));
        for (Object each : definition.list("exposes", MAX_EXPOSES)) {
          exposes.add(Expose.of(Fields.of("exposes", each)));
        }
      }
      Map<String, String> names = new LinkedHashMap<>();
      Map<Integer, String> scenes = new LinkedHashMap<>();
      if (json.values().get("endpoints") instanceof Map<?, ?> endpoints
          && endpoints.size() <= MAX_ENDPOINTS) {
        for (Map.Entry<?, ?> each : endpoints.entrySet()) {
          if (each.getValue() instanceof Map<?, ?> map) {
            Fields endpoint = new Fields(map);
            String called = endpoint.text("name");
            if (called != null) {
              names.put(String.valueOf(each.getKey()), called);
            }
            readScenes(endpoint, scenes);
          }
        }
      }
      String description = clean(json.text("description"));
      return new Device(
          id,
          topic(json.required("friendly_name"), base),
          description == null ? "" : description,
          "Battery".equals(json.text("power_source")),
          maker,
          model,
          about,
          exposes,
          names,
          scenes);
    }
  }

  /**
   * A group.
   *
   * @param id its number
   * @param name its topic below the base topic
   * @param members who is in it
   * @param scenes names by number
   */
  record Group(String id, String name, List<Member> members, Map<Integer, String> scenes)
      implements Entry {
    private static final int MAX_MEMBERS = 500;

    static Group of(Fields json, String base) throws DiscoveryException {
      int id = json.integer("id", -1);
      if (id < 0) {
        throw Fields.wrong("id", json.values().get("id"), "a number from 0");
      }
      List<Member> members = new ArrayList<>();
      for (Object each : json.list("members", MAX_MEMBERS)) {
        Fields member = Fields.of("members", each);
        String endpoint = member.text("endpoint");
        members.add(new Member(member.required("ieee_address"), endpoint == null ? "" : endpoint));
      }
      Map<Integer, String> scenes = new LinkedHashMap<>();
      readScenes(json, scenes);
      return new Group(
          String.valueOf(id), topic(json.required("friendly_name"), base), members, scenes);
    }
  }

  /**
   * A member of a group.
   *
   * @param device IEEE address of the device
   * @param endpoint number of the endpoint, empty when not told
   */
  record Member(String device, String endpoint) {}

  private static void readScenes(Fields json, Map<Integer, String> into) throws DiscoveryException {
    for (Object each : json.list("scenes", MAX_SCENES)) {
      Fields scene = Fields.of("scenes", each);
      int id = scene.integer("id", -1);
      String name = clean(scene.text("name"));
      if (id >= 0 && into.size() < MAX_SCENES) {
        into.putIfAbsent(id, name == null ? "Scene " + id : name);
      }
    }
  }

  private static String topic(String name, String base) throws DiscoveryException {
    boolean bridge = name.equals("bridge") || name.startsWith("bridge/");
    if (bridge || !Topics.isTopic(base + "/" + name + "/availability")) {
      throw Fields.wrong("friendly_name", name, "a topic of its own, without + and #");
    }
    return name;
  }

  private static @Nullable String clean(@Nullable String text) {
    String clean = text == null ? "" : Names.clean(text);
    return clean.isEmpty() ? null : clean;
  }
}
