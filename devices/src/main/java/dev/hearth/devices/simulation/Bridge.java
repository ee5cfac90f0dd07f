package dev.hearth.devices.simulation;

import dev.hearth.devices.mqtt.LastWill;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.mqtt.MqttStatus;
import dev.hearth.devices.mqtt.MqttSubscription;
import dev.hearth.devices.mqtt.PublishResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection and the devices behind it. Its last will tells that all of them are gone, but for
 * devices of other conventions that share it: these look at topics of their own, where only a
 * proper end says so. After every connect all announce themselves anew.
 */
final class Bridge implements AutoCloseable {
  private static final int GOODBYE_SECONDS = 2;

  private final String willTopic;
  private final String online;
  private final String offline;
  private final SimulationOptions options;
  private final MqttOptions mqtt;
  private final List<SimulatedDevice> devices = new ArrayList<>();
  private final Map<String, SimulatedDevice> commands = new HashMap<>();
  private final Discovery discovery;
  private final CompletableFuture<Void> announced = new CompletableFuture<>();
  private volatile @Nullable MqttConnection connection;

  /** What the announcement under way has sent; null when there is none. */
  private @Nullable List<CompletableFuture<PublishResult>> batch;

  /** A connection of many devices, with a topic for all of them. */
  Bridge(String name, MqttOptions mqtt, SimulationOptions options) {
    this(name, new Discovery(options, name).bridgeTopic(), "online", "offline", mqtt, options);
  }

  /** A connection of one device alone. */
  Bridge(Blueprint device, MqttOptions mqtt, SimulationOptions options) {
    this(
        device.id(),
        device.presenceTopic(options.base()),
        device.presence(true),
        device.presence(false),
        mqtt,
        options);
  }

  private Bridge(
      String name,
      String willTopic,
      String online,
      String offline,
      MqttOptions mqtt,
      SimulationOptions options) {
    this.willTopic = willTopic;
    this.online = online;
    this.offline = offline;
    this.options = options;
    this.mqtt =
        mqtt.withClientId(mqtt.clientId() + "-" + name)
            .withWill(new LastWill(willTopic, offline, true));
    this.discovery = new Discovery(options, name);
  }

  SimulatedDevice add(Blueprint blueprint) {
    SimulatedDevice device = new SimulatedDevice(blueprint, options, this::publish);
    devices.add(device);
    device.commandTopics().forEach(topic -> commands.put(topic, device));
    return device;
  }

  void start() {
    MqttConnection made = MqttConnection.start(mqtt);
    connection = made;
    List<MqttSubscription> heard = new ArrayList<>();
    commands.forEach((topic, device) ->
        heard.add(
            made.subscribe(
                topic,
                message -> {
                  if (!message.retained()) { // A command kept by the broker is an old one.
                    String payload = message.text();
                    options.time().execute(() -> device.receive(topic, payload));
                  }
                })));
    heard.add(
        made.subscribe(
            options.discoveryPrefix() + "/status",
            message -> {
              if (message.text().equals("online") && !message.retained()) {
                options.time().execute(this::announce);
              }
            }));
    // Who is announced is commanded, and must hear it.
    CompletableFuture<Void> _ =
        CompletableFuture.allOf(
                heard.stream().map(MqttSubscription::active).toArray(CompletableFuture[]::new))
            .thenRun(() -> {
              MqttConnection.Registration _ = made.onStatus(this::statusChanged);
            });
  }

  private void statusChanged(MqttStatus status) {
    if (status.connected()) {
      options.time().execute(this::announce);
    }
  }

  private void announce() {
    List<CompletableFuture<PublishResult>> sent = new ArrayList<>();
    batch = sent;
    publish(willTopic, online, true);
    for (SimulatedDevice device : devices) {
      discovery
          .messages(device.blueprint())
          .forEach(message -> publish(message.topic(), message.payload(), true));
      device.introduce();
    }
    batch = null;
    CompletableFuture<Void> _ =
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
            .thenRun(() -> {
              if (sent.stream().allMatch(each -> each.join().sent())) {
                announced.complete(null);
              }
            });
  }

  private void publish(String topic, String payload, boolean retained) {
    MqttConnection to = connection;
    if (to == null) {
      return;
    }
    // When the connection is gone, all is said again after the next connect.
    CompletableFuture<PublishResult> result =
        to.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, retained);
    List<CompletableFuture<PublishResult>> announcement = batch;
    if (announcement != null) {
      announcement.add(result);
    }
  }

  /** Completes when the first announcement is with the broker. */
  CompletableFuture<Void> announced() {
    return announced;
  }

  /** All topics on which messages are retained. */
  List<String> retainedTopics() {
    List<String> topics = new ArrayList<>(List.of(willTopic));
    for (SimulatedDevice device : devices) {
      discovery.messages(device.blueprint()).forEach(message -> topics.add(message.topic()));
      topics.addAll(device.reportTopics());
    }
    return topics;
  }

  /** Says that the devices are gone and closes the connection. */
  @Override
  public void close() {
    MqttConnection open = connection;
    connection = null;
    if (open == null) {
      return;
    }
    try {
      Map<String, String> farewells = new LinkedHashMap<>();
      devices.stream()
          .map(SimulatedDevice::blueprint)
          .filter(each -> each.style() == Blueprint.Style.NATIVE)
          .forEach(each -> farewells.put(each.presenceTopic(options.base()), each.presence(false)));
      farewells.put(willTopic, offline);
      List<CompletableFuture<PublishResult>> sent = new ArrayList<>();
      farewells.forEach((topic, payload) ->
          sent.add(open.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, true)));
      Void _ =
          CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
              .completeOnTimeout(null, GOODBYE_SECONDS, TimeUnit.SECONDS)
              .join();
    } finally {
      open.close();
    }
  }
}
