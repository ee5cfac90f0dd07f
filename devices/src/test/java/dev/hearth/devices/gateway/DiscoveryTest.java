package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Home;
import dev.hearth.devices.command.Deadlines;
import java.time.Duration;
import java.util.List;
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
        new GatewayOptions(
            List.of("homeassistant"), List.of(), Deadlines.DEFAULTS, 3, false, false);
    home.gateway = DeviceGateway.start(home.broker.options(), few, home.store);
    assertThat(home.gateway.connection().awaitConnected(SOON)).isTrue();
    for (int i = 0; i < 6; i++) {
      announce("n" + i, "\"uniq_id\":\"n" + i + "\"");
    }
    await().atMost(SOON).until(() -> now().entities().size() == 3);
    home.device.retained("homeassistant/switch/n0/config", "");
    announce("late", "\"uniq_id\":\"late\"");
    assertThat(home.await("switch.late").exposed()).isFalse();
    assertThat(now().entities()).hasSize(3);
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
