package dev.hearth.devices.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Action;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Kind;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.command.Outcome;
import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.gateway.GatewayOptions;
import dev.hearth.devices.mqtt.Mosquitto;
import dev.hearth.devices.mqtt.MqttSubscription;
import dev.hearth.devices.registry.InMemoryHomeStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Devices of other conventions than Home Assistant's on a real broker: found, commanded, believed
 * and not believed by the project's gateway.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NativesTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** For what is to be confirmed; a busy machine may take its time. */
  private static final Deadlines PATIENT = deadlines(Duration.ofSeconds(30));

  /** For what never comes. */
  private static final Deadlines SHORT = deadlines(Duration.ofMillis(2_500));

  /** Every report must stand, so that liars are found out. */
  private static Deadlines deadlines(Duration each) {
    return new Deadlines(each, each, each, each, each, Duration.ofMillis(300));
  }

  private static final String PLUG = "switch.tasmota_a0b1c2d3e401_relay_1";
  private static final String LAMP = "light.tasmota_a0b1c2d3e402_light_1";
  private static final String SHUTTER = "cover.tasmota_a0b1c2d3e403_shutter_1";

  private static final String SHELLY_PLUG = "switch.shelly_shellyplugs_a0b1c2d3e404_switch_0";
  private static final String SHELLY_LAMP = "light.shelly_shellyrgbw_a0b1c2d3e405_rgb_0";
  private static final String SHELLY_BLIND = "cover.shelly_shelly2pm_a0b1c2d3e406_cover_0";
  private static final String OLD_RELAY = "switch.shelly_shelly1_a0b1c2d3e407_relay_0";
  private static final String OLD_ROLLER = "cover.shelly_shellyswitch25_a0b1c2d3e408_roller_0";

  private static final String HOMIE_LAMP = "light.homie_attic_lamp_lamp";
  private static final String HOMIE_BLIND = "cover.homie_attic_blind_blind";
  private static final String ROOM = "scene.valetudo_duster_room_16";

  /** A device of each convention that has a brightness or position to fall short of. */
  private record Dimmable(String id, Command full, Attribute attribute) {}

  private static final List<String> SWITCHED =
      List.of(PLUG, LAMP, SHELLY_PLUG, SHELLY_LAMP, OLD_RELAY, HOMIE_LAMP);

  /** Those whose convention has words for a refusal. */
  private static final List<String> REFUSING = List.of(PLUG, LAMP, SHELLY_PLUG, SHELLY_LAMP);

  private static final List<Dimmable> DIMMABLE =
      List.of(
          new Dimmable(LAMP, new Command.SetBrightness(100), Attribute.BRIGHTNESS),
          new Dimmable(SHELLY_LAMP, new Command.SetBrightness(100), Attribute.BRIGHTNESS),
          new Dimmable(HOMIE_LAMP, new Command.SetBrightness(100), Attribute.BRIGHTNESS),
          new Dimmable(HOMIE_BLIND, new Command.SetPosition(90), Attribute.POSITION),
          new Dimmable(SHUTTER, new Command.SetPosition(90), Attribute.POSITION),
          new Dimmable(SHELLY_BLIND, new Command.SetPosition(90), Attribute.POSITION),
          new Dimmable(OLD_ROLLER, new Command.SetPosition(90), Attribute.POSITION));

  private static final List<String> COVERS =
      List.of(SHUTTER, SHELLY_BLIND, OLD_ROLLER, HOMIE_BLIND);

  private Mosquitto broker;
  private SimulatedHome home;
  private DeviceGateway gateway;

  /** Another agent on the same broker, which gives up sooner. */
  private DeviceGateway hurried;

  @SuppressWarnings("NullAway.Init")
  NativesTest() {}

  @BeforeAll
  void start() throws Exception {
    broker = Mosquitto.start();
    home = home(broker, 12);
    gateway = gateway(broker, PATIENT);
    hurried = gateway(broker, SHORT);
    awaitAll(gateway);
    awaitAll(hurried);
  }

  private static SimulatedHome home(Mosquitto broker, double speed) throws InterruptedException {
    SimulatedHome made =
        SimulatedHome.start(
            broker.options(),
            SimulationOptions.defaults()
                .withSpeed(speed)
                .withReaction(Duration.ofMillis(10))
                .withEveryKind());
    assertThat(made.awaitAnnounced(SOON)).isTrue();
    return made;
  }

  private static void awaitAll(DeviceGateway agent) {
    for (Blueprint each : Natives.devices()) {
      Point point = each.points().getFirst();
      await(
          agent,
          point.kind().component() + "." + point.label().id(),
          entity ->
              entity.availability() == Availability.ONLINE
                  && (entity.kind() == Kind.SCENE || !entity.state().values().isEmpty()));
    }
  }

  private static DeviceGateway gateway(Mosquitto broker, Deadlines deadlines)
      throws InterruptedException {
    DeviceGateway made =
        DeviceGateway.start(
            broker.options(),
            GatewayOptions.DEFAULTS.withDeadlines(deadlines),
            new InMemoryHomeStore());
    assertThat(made.connection().awaitConnected(SOON)).isTrue();
    return made;
  }

  @AfterAll
  void stop() {
    hurried.close();
    gateway.close();
    home.close();
    broker.close();
  }

  @AfterEach
  void repair() {
    for (Blueprint each : Natives.devices()) {
      home.device(each.id()).repair();
    }
  }

  private Entity await(String id, Predicate<Entity> condition) {
    return await(gateway, id, condition);
  }

  private static Entity await(DeviceGateway agent, String id, Predicate<Entity> condition) {
    EntityId entity = new EntityId(id);
    Awaitility.await(id)
        .atMost(SOON)
        .until(() -> agent.registry().home().entity(entity).filter(condition).isPresent());
    return agent.registry().home().entity(entity).orElseThrow();
  }

  /** Waits until the hurried agent knows all that the broker has heard, and sees a device so. */
  private void awaitHurried(String id, Predicate<Entity> condition) throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    String topic = "natives/" + UUID.randomUUID();
    try (MqttSubscription marker =
        hurried.connection().subscribe(topic, message -> heard.countDown())) {
      assertThat(marker.active().get(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(
              hurried
                  .connection()
                  .publish(topic, "")
                  .get(SOON.toSeconds(), TimeUnit.SECONDS)
                  .sent())
          .isTrue();
      assertThat(heard.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
    await(hurried, id, condition.and(entity -> entity.availability() == Availability.ONLINE));
  }

  /**
   * A home of its own with a single agent: what a liar says to one agent, another takes for a word
   * taken back and doubts the device for the tests that follow.
   */
  private record Apart(Mosquitto broker, SimulatedHome home, DeviceGateway agent)
      implements AutoCloseable {
    static Apart start(double speed, Deadlines deadlines) throws Exception {
      Mosquitto broker = Mosquitto.start();
      Apart made = new Apart(broker, NativesTest.home(broker, speed), gateway(broker, deadlines));
      awaitAll(made.agent);
      return made;
    }

    @Override
    public void close() {
      agent.close();
      home.close();
      broker.close();
    }
  }

  private Outcome last(String id, Command command) throws Exception {
    return last(gateway, id, command);
  }

  private static Outcome last(DeviceGateway agent, String id, Command command) throws Exception {
    return agent
        .executor()
        .submit(new EntityId(id), command)
        .last()
        .get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private void does(String id, Command command, Attribute attribute, Object value)
      throws Exception {
    Outcome outcome = last(id, command);
    assertThat(outcome.evidence().done()).as(outcome.toString()).isTrue();
    assertThat(home.device(id).actual().get(attribute)).isEqualTo(value);
  }

  private static Stream<DynamicTest> each(List<String> ids, Check check) {
    return ids.stream().map(id -> DynamicTest.dynamicTest(id, () -> check.of(id)));
  }

  /** A test of one device. */
  @FunctionalInterface
  private interface Check {
    void of(String id) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> turnsOnAndOff() {
    return each(
        SWITCHED,
        id -> {
          does(id, new Command.TurnOff(), Attribute.ON, false);
          Outcome on = last(id, new Command.TurnOn());
          assertThat(on.evidence()).as(on.toString()).isEqualTo(Evidence.STATE_CONFIRMED);
          assertThat(home.device(id).actual().on()).contains(true);
          assertThat(last(id, new Command.TurnOn()).evidence()).isEqualTo(Evidence.ALREADY);
        });
  }

  @Test
  void sendsARobotToARoomAndClaimsNoMoreThanThat() throws Exception {
    Outcome outcome = last(ROOM, new Command.Perform(Action.ACTIVATE));
    assertThat(outcome.evidence()).as(outcome.toString()).isEqualTo(Evidence.BROKER_ACKNOWLEDGED);
    Awaitility.await()
        .atMost(SOON)
        .until(
            () -> home.device(ROOM).actual().word(Attribute.ACTIVITY),
            Optional.of("cleaning")::equals);
  }

  @TestFactory
  Stream<DynamicTest> movesCoversToTheirEndsAndBetween() {
    return each(
        COVERS,
        id -> {
          does(id, new Command.Open(), Attribute.POSITION, 100);
          does(id, new Command.SetPosition(40), Attribute.POSITION, 40);
          does(id, new Command.Close(), Attribute.COVER, "closed");
        });
  }

  @Test
  void stopsCoversOnTheirWay() throws Exception {
    // So slow that none arrives before it is told to stop.
    try (Apart apart = Apart.start(1, PATIENT)) {
      DeviceGateway agent = apart.agent;
      for (String id : COVERS) {
        SimulatedDevice cover = apart.home.device(id);
        var opening = agent.executor().submit(new EntityId(id), new Command.Open());
        assertThat(opening.first().get(SOON.toSeconds(), TimeUnit.SECONDS).evidence())
            .isEqualTo(Evidence.STARTED);
        Awaitility.await(id).atMost(SOON).until(() -> cover.actual().position().orElse(0) > 0);
        Outcome stop = last(agent, id, new Command.Stop());
        assertThat(stop.evidence()).as(stop.toString()).isEqualTo(Evidence.STATE_CONFIRMED);
        assertThat(cover.actual().cover()).contains("open");
        assertThat(cover.actual().position().orElse(100)).isLessThan(100);
        Outcome closed = last(agent, id, new Command.Close());
        assertThat(closed.evidence().done()).as(closed.toString()).isTrue();
        assertThat(cover.actual().cover()).contains("closed");
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> tellsARefusal() {
    return each(
        REFUSING,
        id -> {
          does(id, new Command.TurnOff(), Attribute.ON, false);
          home.device(id).fault(Fault.REJECTING);
          Outcome refused = last(id, new Command.TurnOn());
          assertThat(refused.evidence()).as(refused.toString()).isEqualTo(Evidence.REJECTED);
          assertThat(home.device(id).actual().on()).contains(false);
        });
  }

  @TestFactory
  Stream<DynamicTest> noticesSilenceAndHearsWhatOtherHandsDoLater() {
    return each(
        SWITCHED,
        id -> {
          does(id, new Command.TurnOff(), Attribute.ON, false);
          awaitHurried(id, entity -> !entity.state().on().orElse(true));
          home.device(id).fault(Fault.DEAD);
          Outcome silent = last(hurried, id, new Command.TurnOn());
          assertThat(silent.evidence()).as(silent.toString()).isEqualTo(Evidence.TIMED_OUT);
          home.device(id).repair();
          home.device(id).happen(Attribute.ON, true);
          await(id, entity -> entity.state().on().orElse(false));
        });
  }

  @TestFactory
  Stream<DynamicTest> sendsNothingToWhatIsOffline() {
    return each(
        Stream.of(SWITCHED, COVERS).flatMap(List::stream).toList(),
        id -> {
          home.device(id).fault(Fault.OFFLINE);
          await(id, entity -> entity.availability() == Availability.OFFLINE);
          Command command = COVERS.contains(id) ? new Command.Open() : new Command.TurnOn();
          Outcome outcome = last(id, command);
          assertThat(outcome.evidence()).isEqualTo(Evidence.OFFLINE);
          home.device(id).repair();
          await(id, entity -> entity.availability() == Availability.ONLINE);
        });
  }

  @Test
  void doesNotBelieveALiar() throws Exception {
    try (Apart apart = Apart.start(12, SHORT)) {
      for (String id : SWITCHED) {
        Awaitility.await(id)
            .atMost(SOON)
            .until(() -> last(apart.agent, id, new Command.TurnOff()).evidence().done());
        apart.home.device(id).fault(new Fault.Lying(Duration.ZERO));
        Outcome outcome = last(apart.agent, id, new Command.TurnOn());
        assertThat(outcome.evidence().done()).as(outcome.toString()).isFalse();
        assertThat(apart.home.device(id).actual().on()).contains(false);
      }
    }
  }

  @Test
  void tellsWhatADeviceDoesInstead() throws Exception {
    try (Apart apart = Apart.start(12, SHORT)) {
      for (Dimmable each : DIMMABLE) {
        apart.home.device(each.id).fault(Fault.CLAMPING);
        Outcome outcome = last(apart.agent, each.id, each.full);
        assertThat(outcome.evidence()).as(outcome.toString()).isEqualTo(Evidence.DIFFERENT_VALUE);
        assertThat(apart.home.device(each.id).actual().get(each.attribute)).isEqualTo(50);
        apart.home.device(each.id).repair();
      }
    }
  }

  @Test
  void paintsALampOfTasmota() throws Exception {
    does(LAMP, new Command.SetBrightness(35), Attribute.BRIGHTNESS, 35);
    does(LAMP, new Command.SetColor(new Color(240, 100), "blue"), Attribute.BRIGHTNESS, 35);
    assertThat(home.device(LAMP).actual().color()).contains(new Color(240, 100));
    does(LAMP, new Command.SetColorTemperature(4000), Attribute.COLOR_TEMPERATURE, 4000);
    assertThat(await(LAMP, e -> e.state().color().isEmpty()).state().colorTemperatureKelvin())
        .hasValue(4000);
  }

  @Test
  void measuresWithTasmota() throws Exception {
    String power = "sensor.tasmota_a0b1c2d3e401_energy_power";
    does(PLUG, new Command.TurnOn(), Attribute.ON, true);
    assertThat(await(power, e -> e.state().number().orElse(0) == 60).name())
        .isEqualTo("Soldering station power");
  }

  @Test
  void paintsALampOfShelly() throws Exception {
    does(SHELLY_LAMP, new Command.SetBrightness(35), Attribute.BRIGHTNESS, 35);
    Outcome blue = last(SHELLY_LAMP, new Command.SetColor(new Color(240, 100), "blue"));
    assertThat(blue.evidence().done()).as(blue.toString()).isTrue();
    assertThat(home.device(SHELLY_LAMP).actual().color()).contains(new Color(240, 100));
  }

  @Test
  void measuresWithShelly() throws Exception {
    does(SHELLY_PLUG, new Command.TurnOn(), Attribute.ON, true);
    await(
        SHELLY_PLUG.replace("switch.", "sensor.") + "_apower",
        e -> e.state().number().orElse(0) == 900);
  }

  @Test
  void paintsALampOfHomie() throws Exception {
    does(HOMIE_LAMP, new Command.SetBrightness(35), Attribute.BRIGHTNESS, 35);
    does(
        HOMIE_LAMP,
        new Command.SetColor(new Color(240, 100), "blue"),
        Attribute.COLOR,
        new Color(240, 100));
    assertThat(home.device(HOMIE_LAMP).actual().brightnessPercent()).hasValue(35);
  }
}
