package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Home;
import dev.hearth.devices.Kind;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.PublishResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Devices that come, change and go, on a real broker. */
@Timeout(120)
class DiscoveryTest {
  private static final Duration SOON = GatewayFixture.SOON;

  private GatewayFixture home;

  @SuppressWarnings("NullAway.Init")
  DiscoveryTest() {}

  @BeforeEach
  void start() throws Exception {
    home = new GatewayFixture();
  }

  @AfterEach
  void stop() {
    home.close();
  }

  private void announce(String object, String keys) {
    home.device.retained(
        "homeassistant/switch/" + object + "/config", "{\"cmd_t\":\"x/set\"," + keys + "}");
  }

  private Home now() {
    return home.gateway.registry().home();
  }

  private void awaitGone(String id) {
    await().atMost(SOON).until(() -> now().entity(new EntityId(id)).isEmpty());
  }

  @Test
  void findsWhatWasRetainedBeforeItStarted() throws Exception {
    announce("a", "\"uniq_id\":\"a\",\"name\":\"A\",\"stat_t\":\"a/state\"");
    home.device.retained("a/state", "ON");
    home.deadlines(Deadlines.DEFAULTS);
    Entity entity = home.await("switch.a", e -> e.state().on().isPresent());
    assertThat(entity.name()).isEqualTo("A");
    assertThat(entity.availability()).isEqualTo(Availability.ONLINE);
  }

  /** Mosquitto keeps 1,000 messages for a client that has not read yet, and drops the rest. */
  @Test
  void findsAllOfALargeHomeOnABrokerAsItComes() throws Exception {
    int count = 2_500;
    home.gateway.close();
    for (int i = 0; i < count; i++) {
      home.device.retained(
          "homeassistant/sensor/meter" + i + "/config",
          """
          {"unique_id":"meter%d","name":"Meter %d","state_topic":"meter/%d",
           "availability_topic":"bridge","device":{"identifiers":"meter%d","name":"Meter %d",
           "manufacturer":"%s","model":"A model whose name is about as long as they usually are"}}\
          """
              .formatted(i, i, i, i, i, "x".repeat(300)));
      home.device.retained("meter/" + i, String.valueOf(i));
    }
    home.device.retained("bridge", "online");

    home.deadlines(Deadlines.DEFAULTS);

    await()
        .atMost(GatewayFixture.SOON.multipliedBy(3))
        .until(() ->
            home.gateway.registry().home().entities().stream()
                    .filter(each ->
                        each.state().number().isPresent()
                            && each.availability() == Availability.ONLINE)
                    .count()
                == count);
    assertThat(home.gateway.discoveryFaults()).isEmpty();
  }

  @Test
  void followsUpdatesAndFarewells() {
    announce("a", "\"uniq_id\":\"a\",\"name\":\"A\",\"stat_t\":\"a/state\"");
    home.device.retained("a/state", "ON");
    home.await("switch.a", e -> e.state().on().isPresent());
    home.device.retained("b/state", "OFF");
    announce("a", "\"uniq_id\":\"a\",\"name\":\"New name\",\"stat_t\":\"b/state\"");
    home.await("switch.a", e -> e.name().equals("New name") && e.state().on().equals(false_()));
    home.device.live("a/state", "ON").live("b/state", "OFF");
    assertThat(home.await("switch.a").state().on()).contains(false);
    home.device.retained("homeassistant/switch/a/config", "");
    awaitGone("switch.a");
    assertThat(now().devices()).isEmpty();
  }

  private static java.util.Optional<Boolean> false_() {
    return java.util.Optional.of(false);
  }

  @Test
  void keepsTheEarlierConfigurationWhenANewOneIsBroken() {
    announce("a", "\"uniq_id\":\"a\",\"name\":\"A\"");
    home.await("switch.a");
    home.device.retained("homeassistant/switch/a/config", "{broken");
    home.device.retained("homeassistant/switch/a/config", "{\"command_topic\":\"a/#\"}");
    announce("marker", "\"uniq_id\":\"marker\"");
    home.await("switch.marker");
    assertThat(home.await("switch.a").name()).isEqualTo("A");
  }

