package dev.hearth.devices.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Action;
import dev.hearth.devices.ArmMode;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Code;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.command.Outcome;
import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.gateway.GatewayOptions;
import dev.hearth.devices.mqtt.Mosquitto;
import dev.hearth.devices.registry.InMemoryHomeStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Devices of the rarer kinds on a real broker, commanded by the project's gateway. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GadgetsTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private Mosquitto broker;
  private SimulatedHome home;
  private DeviceGateway gateway;

  @SuppressWarnings("NullAway.Init")
  GadgetsTest() {}

  @BeforeAll
  void start() throws Exception {
    broker = Mosquitto.start();
    home =
        SimulatedHome.start(
            broker.options(),
            SimulationOptions.defaults()
                .withSpeed(12)
                .withReaction(Duration.ofMillis(10))
                .withEveryKind());
    assertThat(home.awaitAnnounced(SOON)).isTrue();
    gateway =
        DeviceGateway.start(
            broker.options(),
            GatewayOptions.DEFAULTS.withDeadlines(Deadlines.all(Duration.ofSeconds(5))),
            new InMemoryHomeStore());
    assertThat(gateway.connection().awaitConnected(SOON)).isTrue();
    Awaitility.await("the home")
        .atMost(SOON)
        .until(() ->
            home.devices().stream()
                .flatMap(each -> each.blueprint().points().stream())
                .map(each -> new EntityId(each.kind().component() + "." + each.label().id()))
                .allMatch(this::isOnline));
  }

  private boolean isOnline(EntityId id) {
    return gateway
        .registry()
        .home()
        .entity(id)
        .filter(each -> each.availability() == Availability.ONLINE)
        .isPresent();
  }

  @AfterAll
  void stop() {
    gateway.close();
    home.close();
    broker.close();
  }

  private Outcome last(String id, Command command) throws Exception {
    return gateway
        .executor()
        .submit(new EntityId(id), command)
        .last()
        .get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private void does(String id, Command command, Attribute attribute, Object value)
      throws Exception {
    Outcome outcome = last(id, command);
    assertThat(outcome.evidence()).as(outcome.toString()).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(home.device(id).actual().get(attribute)).isEqualTo(value);
  }

  private Entity await(String id, Predicate<Entity> condition) {
    Awaitility.await(id)
        .atMost(SOON)
        .until(
            () -> gateway.registry().home().entity(new EntityId(id)).filter(condition).isPresent());
    return gateway.registry().home().entity(new EntityId(id)).orElseThrow();
  }

  private static boolean isGadget(EntityId id) {
    return Gadgets.devices().stream()
        .flatMap(each -> each.points().stream())
        .anyMatch(each -> id.value().endsWith("." + each.label().id()));
  }

  @Test
  void hidesWhatCanDoHarmOrAnything() {
    assertThat(
            gateway.registry().home().entities().stream()
                .filter(e -> isGadget(e.id()))
                .filter(Entity::exposed)
                .map(e -> e.id().value()))
        .containsExactlyInAnyOrder("vacuum.robot", "humidifier.humidifier", "scene.movie_night");
  }

  @Test
  void runsAndDocksTheRobots() throws Exception {
    String robot = "vacuum.robot";
    does(robot, new Command.Perform(Action.START), Attribute.ACTIVITY, "cleaning");
    does(robot, new Command.SetMode("strong"), Attribute.MODE, "strong");
    does(robot, new Command.Perform(Action.PAUSE), Attribute.ACTIVITY, "paused");
    does(robot, new Command.Perform(Action.DOCK), Attribute.ACTIVITY, "docked");
    String mower = "lawn_mower.mower";
    does(mower, new Command.Perform(Action.START), Attribute.ACTIVITY, "mowing");
    does(mower, new Command.Perform(Action.DOCK), Attribute.ACTIVITY, "docked");
  }

  @Test
  void setsTheHumidifier() throws Exception {
    String id = "humidifier.humidifier";
    does(id, new Command.TurnOn(), Attribute.ON, true);
    does(id, new Command.SetHumidity(60), Attribute.HUMIDITY_SETPOINT, 60.0);
    does(id, new Command.SetMode("sleep"), Attribute.MODE, "sleep");
  }

  @Test
  void soundsAndSilencesTheSiren() throws Exception {
    String id = "siren.siren";
    does(id, new Command.TurnOn(), Attribute.ON, true);
    does(id, new Command.TurnOff(), Attribute.ON, false);
    assertThat(last(id, new Command.SetPreset("horn")).evidence())
        .isEqualTo(Evidence.BROKER_ACKNOWLEDGED);
    await(id, e -> e.state().preset().filter("horn"::equals).isPresent());
    does(id, new Command.TurnOff(), Attribute.ON, false);
  }

  @Test
  void turnsTheValve() throws Exception {
    does("valve.water_valve", new Command.Close(), Attribute.COVER, "closed");
    does("valve.water_valve", new Command.Open(), Attribute.COVER, "open");
  }

  @Test
  void armsAndDisarmsTheAlarm() throws Exception {
    String id = "alarm_control_panel.alarm";
    does(id, new Command.Arm(ArmMode.AWAY, null), Attribute.ALARM, "armed_away");
    assertThat(last(id, new Command.Disarm(new Code("0000"))).evidence())
        .isEqualTo(Evidence.DIFFERENT_VALUE);
    assertThat(home.device(id).actual().word(Attribute.ALARM)).contains("armed_away");
    does(id, new Command.Disarm(new Code("1234")), Attribute.ALARM, "disarmed");
  }

  @Test
  void setsNumberChoiceTextAndBoiler() throws Exception {
    does("number.radio_volume", new Command.SetNumber(12.4), Attribute.NUMBER, 12.5);
    does("select.washing_programme", new Command.SetMode("wool"), Attribute.MODE, "wool");
    does("text.door_display", new Command.SetText("Back soon"), Attribute.TEXT, "Back soon");
    does("water_heater.boiler", new Command.SetTemperature(55), Attribute.SETPOINT, 55.0);
    does("water_heater.boiler", new Command.SetMode("performance"), Attribute.MODE, "performance");
  }

  @Test
  void pressesButtonsAndCallsScenes() throws Exception {
    for (String id : new String[] {"button.doorbell_chime", "scene.movie_night"}) {
      Action action = id.startsWith("scene") ? Action.ACTIVATE : Action.PRESS;
      assertThat(last(id, new Command.Perform(action)).evidence())
          .isEqualTo(Evidence.BROKER_ACKNOWLEDGED);
      Awaitility.await(id)
          .atMost(SOON)
          .until(() -> home.device(id).actual().number().orElse(0) == 1);
    }
  }

  @Test
  void hearsTheRemoteControlAndKnowsOfNewFirmware() {
    home.device("event.remote_control").happen(Attribute.EVENT, "press");
    await("event.remote_control", e -> e.state().word(Attribute.EVENT).isPresent());
    Entity hub = await("update.hub_firmware", e -> e.state().on().isPresent());
    assertThat(hub.state().on()).contains(true);
    assertThat(hub.state().word(Attribute.LATEST_VERSION)).contains("1.5.0");
  }

  @Test
  void doesNotClaimWhatABrokenDeviceDidNotDo() throws Exception {
    SimulatedDevice valve = home.device("valve.water_valve");
    valve.fault(Fault.REJECTING);
    try {
      assertThat(last("valve.water_valve", new Command.Close()).evidence().done()).isFalse();
      assertThat(valve.actual().cover()).contains("open");
    } finally {
      valve.repair();
    }
  }
}
