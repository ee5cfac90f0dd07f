package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.command.CommandExecutor.Execution;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.mqtt.Mosquitto;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.registry.InMemoryHomeStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One home on two brokers, one of them with a prefix before all topics. */
@Timeout(120)
class SeveralBrokersTest {
  private static final Duration SOON = GatewayFixture.SOON;

  private Mosquitto upstairs;
  private Mosquitto downstairs;
  private ScriptedDevice up;
  private ScriptedDevice down;
  private DeviceGateway gateway;

  @SuppressWarnings("NullAway.Init")
  SeveralBrokersTest() {}

  @BeforeEach
  void start() throws Exception {
    upstairs = Mosquitto.start();
    downstairs = Mosquitto.start();
    up = new ScriptedDevice(upstairs.options());
    down = new ScriptedDevice(downstairs.options());
    gateway =
        DeviceGateway.start(
            List.of(upstairs.options(), downstairs.options().withPrefix("house/")),
            GatewayOptions.DEFAULTS.withDeadlines(Deadlines.all(Duration.ofSeconds(10))),
            new InMemoryHomeStore());
    for (MqttConnection each : gateway.connections()) {
      assertThat(each.awaitConnected(SOON)).isTrue();
    }
  }

  @AfterEach
  void stop() {
    gateway.close();
    up.close();
    down.close();
    upstairs.close();
    downstairs.close();
  }

  private static void announce(ScriptedDevice device, String prefix, String id) {
    device.retained(
        prefix + "homeassistant/switch/plug/config",
        "{\"unique_id\":\""
            + id
            + "\",\"command_topic\":\"plug/set\",\"state_topic\":\"plug/state\"}");
  }

  private void awaitEntity(String id) {
    await()
        .atMost(SOON)
        .until(() -> gateway.registry().home().entity(new EntityId(id)).isPresent());
  }

  private Evidence turnOn(String id) throws Exception {
    return gateway
        .executor()
        .execute(new EntityId(id), new Command.TurnOn())
        .get(30, TimeUnit.SECONDS)
        .evidence();
  }

  @Test
  void commandsEachDeviceOnItsBrokerThoughTheirTopicsAreTheSame() throws Exception {
    announce(up, "", "up");
    announce(down, "house/", "down");
    up.on("plug/set", (device, payload) -> device.reply("plug/state", payload));
    down.on("house/plug/set", (device, payload) -> device.reply("house/plug/state", payload));
    awaitEntity("switch.up");
    awaitEntity("switch.down");

    assertThat(turnOn("switch.down")).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(up.received()).isEmpty();
    assertThat(turnOn("switch.up")).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(down.received()).containsExactly("house/plug/set ON");
  }

  @Test
  void losesOnlyTheDevicesOfTheBrokerThatDied() throws Exception {
    announce(up, "", "up");
    announce(down, "house/", "down");
    up.on("plug/set", (device, payload) -> device.reply("plug/state", payload));
    down.deaf("house/plug/set");
    awaitEntity("switch.up");
    awaitEntity("switch.down");
    Execution lost = gateway.executor().submit(new EntityId("switch.down"), new Command.TurnOn());
    await().atMost(SOON).until(() -> !down.received().isEmpty());

    downstairs.kill();

    assertThat(lost.last().get(30, TimeUnit.SECONDS).evidence()).isEqualTo(Evidence.NOT_CONNECTED);
    assertThat(turnOn("switch.up")).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(turnOn("switch.down")).isEqualTo(Evidence.NOT_CONNECTED);
  }

  @Test
  void leavesADeviceToTheBrokerThatKnewItFirst() throws Exception {
    announce(up, "", "same");
    awaitEntity("switch.same");
    announce(down, "house/", "same");
    up.on("plug/set", (device, payload) -> device.reply("plug/state", payload));
    down.deaf("house/plug/set");
    down.retained(
        "house/homeassistant/switch/marker/config",
        "{\"unique_id\":\"marker\",\"command_topic\":\"marker/set\"}");
    awaitEntity("switch.marker");

    assertThat(turnOn("switch.same")).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(down.received()).isEmpty();
    up.retained("homeassistant/switch/plug/config", "");
    down.on("house/plug/set", (device, payload) -> device.reply("house/plug/state", payload));
    await()
        .atMost(SOON)
        .until(
            () -> turnOn("switch.same") == Evidence.STATE_CONFIRMED && !down.received().isEmpty());
  }

  @Test
  void namesTheBrokerOfAFaultyAnnouncement() {
    down.retained("house/homeassistant/switch/plug/config", "{");
    await().atMost(SOON).until(() -> gateway.discoveryFaults().size() == 1);
    assertThat(gateway.discoveryFaults().keySet())
        .first()
        .asString()
        .contains(":" + downstairs.port() + " house/ homeassistant/switch/plug/config");
  }
}
