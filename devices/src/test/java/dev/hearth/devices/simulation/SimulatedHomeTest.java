package dev.hearth.devices.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.command.Outcome;
import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.gateway.GatewayOptions;
import dev.hearth.devices.mqtt.Mosquitto;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.registry.InMemoryHomeStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The simulated home on a real broker, and the project's gateway against it. */
class SimulatedHomeTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Deadlines DEADLINES =
      new Deadlines(
          Duration.ofSeconds(4),
          Duration.ofSeconds(6),
          Duration.ofSeconds(4),
          Duration.ofSeconds(10),
          Duration.ofSeconds(4),
          Duration.ofMillis(400));

  /** Quick devices: a blind needs a second. */
  private static SimulationOptions quick() {
    return SimulationOptions.defaults().withSpeed(12).withReaction(Duration.ofMillis(10));
  }

  private static SimulatedHome home(MqttOptions mqtt) throws InterruptedException {
    SimulatedHome home = SimulatedHome.start(mqtt, quick());
    assertThat(home.awaitAnnounced(SOON)).isTrue();
    return home;
  }

  private static DeviceGateway gateway(Mosquitto broker) {
    return DeviceGateway.start(
        broker.options(),
        GatewayOptions.DEFAULTS.withDeadlines(DEADLINES),
        new InMemoryHomeStore());
  }

  private static void await(String what, BooleanSupplier condition) {
    Awaitility.await(what)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(10))
        .until(condition::getAsBoolean);
  }

  private static Entity entity(DeviceGateway gateway, String id) {
    return gateway.registry().home().entity(new EntityId(id)).orElseThrow();
  }

  private static void awaitAllOnline(DeviceGateway gateway) throws InterruptedException {
    assertThat(gateway.connection().awaitConnected(SOON)).isTrue();
    await(
        "48 entities online",
        () ->
            gateway.registry().home().entities().stream()
                    .filter(each -> each.availability() == Availability.ONLINE)
                    .count()
                == 48);
  }

  private static Outcome execute(DeviceGateway gateway, String id, Command command)
      throws Exception {
    return gateway.executor().execute(new EntityId(id), command).get(20, TimeUnit.SECONDS);
  }

  private static Map<String, String> watch(MqttConnection connection) throws Exception {
    Map<String, String> seen = new ConcurrentHashMap<>();
    assertThat(
            connection
                .subscribe("#", message -> seen.put(message.topic(), message.text()))
                .active()
                .get(10, TimeUnit.SECONDS))
        .isTrue();
    return seen;
  }

  @Test
  void isDiscoveredWholeByTheGatewayWhoeverComesFirst() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        DeviceGateway early = gateway(broker);
        SimulatedHome home = home(broker.options());
        DeviceGateway late = gateway(broker)) {
      assertThat(home.devices()).hasSize(44);
      awaitAllOnline(early);
      awaitAllOnline(late);
      await("a state", () -> entity(late, "light.kitchen_ceiling").state().on().isPresent());
      assertThat(entity(late, "light.kitchen_ceiling").state().brightnessPercent()).hasValue(80);
      await("a position", () -> entity(late, "cover.kids_blind").state().position().isPresent());
      assertThat(entity(late, "cover.kids_blind").state().position()).hasValue(50);
    }
  }

  @Test
  void doesWhatTheGatewayClaims() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        SimulatedHome home = home(broker.options());
        DeviceGateway gateway = gateway(broker)) {
      awaitAllOnline(gateway);

      assertDone(execute(gateway, "light.kitchen_ceiling", new Command.SetBrightness(20)));
      assertThat(home.device("kitchen_ceiling").actual().brightnessPercent()).hasValue(20);
      assertDone(execute(gateway, "climate.bedroom_thermostat", new Command.SetTemperature(21)));
      assertThat(home.device("bedroom_thermostat").actual().setpoint()).hasValue(21);
      assertDone(execute(gateway, "fan.living_fan", new Command.TurnOn()));
      assertDone(execute(gateway, "fan.living_fan", new Command.SetFanSpeed(100)));
      assertThat(home.device("living_fan").actual().fanSpeedPercent()).hasValue(100);
      assertDone(execute(gateway, "switch.garage_light", new Command.TurnOn()));
      assertThat(home.device("garage_light").actual().on()).contains(true);
      Outcome opened = execute(gateway, "cover.garage_door", new Command.Open());
      assertThat(opened.evidence().negative()).isFalse();
      await(
          "garage door open",
          () -> home.device("garage_door").actual().cover().orElse("").equals("open"));
      Outcome unlocked = execute(gateway, "lock.front_door", new Command.Unlock());
      assertThat(unlocked.evidence().negative()).isFalse();
      await(
          "front door unlocked",
          () -> home.device("front_door").actual().lock().orElse("").equals("unlocked"));
    }
  }

  private static void assertDone(Outcome outcome) {
    assertThat(outcome.evidence().done()).as(outcome.toString()).isTrue();
  }

  @Test
  void neverMakesTheGatewayClaimWhatABrokenDeviceDidNotDo() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        SimulatedHome home = home(broker.options());
        DeviceGateway gateway = gateway(broker)) {
      awaitAllOnline(gateway);
      home.device("kitchen_ceiling").fault(Fault.DEAD);
      home.device("kitchen_counter").fault(new Fault.Lying(Duration.ZERO));
      home.device("hall_light").fault(Fault.REJECTING);
      home.device("office_ceiling").fault(Fault.CLAMPING);
      home.device("garage_light").fault(Fault.OFFLINE);
      home.device("kids_light").fault(new Fault.Slow(Duration.ofSeconds(9)));
      await(
          "garage light offline",
          () -> entity(gateway, "switch.garage_light").availability() == Availability.OFFLINE);

      Map<String, Command> commands =
          Map.of(
              "light.kitchen_ceiling", new Command.TurnOff(),
              "light.kitchen_counter", new Command.TurnOff(),
              "light.hall_light", new Command.TurnOff(),
              "light.office_ceiling", new Command.SetBrightness(90),
              "switch.garage_light", new Command.TurnOn(),
              "light.kids_light", new Command.TurnOff());
      Map<String, CompletableFuture<Outcome>> outcomes = new HashMap<>();
      commands.forEach(
          (id, command) -> outcomes.put(id, gateway.executor().execute(new EntityId(id), command)));
      for (Map.Entry<String, CompletableFuture<Outcome>> each : outcomes.entrySet()) {
        Outcome outcome = each.getValue().get(20, TimeUnit.SECONDS);
        assertThat(outcome.evidence().done()).as("%s: %s", each.getKey(), outcome).isFalse();
      }
      assertThat(execute(gateway, "switch.garage_light", new Command.TurnOn()).evidence())
          .isEqualTo(Evidence.OFFLINE);
      assertThat(home.device("kitchen_ceiling").actual().on()).contains(true);
      assertThat(home.device("kitchen_counter").actual().on()).contains(true);

      home.device("kitchen_ceiling").repair();
      assertDone(execute(gateway, "light.kitchen_ceiling", new Command.TurnOff()));
    }
  }

  @Test
  void announcesItselfAgainToABrokerThatForgotEverything() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        SimulatedHome home = home(broker.options())) {
      home.device("hall_light").happen(dev.hearth.devices.Attribute.BRIGHTNESS, 5);
      broker.kill();
      broker.restart();
      try (DeviceGateway gateway = gateway(broker)) {
        awaitAllOnline(gateway);
        await(
            "the present state",
            () -> entity(gateway, "light.hall_light").state().brightnessPercent().orElse(0) == 5);
      }
    }
  }

  @Test
  void repeatsItsAnnouncementWhenAHomeAssistantIsBorn() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        SimulatedHome home = home(broker.options());
        MqttConnection other = MqttConnection.start(broker.options())) {
      assertThat(home.devices()).isNotEmpty();
      assertThat(other.awaitConnected(SOON)).isTrue();
      String topic = "homeassistant/light/kitchen_ceiling/config";
      assertThat(other.publish(topic, new byte[0], 1, true).get(5, TimeUnit.SECONDS).sent())
          .isTrue();
      Map<String, String> seen = watch(other);
      assertThat(other.publish("homeassistant/status", "online").get(5, TimeUnit.SECONDS).sent())
          .isTrue();
      await("announcement", () -> seen.getOrDefault(topic, "").contains("kitchen_ceiling"));
    }
  }

  @Test
  void saysOfflineWhenItClosesAndLeavesNothingWhenErased() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection other = MqttConnection.start(broker.options())) {
      assertThat(other.awaitConnected(SOON)).isTrue();
      Map<String, String> seen = watch(other);
      home(broker.options()).close();
      await(
          "goodbye",
          () ->
              "offline".equals(seen.get("home/bridge/availability"))
                  && "offline".equals(seen.get("home/garage_door/availability"))
                  && "offline".equals(seen.get("home/living_ac/availability")));

      assertThat(SimulatedHome.erase(broker.options(), SimulationOptions.defaults(), SOON))
          .isTrue();
      try (MqttConnection late = MqttConnection.start(broker.options())) {
        assertThat(late.awaitConnected(SOON)).isTrue();
        Map<String, String> left = watch(late);
        assertThat(late.publish("end", "now").get(5, TimeUnit.SECONDS).sent()).isTrue();
        await("the end", () -> left.containsKey("end"));
        assertThat(left.keySet()).containsExactly("end");
      }
    }
  }

  @Test
  void runsOnABrokerWithAPassword() throws Exception {
    try (Mosquitto broker = Mosquitto.startWithPassword("home", "secret");
        SimulatedHome home = home(broker.options().withCredentials("home", "secret"))) {
      assertThat(home.device("light.kitchen_ceiling").name()).isEqualTo("Kitchen ceiling light");
    }
  }

  @Test
  void runsAsAProcessOfItsOwnWhoseLastWillTellsOfItsDeath() throws Exception {
    try (Mosquitto broker = Mosquitto.startWithPassword("home", "secret");
        MqttConnection other =
            MqttConnection.start(broker.options().withCredentials("home", "secret"))) {
      assertThat(other.awaitConnected(SOON)).isTrue();
      Map<String, String> seen = watch(other);
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              SimulationMain.class.getName(),
              "tcp://127.0.0.1:" + broker.port(),
              "home",
              "SIMULATION_PASSWORD");
      builder.environment().put("SIMULATION_PASSWORD", "secret");
      Process process =
          builder
              .redirectErrorStream(true)
              .redirectOutput(broker.folder().resolve("simulation.log").toFile())
              .start();
      try {
        await(
            "the home",
            () ->
                "online".equals(seen.get("home/bridge/availability"))
                    && "online".equals(seen.get("home/garage_door/availability")));
      } finally {
        process.destroyForcibly();
      }
      await(
          "the last wills",
          () ->
              "offline".equals(seen.get("home/bridge/availability"))
                  && "offline".equals(seen.get("home/garage_door/availability")));
    }
  }

  @Test
  void namesItsDevicesWhenAskedForOneThatItDoesNotHave() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        SimulatedHome home = home(broker.options())) {
      assertThatThrownBy(() -> home.device("pool_pump"))
          .hasMessageContaining("pool_pump")
          .hasMessageContaining("kitchen_ceiling");
      assertThat(home.device(new EntityId("sensor.kitchen_coffee_power")).id())
          .isEqualTo("kitchen_coffee");
    }
  }

  @Test
  void ignoresOldCommandsThatABrokerRetained() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        MqttConnection other = MqttConnection.start(broker.options())) {
      assertThat(other.awaitConnected(SOON)).isTrue();
      byte[] off = "{\"state\":\"OFF\"}".getBytes(StandardCharsets.UTF_8);
      assertThat(
              other
                  .publish("home/kitchen_ceiling/set", off, 1, true)
                  .get(5, TimeUnit.SECONDS)
                  .sent())
          .isTrue();
      try (SimulatedHome home = home(broker.options())) {
        assertThat(other.publish("home/hall_light/set", "{\"state\":\"OFF\"}").get().sent())
            .isTrue();
        await("a new command", () -> !home.device("hall_light").actual().on().orElse(true));
        assertThat(home.device("kitchen_ceiling").actual().on()).contains(true);
      }
    }
  }

  @Test
  void readsItsArguments() {
    assertThat(SimulationMain.options("tcp://host").uri().getPort()).isEqualTo(1883);
    assertThatThrownBy(() -> SimulationMain.options()).hasMessageContaining("Usage");
    assertThatThrownBy(() -> SimulationMain.options("tcp://host", "home", "NO_SUCH_VARIABLE"))
        .hasMessageContaining("NO_SUCH_VARIABLE");
  }
}