  private void device(String components) {
    home.device.retained(
        "homeassistant/device/box/config",
        "{\"dev\":{\"ids\":\"box\",\"name\":\"Box\"},\"o\":{\"name\":\"o\"},\"cmps\":{"
            + components
            + "}}");
  }

  private @Nullable String fault(String topic) {
    return home.gateway.discoveryFaults().get(topic);
  }

  @Test
  void tellsWhatIsWrongWithATopicUntilABetterAnnouncementComes() {
    String topic = "homeassistant/switch/a/config";
    home.device.retained(topic, "{\"cmd_t\":\"a/#\"}");
    await().atMost(SOON).until(() -> fault(topic) != null);
    assertThat(fault(topic)).contains("command_topic is 'a/#'");
    announce("a", "\"uniq_id\":\"a\",\"name\":\"A\"");
    home.await("switch.a");
    await().atMost(SOON).until(() -> fault(topic) == null);
    home.device.retained(topic, "[]");
    await().atMost(SOON).until(() -> fault(topic) != null);
    assertThat(home.await("switch.a").name()).isEqualTo("A");
    home.device.retained(topic, "");
    awaitGone("switch.a");
    assertThat(home.gateway.discoveryFaults()).isEmpty();
  }

  @Test
  void keepsTheFormerConfigurationOfTheFaultyComponentAlone() {
    String good = "\"a\":{\"p\":\"switch\",\"uniq_id\":\"a\",\"cmd_t\":\"a/set\",\"name\":\"A\"}";
    device(
        good
            + ",\"b\":{\"p\":\"select\",\"uniq_id\":\"b\",\"cmd_t\":\"b/set\",\"ops\":[\"x\"]}"
            + ",\"c\":{\"p\":\"button\",\"uniq_id\":\"c\",\"cmd_t\":\"c/set\"}");
    home.await("select.b");
    home.await("button.c");
    device(
        good.replace("\"A\"", "\"Better\"")
            + ",\"b\":{\"p\":\"select\",\"uniq_id\":\"b\",\"cmd_t\":\"b/set\",\"ops\":{\"x\":1}}");
    home.await("switch.a", e -> e.name().equals("Box Better"));
    awaitGone("button.c");
    home.await("select.b");
    assertThat(fault("homeassistant/device/box/config")).contains("components.b: options");
    device(good);
    awaitGone("select.b");
    await().atMost(SOON).until(() -> home.gateway.discoveryFaults().isEmpty());
  }

