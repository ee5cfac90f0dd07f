package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttMessage;
import dev.hearth.devices.mqtt.MqttOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plays Zigbee2MQTT with some devices, on a connection of its own: it publishes its lists, assumes
 * after each command that the device did it, and asks the device when told to.
 */
final class ZigbeeBridge implements AutoCloseable {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  /** How a device fails. */
  enum Fault {
    NONE,
    /** The radio gets no answer to commands. */
    SET_FAILS,
    /** The radio gets no answer to questions. */
    GET_FAILS,
    /** It takes commands and does nothing. */
    IDLE,
    /** The bridge is told not to assume that a command was carried out. */
    UNASSUMED
  }

  /** A device. */
  final class Node {
    final String ieee;
    String name;
    private final String exposes;
    private final String power;
    private final Map<String, Object> cached = new LinkedHashMap<>();
    private final Map<String, Object> real = new LinkedHashMap<>();
    volatile Fault fault = Fault.NONE;

    Node(String ieee, String name, String power, String exposes) {
      this.ieee = ieee;
      this.name = name;
      this.power = power;
      this.exposes = exposes;
    }

    /** What the device does by itself, and reports. */
    void report(Map<String, Object> values) {
      synchronized (ZigbeeBridge.this) {
        real.putAll(values);
        cached.putAll(values);
        publishState();
      }
    }

    private void publishState() {
      publish(name, MAPPER.writeValueAsString(cached), false);
    }

    private String entry() {
      return """
      {"ieee_address":"%s","type":"Router","friendly_name":"%s","supported":true,
       "disabled":false,"power_source":"%s","endpoints":{"1":{"scenes":[]}},
       "definition":{"model":"X1","vendor":"Acme","description":"A thing","options":[],
        "exposes":%s}}\
      """
          .formatted(ieee, name, power, exposes);
    }

    private void set(Map<String, Object> values) {
      if (fault == Fault.SET_FAILS) {
        String key = values.keySet().iterator().next();
        fail("set", key, name);
        return;
      }
      if (fault != Fault.IDLE) {
        real.putAll(values);
      }
      if (fault != Fault.UNASSUMED) {
        cached.putAll(values);
        publishState();
      }
    }

    private void get(Map<String, Object> keys) {
      if (fault == Fault.GET_FAILS) {
        fail("get", keys.keySet().iterator().next(), name);
        return;
      }
      keys.keySet()
          .forEach(key -> {
            if (real.containsKey(key)) {
              cached.put(key, real.get(key));
            }
          });
      publishState();
    }
  }

  private final String base;
  private final MqttConnection connection;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, List<Node>> groups = new LinkedHashMap<>();
  private final List<String> received = new CopyOnWriteArrayList<>();

  /** Publish errors on the older topic, in its form. */
  volatile boolean legacy;

  ZigbeeBridge(MqttOptions options, String base) throws Exception {
    this.base = base;
    connection = MqttConnection.start(options);
    assertThat(connection.awaitConnected(Duration.ofSeconds(30))).isTrue();
    assertThat(connection.subscribe(base + "/#", this::hear).active().get(30, TimeUnit.SECONDS))
        .isTrue();
    publish("bridge/state", "{\"state\":\"online\"}", true);
  }

  static String light(String... more) {
    return """
    [{"type":"light","features":[
      {"type":"binary","name":"state","property":"state","access":7,
       "value_on":"ON","value_off":"OFF","value_toggle":"TOGGLE"},
      {"type":"numeric","name":"brightness","property":"brightness","access":7,
       "value_min":0,"value_max":254}%s]},
     {"type":"numeric","name":"linkquality","property":"linkquality","access":1,"unit":"lqi",
      "category":"diagnostic","value_min":0,"value_max":255}]\
    """
        .formatted(more.length == 0 ? "" : "," + String.join(",", more));
  }

  Node add(String ieee, String name, String exposes) {
    return add(ieee, name, "Mains (single phase)", exposes);
  }

  Node add(String ieee, String name, String power, String exposes) {
    Node node = new Node(ieee, name, power, exposes);
    nodes.add(node);
    return node;
  }

  void remove(Node node) {
    nodes.remove(node);
  }

  ZigbeeBridge group(String name, Node... members) {
    groups.put(name, List.of(members));
    return this;
  }

  /** Publishes both lists; more entries may be given as JSON. */
  ZigbeeBridge announce(String... more) {
    List<String> entries = new ArrayList<>(nodes.stream().map(Node::entry).toList());
    entries.addAll(List.of(more));
    publish("bridge/devices", "[" + String.join(",", entries) + "]", true);
    List<String> list = new ArrayList<>();
    groups.forEach((name, members) ->
        list.add(
            """
            {"id":%d,"friendly_name":"%s","scenes":[{"id":3,"name":"Movie night"}],"members":[%s]}\
            """
                .formatted(
                    list.size() + 1,
                    name,
                    String.join(
                        ",",
                        members.stream()
                            .map(each -> "{\"ieee_address\":\"" + each.ieee + "\",\"endpoint\":1}")
                            .toList()))));
    publish("bridge/groups", "[" + String.join(",", list) + "]", true);
    return this;
  }

  /** Publishes below the base topic. */
  void publish(String topic, String payload, boolean retained) {
    var _ =
        connection.publish(
            base + "/" + topic, payload.getBytes(StandardCharsets.UTF_8), 1, retained);
  }

  /** Commands and questions heard so far, without the base topic. */
  List<String> received() {
    return received;
  }

  private void fail(String what, String key, String name) {
    String line =
        "Publish '%s' '%s' to '%s' failed: 'Error: no response from device'"
            .formatted(what, key, name);
    if (legacy) {
      Map<String, Object> json =
          Map.of(
              "type",
              "zigbee_publish_error",
              "message",
              line,
              "meta",
              Map.of("friendly_name", name));
      publish("bridge/log", MAPPER.writeValueAsString(json), false);
    } else {
      Map<String, Object> json =
          Map.of("level", "error", "message", "z2m: " + line, "namespace", "z2m");
      publish("bridge/logging", MAPPER.writeValueAsString(json), false);
    }
  }

  @SuppressWarnings("unchecked")
  private synchronized void hear(MqttMessage message) {
    String topic = message.topic().substring(base.length() + 1);
    boolean set = topic.endsWith("/set");
    if (!set && !topic.endsWith("/get")) {
      return;
    }
    received.add(topic + " " + message.text());
    String name = topic.substring(0, topic.length() - 4);
    Map<String, Object> values = MAPPER.readValue(message.payload(), Map.class);
    for (Node node : groups.getOrDefault(name, List.of())) {
      node.set(values);
    }
    for (Node node : nodes) {
      if (node.name.equals(name)) {
        if (set) {
          node.set(values);
        } else {
          node.get(values);
        }
      }
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
