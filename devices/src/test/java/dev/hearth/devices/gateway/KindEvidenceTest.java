package dev.hearth.devices.gateway;

import static dev.hearth.devices.gateway.GatewayFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.devices.Action;
import dev.hearth.devices.ArmMode;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Code;
import dev.hearth.devices.Command;
import dev.hearth.devices.HomeEvent;
import dev.hearth.devices.command.CommandExecutor.Execution;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.command.Outcome;
import dev.hearth.devices.registry.HomeRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What confirms and what refutes a command, kind by kind, with real devices on a real broker. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KindEvidenceTest {
  private static final Duration SOON = GatewayFixture.SOON;

  /** For tests that wait for a deadline to pass; long enough for an answer to come first. */
  private static final Deadlines ANSWERED = Deadlines.all(Duration.ofSeconds(4));

  private GatewayFixture home;
  private int devices;

  @SuppressWarnings("NullAway.Init")
  KindEvidenceTest() {}

  @BeforeAll
  void start() throws Exception {
    home = new GatewayFixture();
  }

  @AfterAll
  void stop() {
    home.close();
  }

  @BeforeEach
  void connected() throws Exception {
    home.device.awaitConnected();
    assertThat(home.gateway.connection().awaitConnected(SOON)).isTrue();
  }

  @AfterEach
  void patience() throws Exception {
    if (impatient) {
      impatient = false;
      home.deadlines(Deadlines.all(Duration.ofSeconds(10)));
    }
  }

  private boolean impatient;

  private void impatient() throws Exception {
    impatient = true;
    home.deadlines(ANSWERED);
  }

  /** Announces a device of its own; {@code ~} is its base topic, which also is its id. */
  private String announce(String component, String keys) {
    devices++;
    String base = "d" + devices;
    home.device.retained(
        "homeassistant/" + component + "/" + base + "/config",
        "{\"~\":\"" + base + "\",\"uniq_id\":\"" + base + "\"," + keys + "}");
    home.await(component + "." + base);
    return base;
  }

  private Outcome execute(String component, String base, Command command) {
    return home.execute(component + "." + base, command);
  }

  private List<String> received(String base) {
    return home.device.received().stream().filter(m -> m.startsWith(base + "/")).toList();
  }

  private void answer(String base, String answer) {
    home.device.on(base + "/set", (device, payload) -> device.reply(base + "/state", answer));
  }

  private void echo(String base) {
    home.device.on(base + "/set", (device, payload) -> device.reply(base + "/state", payload));
  }

  private static final String TWO_WAYS = "\"cmd_t\":\"~/set\",\"stat_t\":\"~/state\"";

  private void assertEvidence(Outcome outcome, Evidence evidence) {
    assertThat(outcome.evidence()).as(outcome.toString()).isEqualTo(evidence);
  }

  @Test
  void saysThatAnAlarmPanelIsArmingBeforeItIsArmed() {
    String base = announce("alarm_control_panel", TWO_WAYS);
    answer(base, "arming");

    Execution arming =
        home.submit("alarm_control_panel." + base, new Command.Arm(ArmMode.AWAY, null));

    assertEvidence(get(arming.first()), Evidence.STARTED);
    assertThat(arming.last()).isNotDone();
    home.device.live(base + "/state", "armed_away");
    assertEvidence(get(arming.last()), Evidence.STATE_CONFIRMED);
  }

  @Test
  void takesAnAlarmForARefusalToArm() {
    String base = announce("alarm_control_panel", TWO_WAYS);
    answer(base, "triggered");
    assertEvidence(
        execute("alarm_control_panel", base, new Command.Arm(ArmMode.HOME, null)),
        Evidence.REJECTED);
  }

  @Test
  void saysThatAPanelStayedArmedAfterAWrongCode() throws Exception {
    impatient();
    String base =
        announce(
            "alarm_control_panel",
            TWO_WAYS + ",\"code\":\"REMOTE_CODE\",\"cmd_tpl\":\"{{ action }} {{ code }}\"");
    home.device.on(
        base + "/set",
        (device, payload) ->
            device.reply(
                base + "/state", payload.equals("DISARM 1234") ? "disarmed" : "armed_home"));

    assertEvidence(
        execute("alarm_control_panel", base, new Command.Disarm(null)), Evidence.UNSUPPORTED);
    Outcome wrong = execute("alarm_control_panel", base, new Command.Disarm(new Code("9999")));
    assertEvidence(wrong, Evidence.DIFFERENT_VALUE);
    assertThat(wrong.toString()).contains("armed_home").doesNotContain("9999");
    assertEvidence(
        execute("alarm_control_panel", base, new Command.Disarm(new Code("1234"))),
        Evidence.STATE_CONFIRMED);
    assertThat(received(base))
        .containsExactly(base + "/set DISARM 9999", base + "/set DISARM 1234");
  }

  @Test
  void asksForTheCodeOfALockAndKeepsItOutOfOutcomes() {
    String base =
        announce(
            "lock", TWO_WAYS + ",\"code_format\":\"\\\\d+\",\"cmd_tpl\":\"{{ value }}{{ code }}\"");
    home.device.on(base + "/set", (device, payload) -> device.reply(base + "/state", "UNLOCKED"));

    assertEvidence(execute("lock", base, new Command.Unlock()), Evidence.UNSUPPORTED);
    Outcome outcome = execute("lock", base, new Command.Unlock(new Code("4711")));
    assertEvidence(outcome, Evidence.STATE_CONFIRMED);
    assertThat(outcome.toString()).doesNotContain("4711");
    assertThat(received(base)).containsExactly(base + "/set UNLOCK4711");
  }

  @Test
  void refusesACodeThatIsKnownToBeWrong() {
    String base = announce("alarm_control_panel", TWO_WAYS + ",\"code\":\"1234\"");
    home.device.deaf(base + "/set");
    Outcome outcome =
        execute("alarm_control_panel", base, new Command.Arm(ArmMode.AWAY, new Code("1235")));
    assertEvidence(outcome, Evidence.UNSUPPORTED);
    assertThat(outcome.detail()).contains("code is wrong");
    assertThat(outcome.published()).isFalse();
  }

  private static final String VACUUM =
      TWO_WAYS + ",\"sup_feat\":[\"start\",\"pause\",\"stop\",\"return_home\",\"locate\"]";

  @Test
  void followsAVacuumToItsDock() {
    String base = announce("vacuum", VACUUM);
    home.device.on(
        base + "/set",
        (device, payload) ->
            device.reply(
                base + "/state",
                payload.equals("start")
                    ? "{\"state\":\"cleaning\"}"
                    : "{\"state\":\"returning\"}"));

    assertEvidence(
        execute("vacuum", base, new Command.Perform(Action.START)), Evidence.STATE_CONFIRMED);
    Execution docking = home.submit("vacuum." + base, new Command.Perform(Action.DOCK));
    assertEvidence(get(docking.first()), Evidence.STARTED);
    home.device.live(base + "/state", "{\"state\":\"docked\"}");
    assertEvidence(get(docking.last()), Evidence.STATE_CONFIRMED);
    assertEvidence(
        execute("vacuum", base, new Command.Perform(Action.LOCATE)), Evidence.BROKER_ACKNOWLEDGED);
  }

  @Test
  void takesARobotsErrorForARefusalUnlessItWasInTroubleBefore() {
    String base = announce("vacuum", VACUUM);
    home.device.on(
        base + "/set",
        (device, payload) -> {
          device.reply(base + "/state", "{\"state\":\"error\"}");
          if (!payload.equals("start")) {
            device.reply(base + "/state", "{\"state\":\"paused\"}");
          }
        });
    assertEvidence(execute("vacuum", base, new Command.Perform(Action.START)), Evidence.REJECTED);
    // It repeats its trouble, and stops all the same, which it calls paused.
    assertEvidence(
        execute("vacuum", base, new Command.Perform(Action.STOP)), Evidence.STATE_CONFIRMED);
  }

  @Test
  void letsANewerErrandOfARobotTakeOver() {
    String base =
        announce(
            "lawn_mower",
            "\"start_mowing_command_topic\":\"~/set\",\"dock_command_topic\":\"~/set\",\"activity_state_topic\":\"~/state\"");
    home.device.deaf(base + "/set");
    Execution older = home.submit("lawn_mower." + base, new Command.Perform(Action.START));
    Execution newer = home.submit("lawn_mower." + base, new Command.Perform(Action.DOCK));
    assertEvidence(get(older.last()), Evidence.SUPERSEDED);
    home.device.live(base + "/state", "docked");
    assertEvidence(get(newer.last()), Evidence.STATE_CONFIRMED);
  }

  @Test
  void confirmsTheHumidityThatAHumidifierReports() throws Exception {
    impatient();
    String base =
        announce(
            "humidifier",
            "\"cmd_t\":\"~/power\",\"hum_cmd_t\":\"~/set\",\"hum_stat_t\":\"~/state\",\"min_hum\":30");
    home.device.on(
        base + "/set",
        (device, payload) ->
            device.reply(base + "/state", payload.equals("70") ? "60" : payload + ".4"));
    assertEvidence(
        execute("humidifier", base, new Command.SetHumidity(45)), Evidence.STATE_CONFIRMED);
    assertEvidence(
        execute("humidifier", base, new Command.SetHumidity(70)), Evidence.DIFFERENT_VALUE);
    Outcome low = execute("humidifier", base, new Command.SetHumidity(20));
    assertEvidence(low, Evidence.UNSUPPORTED);
    assertThat(low.detail()).contains("30").contains("20");
  }

  @Test
  void comparesInputsWithWhatTheDeviceCanSay() throws Exception {
    impatient();
    String number = announce("number", TWO_WAYS + ",\"min\":0,\"max\":10,\"step\":0.5");
    echo(number);
    assertEvidence(execute("number", number, new Command.SetNumber(3.3)), Evidence.STATE_CONFIRMED);
    assertThat(received(number)).containsExactly(number + "/set 3.5");
    assertEvidence(execute("number", number, new Command.SetNumber(3.5)), Evidence.ALREADY);

    String select = announce("select", TWO_WAYS + ",\"ops\":[\"cotton\",\"wool\"]");
    answer(select, "cotton");
    assertEvidence(
        execute("select", select, new Command.SetMode("cotton")), Evidence.STATE_CONFIRMED);
    assertEvidence(
        execute("select", select, new Command.SetMode("wool")), Evidence.DIFFERENT_VALUE);
    assertEvidence(execute("select", select, new Command.SetMode("silk")), Evidence.UNSUPPORTED);

    String text = announce("text", TWO_WAYS + ",\"max\":12");
    echo(text);
    assertEvidence(
        execute("text", text, new Command.SetText("Hi  there")), Evidence.STATE_CONFIRMED);
    assertEvidence(
        execute("text", text, new Command.SetText("x".repeat(13))), Evidence.UNSUPPORTED);
  }

  @Test
  void pressesAButtonAsOftenAsAskedAndClaimsNoMoreThanThat() {
    String base = announce("button", "\"cmd_t\":\"~/set\"");
    home.device.deaf(base + "/set");
    Execution one = home.submit("button." + base, new Command.Perform(Action.PRESS));
    Execution two = home.submit("button." + base, new Command.Perform(Action.PRESS));
    assertEvidence(get(one.last()), Evidence.BROKER_ACKNOWLEDGED);
    assertEvidence(get(two.last()), Evidence.BROKER_ACKNOWLEDGED);
    await().atMost(SOON).until(() -> received(base).size() == 2);

    String scene = announce("scene", "\"cmd_t\":\"~/set\"");
    assertEvidence(
        execute("scene", scene, new Command.Perform(Action.ACTIVATE)),
        Evidence.BROKER_ACKNOWLEDGED);
  }

  @Test
  void followsAValveUntilItIsClosedAndClosesItAgainWhenAsked() {
    String base = announce("valve", TWO_WAYS);
    answer(base, "closing");
    Execution closing = home.submit("valve." + base, new Command.Close());
    assertEvidence(get(closing.first()), Evidence.STARTED);
    home.device.live(base + "/state", "closed");
    assertEvidence(get(closing.last()), Evidence.STATE_CONFIRMED);
    // What guards the house is sent even when it is so already.
    Outcome again = execute("valve", base, new Command.Close());
    assertEvidence(again, Evidence.ALREADY);
    assertThat(again.published()).isTrue();
  }

  @Test
  void neverSaysMoreThanSentOfWhatIsOptimistic() throws Exception {
    impatient();
    String valve = announce("valve", TWO_WAYS + ",\"opt\":true");
    answer(valve, "opening");
    assertEvidence(execute("valve", valve, new Command.Open()), Evidence.BROKER_ACKNOWLEDGED);
    String siren = announce("siren", TWO_WAYS + ",\"opt\":true");
    echo(siren);
    assertEvidence(execute("siren", siren, new Command.TurnOn()), Evidence.BROKER_ACKNOWLEDGED);
    String lock = announce("lock", TWO_WAYS + ",\"opt\":true");
    answer(lock, "LOCKING");
    assertEvidence(execute("lock", lock, new Command.Lock()), Evidence.BROKER_ACKNOWLEDGED);
    String tilt =
        announce(
            "cover",
            "\"cmd_t\":\"~/move\",\"tilt_cmd_t\":\"~/set\",\"tilt_status_t\":\"~/state\",\"tilt_opt\":true");
    echo(tilt);
    assertEvidence(execute("cover", tilt, new Command.SetTilt(30)), Evidence.BROKER_ACKNOWLEDGED);
  }

  @Test
  void confirmsTiltRangesAndChoices() {
    String cover =
        announce(
            "cover", "\"cmd_t\":\"~/move\",\"tilt_cmd_t\":\"~/set\",\"tilt_status_t\":\"~/state\"");
    echo(cover);
    assertEvidence(execute("cover", cover, new Command.SetTilt(30)), Evidence.STATE_CONFIRMED);

    String climate =
        announce(
            "climate",
            "\"temp_lo_cmd_t\":\"~/low/set\",\"temp_lo_stat_t\":\"~/low\",\"temp_hi_cmd_t\":\"~/high/set\","
                + "\"temp_hi_stat_t\":\"~/high\",\"swing_mode_cmd_t\":\"~/swing/set\",\"swing_mode_stat_t\":\"~/swing\"");
    for (String each : List.of("low", "high", "swing")) {
      home.device.on(
          climate + "/" + each + "/set",
          (device, payload) -> device.reply(climate + "/" + each, payload));
    }
    assertEvidence(
        execute("climate", climate, new Command.SetTemperatureRange(19, 23)),
        Evidence.STATE_CONFIRMED);
    assertEvidence(
        execute("climate", climate, new Command.Choose(Attribute.SWING_MODE, "off")),
        Evidence.STATE_CONFIRMED);
    assertEvidence(
        execute("climate", climate, new Command.Choose(Attribute.FAN_MODE, "low")),
        Evidence.UNSUPPORTED);
  }

  @Test
  void tellsOfEveryPressOfAKeyButNotOfOnesLongAgo() {
    devices++;
    String base = "d" + devices;
    home.device.retained(base + "/state", "{\"event_type\":\"hold\"}");
    List<String> told = new CopyOnWriteArrayList<>();
    try (HomeRegistry.Subscription _ =
        home.gateway
            .registry()
            .subscribe(event -> {
              if (event instanceof HomeEvent.StateChanged changed) {
                changed.entity().state().word(Attribute.EVENT).ifPresent(told::add);
              }
            })) {
      home.device.retained(
          "homeassistant/event/" + base + "/config",
          "{\"uniq_id\":\""
              + base
              + "\",\"stat_t\":\""
              + base
              + "/state\",\"evt_typ\":[\"press\",\"hold\"]}");
      home.await("event." + base);
      home.device.live(base + "/state", "{\"event_type\":\"press\"}");
      home.device.live(base + "/state", "{\"event_type\":\"press\"}");
      await().atMost(SOON).until(() -> told.size() >= 2);
      assertThat(told).containsExactly("press", "press");
    }
  }
}