  @Test
  void answersInAFloodOfTopicsAndRemembersOnlySomeOfTheirFaults() throws Exception {
    announce("a", "\"uniq_id\":\"good\",\"name\":\"Good\",\"stat_t\":\"good/state\"");
    home.device.on("x/set", (device, payload) -> device.reply("good/state", payload));
    home.await("switch.good");
    try (MqttConnection stranger = MqttConnection.start(home.broker.options())) {
      assertThat(stranger.awaitConnected(GatewayFixture.SOON)).isTrue();
      List<CompletableFuture<PublishResult>> flood =
          IntStream.range(0, 9_000)
              .mapToObj(
                  i -> stranger.publish("homeassistant/switch/flood" + i + "/config", "{" + i))
              .toList();
      for (CompletableFuture<PublishResult> each : flood) {
        assertThat(each.get(60, TimeUnit.SECONDS).sent()).isTrue();
      }
    }
    assertThat(home.execute("switch.good", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.STATE_CONFIRMED);
    await().atMost(GatewayFixture.SOON).until(() -> home.gateway.discoveryFaults().size() == 200);
    assertThat(home.gateway.registry().home().entities()).hasSize(1);
  }

  @Test
  void staysWellInAFloodOfBrokenAnnouncements() throws Exception {
    announce("a", "\"uniq_id\":\"good\",\"name\":\"Good\",\"stat_t\":\"good/state\"");
    home.await("switch.good");
    Random random = new Random(7);
    List<String> configs;
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/discovery"))) {
      configs =
          files
              .filter(f -> f.toString().endsWith(".json"))
              .sorted()
              .map(f -> {
                try {
                  return Files.readString(f);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
              .toList();
    }
    List<String> components = Stream.of(Kind.values()).map(Kind::component).toList();
    for (int i = 0; i < 400; i++) {
      String config = configs.get(random.nextInt(configs.size()));
      String body =
          config.substring(config.indexOf("\"config\":") + 9, config.lastIndexOf("\"messages\""));
      body = body.substring(0, body.lastIndexOf(','));
      char[] chars = body.toCharArray();
      for (int j = random.nextInt(4); j > 0; j--) {
        chars[random.nextInt(chars.length)] = (char) (' ' + random.nextInt(95));
      }
      home.device.live(
          "homeassistant/"
              + components.get(random.nextInt(components.size()))
              + "/x"
              + (i % 50)
              + "/config",
          new String(chars));
    }
    home.device.on("x/set", (device, payload) -> device.reply("good/state", payload));
    assertThat(home.execute("switch.good", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(home.await("switch.good").name()).isEqualTo("Good");
  }

  private void announceDevice(String object, String entity) {
    home.device.retained(
        "homeassistant/device/" + object + "/config",
        """
        {"dev":{"ids":"d","name":"D"},"o":{"name":"o"},
         "cmps":{"x":{"p":"switch","uniq_id":"%s","cmd_t":"y/set","name":"Moved"}}}\
        """
            .formatted(entity));
  }

  @Test
  void movesEntitiesToTheDeviceFormOnceTheirTopicSaysSo() {
    announce("a", "\"uniq_id\":\"a\",\"name\":\"A\"");
    announce("b", "\"uniq_id\":\"b\",\"name\":\"B\"");
    home.await("switch.a");
    home.await("switch.b");
    // The messages of two topics may overtake each other: either order must do.
    announceDevice("da", "a");
    announce("marker", "\"uniq_id\":\"marker\"");
    home.await("switch.marker");
    assertThat(home.await("switch.a").name()).isEqualTo("A");
    home.device.retained("homeassistant/switch/a/config", "{\"migrate_discovery\":true}");
    home.device.retained("homeassistant/switch/b/config", "{\"migrate_discovery\":true}");
    announceDevice("db", "b");
    home.await("switch.a", e -> e.name().equals("D Moved"));
    home.await("switch.b", e -> e.name().equals("D Moved"));

    home.device.retained("homeassistant/switch/a/config", "");
    home.device.retained("homeassistant/switch/b/config", "");
    announce("marker2", "\"uniq_id\":\"marker2\"");
    home.await("switch.marker2");
    assertThat(home.await("switch.a").name()).isEqualTo("D Moved");
    assertThat(home.await("switch.b").name()).isEqualTo("D Moved");
  }

  @Test
  void letsNoOtherTopicTakeAnEntityWhileItsOwnHoldsIt() {
    announce("a", "\"uniq_id\":\"a\",\"name\":\"A\"");
    home.await("switch.a");
    announceDevice("thief", "a");
    announce("a", "\"uniq_id\":\"a\",\"name\":\"Still A\"");
    home.await("switch.a", e -> e.name().equals("Still A"));
    home.device.retained("homeassistant/switch/a/config", "");
    home.await("switch.a", e -> e.name().equals("D Moved"));
    home.device.retained("homeassistant/device/thief/config", "");
    awaitGone("switch.a");
  }

  @Test
  void removesOneComponentOfADevice() {
    home.device.retained(
        "homeassistant/device/d/config",
        """
        {"dev":{"ids":"d"},"o":{"name":"o"},"cmps":{
          "a":{"p":"switch","uniq_id":"a","cmd_t":"a/set"},
          "b":{"p":"sensor","uniq_id":"b","stat_t":"b"}}}\
        """);
    home.await("switch.a");
    home.await("sensor.b");
    home.device.retained(
        "homeassistant/device/d/config",
        """
        {"dev":{"ids":"d"},"o":{"name":"o"},"cmps":{
          "a":{"p":"switch","uniq_id":"a","cmd_t":"a/set"},"b":{"p":"sensor"}}}\
        """);
    awaitGone("sensor.b");
    home.await("switch.a");
  }

  @Test
  void hidesDiagnosticsAndWhatIsDisabled() {
    announce("a", "\"uniq_id\":\"a\",\"ent_cat\":\"config\"");
    announce("b", "\"uniq_id\":\"b\",\"en\":false");
    announce("c", "\"uniq_id\":\"c\"");
    assertThat(home.await("switch.a").exposed()).isFalse();
    assertThat(home.await("switch.b").exposed()).isFalse();
    assertThat(home.await("switch.c").exposed()).isTrue();
  }

  @Test
  void letsReadingsGrowOld() {
    home.device.retained(
        "homeassistant/sensor/s/config", "{\"uniq_id\":\"s\",\"stat_t\":\"s\",\"exp_aft\":0.2}");
    home.device.retained(
        "homeassistant/binary_sensor/m/config",
        "{\"uniq_id\":\"m\",\"stat_t\":\"m\",\"off_dly\":0.2}");
    home.device.retained("s", "21.5").retained("m", "ON");
    home.await("binary_sensor.m", e -> e.state().on().equals(false_()));
    home.await("sensor.s", e -> e.state().updated().isAfter(java.time.Instant.EPOCH));
    home.await("sensor.s", e -> e.state().number().isEmpty());
  }

  @Test
  void stopsAtTheLimitOfEntities() throws Exception {
    home.gateway.close();
    GatewayOptions few =
        new GatewayOptions(Conventions.DEFAULTS, Deadlines.DEFAULTS, 3, false, false);
    home.gateway = DeviceGateway.start(home.broker.options(), few, home.store);
    assertThat(home.gateway.connection().awaitConnected(SOON)).isTrue();
    for (int i = 0; i < 6; i++) {
      announce("n" + i, "\"uniq_id\":\"n" + i + "\"");
    }
    await().atMost(SOON).until(() -> home.gateway.ignoredAnnouncements() == 3);
    assertThat(now().entities()).hasSize(3);
    home.device.retained("homeassistant/switch/n0/config", "");
    announce("late", "\"uniq_id\":\"late\"");
    assertThat(home.await("switch.late").exposed()).isFalse();
    assertThat(now().entities()).hasSize(3);
    assertThat(home.gateway.ignoredAnnouncements())
        .as("room for one brings none back")
        .isEqualTo(3);
    home.device.retained("homeassistant/switch/n5/config", "");
    await().atMost(SOON).until(() -> home.gateway.ignoredAnnouncements() == 2);
  }

  @Test
  void findsADeviceBehindAFloodOfNonsenseAndRemembersOnlySomeOfThat() {
    for (int i = 0; i < 3_000; i++) {
      home.device.retained("homeassistant/switch/flood" + i + "/config", "{\"nonsense\":" + i);
    }
    announce("a", "\"uniq_id\":\"a\"");

    home.await("switch.a");

    assertThat(home.gateway.discoveryFaults()).hasSizeBetween(1, 200);
    assertThat(now().entities()).hasSize(1);
  }

  @Test
  void readsStatesAgainAfterTheBrokerCameBack() throws Exception {
    announce("a", "\"uniq_id\":\"a\",\"stat_t\":\"a/state\"");
    home.device.retained("a/state", "ON");
    home.await("switch.a", e -> e.state().on().isPresent());
    home.broker.kill();
    await().atMost(SOON).until(() -> !home.gateway.connection().status().connected());
    home.broker.restart();
    assertThat(home.gateway.connection().awaitConnected(SOON)).isTrue();
    home.device.awaitConnected();
    home.device.retained("a/state", "OFF");
    home.await("switch.a", e -> e.state().on().equals(false_()));
    home.device.on("x/set", (device, payload) -> device.reply("a/state", payload));
    assertThat(home.execute("switch.a", new Command.TurnOn()).evidence().done()).isTrue();
  }
}
