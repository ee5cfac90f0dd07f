package dev.hearth.devices.gateway;

import static dev.hearth.devices.gateway.GatewayFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.devices.Availability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.command.CommandExecutor.Execution;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.command.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said about commands, with real devices on a real broker. */
@Timeout(120)
class CommandEvidenceTest {
  private static final Duration SOON = GatewayFixture.SOON;

  /** For tests that wait for a deadline to pass and hear nothing. */
  private static final Deadlines SHORT = Deadlines.all(Duration.ofMillis(1_500));

  /** For tests in which answers must come before the deadline passes. */
  private static final Deadlines ANSWERED = Deadlines.all(Duration.ofSeconds(4));

  private GatewayFixture home;

  @SuppressWarnings("NullAway.Init")
  CommandEvidenceTest() {}

  @BeforeEach
  void start() throws Exception {
    home = new GatewayFixture();
  }

  @AfterEach
  void stop() {
    home.close();
  }

  private void announceSwitch(String more) {
    home.device.retained(
        "homeassistant/switch/plug/config",
        "{\"unique_id\":\"plug\",\"command_topic\":\"plug/set\",\"state_topic\":\"plug/state\""
            + more
            + "}");
  }

  private void announceLight() {
    home.device.retained(
        "homeassistant/light/lamp/config",
        """
        {"unique_id":"lamp","schema":"json","command_topic":"lamp/set","state_topic":"lamp/state",
         "supported_color_modes":["color_temp","hs"]}\
        """);
    home.device.retained("lamp/state", "{\"state\":\"OFF\",\"brightness\":255}");
    home.await("light.lamp", e -> e.state().on().isPresent());
  }

  private void awaitReceived(int messages) {
    await().atMost(SOON).until(() -> home.device.received().size() >= messages);
  }

  @Test
  void confirmsWhenTheDeviceReportsTheWishedState() {
    announceSwitch("");
    home.device.on("plug/set", (device, payload) -> device.reply("plug/state", payload));
    home.await("switch.plug");

    Outcome outcome = home.execute("switch.plug", new Command.TurnOn());

    assertThat(outcome.evidence()).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(outcome.evidence().done()).isTrue();
    assertThat(outcome.state().on()).contains(true);
    assertThat(outcome.published()).isTrue();
    assertThat(home.device.received()).containsExactly("plug/set ON");
  }

  @Test
  void timesOutOnADeadDevice() throws Exception {
    home.deadlines(ANSWERED);
    announceSwitch("");
    home.device.deaf("plug/set");
    home.await("switch.plug");

    Outcome outcome = home.execute("switch.plug", new Command.TurnOn());

    assertThat(outcome.evidence()).isEqualTo(Evidence.TIMED_OUT);
    assertThat(outcome.detail()).contains("did not answer").endsWith("though it was told twice");
    awaitReceived(2);
    assertThat(home.device.received()).containsExactly("plug/set ON", "plug/set ON");
  }

  @Test
  void tellsASilentDeviceOnceMore() {
    announceSwitch("");
    AtomicInteger times = new AtomicInteger();
    home.device.on(
        "plug/set",
        (device, payload) -> {
          if (times.incrementAndGet() == 2) {
            device.reply("plug/state", payload);
          }
        });
    home.await("switch.plug");

    assertThat(home.execute("switch.plug", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(home.device.received()).containsExactly("plug/set ON", "plug/set ON");
  }

  @Test
  void neverRepeatsWhatCountsEachTimeOrLetsSomebodyIn() throws Exception {
    home.deadlines(SHORT);
    home.device.retained(
        "homeassistant/lock/door/config",
        "{\"unique_id\":\"door\",\"command_topic\":\"door/set\",\"state_topic\":\"door/state\"}");
    announceCover();
    home.device.deaf("door/set").deaf("blind/set");
    home.await("lock.door");

    Outcome unlock = home.execute("lock.door", new Command.Unlock());
    Outcome open = home.execute("cover.blind", new Command.Open());

    assertThat(unlock.evidence()).isEqualTo(Evidence.TIMED_OUT);
    assertThat(open.evidence()).isEqualTo(Evidence.TIMED_OUT);
    awaitReceived(2);
    assertThat(home.device.received()).containsExactly("door/set UNLOCK", "blind/set OPEN");
  }

  @Test
  void nothingGivenDuringAnOutageActsAfterwards() throws Exception {
    announceSwitch("");
    home.device.deaf("plug/set");
    home.await("switch.plug");
    home.broker.freeze();
    List<Execution> given = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      given.add(
          home.submit("switch.plug", i % 2 == 0 ? new Command.TurnOn() : new Command.TurnOff()));
    }
    home.broker.kill();
    for (Execution each : given) {
      assertThat(get(each.last()).evidence()).isIn(Evidence.NOT_CONNECTED, Evidence.SUPERSEDED);
    }
    await().atMost(SOON).until(() -> !home.gateway.connection().status().connected());
    for (int i = 0; i < 20; i++) {
      Outcome meanwhile = home.execute("switch.plug", new Command.TurnOn());
      assertThat(meanwhile.evidence()).isEqualTo(Evidence.NOT_CONNECTED);
      assertThat(meanwhile.published()).isFalse();
    }

    home.broker.restart();
    assertThat(home.gateway.connection().awaitConnected(SOON)).isTrue();
    home.device.awaitConnected();
    // What the gateway sends comes in order: whatever it had kept would come before this.
    home.gateway.connection().publish("plug/set", "marker").get(30, TimeUnit.SECONDS);

    await().atMost(SOON).until(() -> home.device.received().contains("plug/set marker"));
    assertThat(home.device.received()).containsExactly("plug/set marker");
  }

  @Test
  void sendsNothingToADeviceKnownToBeOffline() {
    announceSwitch(",\"availability_topic\":\"plug/lwt\"");
    home.device.deaf("plug/set").retained("plug/lwt", "offline");
    home.await("switch.plug", e -> e.availability() == Availability.OFFLINE);

    Outcome outcome = home.execute("switch.plug", new Command.TurnOn());

    assertThat(outcome.evidence()).isEqualTo(Evidence.OFFLINE);
    assertThat(outcome.published()).isFalse();
    home.device.live("plug/set", "marker");
    await().atMost(SOON).until(() -> home.device.received().contains("plug/set marker"));
    assertThat(home.device.received()).containsExactly("plug/set marker");
  }

  @Test
  void saysSoWhenTheDeviceGoesOfflineMeanwhile() throws Exception {
    home.deadlines(ANSWERED);
    announceSwitch(",\"availability_topic\":\"plug/lwt\"");
    home.device.on("plug/set", (device, payload) -> device.reply("plug/lwt", "offline"));
    home.device.live("plug/lwt", "online");
    home.await("switch.plug");

    assertThat(home.execute("switch.plug", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.OFFLINE);
  }

  @Test
  void sendsNothingWhenTheStateAlreadyHolds() {
    announceSwitch("");
    home.device.deaf("plug/set").retained("plug/state", "ON");
    home.await("switch.plug", e -> e.state().on().orElse(false));

    Outcome outcome = home.execute("switch.plug", new Command.TurnOn());

    assertThat(outcome.evidence()).isEqualTo(Evidence.ALREADY);
    assertThat(outcome.published()).isFalse();
  }

  @Test
  void doesNotTrustAStateFromBeforeTheConnectionWasLost() throws Exception {
    home.deadlines(SHORT);
    announceSwitch("");
    // The broker of the tests forgets what it retained when it is killed.
    home.device.deaf("plug/set").retained("plug/state", "ON");
    home.await("switch.plug", e -> e.state().on().orElse(false));
    assertThat(home.execute("switch.plug", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.ALREADY);

    home.broker.kill();
    await().atMost(SOON).until(() -> !home.gateway.connection().status().connected());
    home.broker.restart();
    assertThat(home.gateway.connection().awaitConnected(SOON)).isTrue();

    assertThat(home.execute("switch.plug", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.TIMED_OUT);
  }

  @Test
  void doesNotTakeARetainedReplayForAnAnswer() throws Exception {
    home.deadlines(SHORT);
    announceSwitch("");
    home.device.deaf("plug/set").retained("plug/state", "ON");
    home.await("switch.plug", e -> e.state().on().orElse(false));
    home.device.live("plug/state", "OFF"); // The broker still keeps ON.
    home.await("switch.plug", e -> !e.state().on().orElse(true));

    Execution on = home.submit("switch.plug", new Command.TurnOn());
    CountDownLatch replayed = new CountDownLatch(1);
    home.gateway.connection().subscribe("plug/state", message -> replayed.countDown());
    assertThat(replayed.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(get(on.first()).evidence()).isEqualTo(Evidence.TIMED_OUT);
  }

  @Test
  void locksAnywayWhenAlreadyLocked() {
    home.device.retained(
        "homeassistant/lock/door/config",
        "{\"unique_id\":\"door\",\"command_topic\":\"door/set\",\"state_topic\":\"door/state\"}");
    home.device.deaf("door/set").retained("door/state", "LOCKED");
    home.await("lock.door", e -> e.state().lock().isPresent());

    Outcome outcome = home.execute("lock.door", new Command.Lock());

    assertThat(outcome.evidence()).isEqualTo(Evidence.ALREADY);
    assertThat(outcome.published()).isTrue();
    await().atMost(SOON).until(() -> home.device.received().contains("door/set LOCK"));
  }

  @Test
  void reportsAJammedLockAsRejected() {
    home.device.retained(
        "homeassistant/lock/door/config",
        "{\"unique_id\":\"door\",\"command_topic\":\"door/set\",\"state_topic\":\"door/state\"}");
    home.device.on(
        "door/set",
        (device, payload) -> {
          device.reply("door/state", "LOCKING");
          device.reply("door/state", "JAMMED");
        });
    home.await("lock.door");

    assertThat(home.execute("lock.door", new Command.Lock()).evidence())
        .isEqualTo(Evidence.REJECTED);
  }

  @Test
  void saysThatALockIsStillTurningAtTheDeadline() throws Exception {
    home.deadlines(ANSWERED);
    home.device.retained(
        "homeassistant/lock/door/config",
        "{\"unique_id\":\"door\",\"command_topic\":\"door/set\",\"state_topic\":\"door/state\"}");
    home.device.on("door/set", (device, payload) -> device.reply("door/state", "LOCKING"));
    home.await("lock.door");

    assertThat(home.execute("lock.door", new Command.Lock()).evidence())
        .isEqualTo(Evidence.STARTED);
  }

  @Test
  void claimsNoMoreThanTheBrokersWordWithoutAStateTopic() {
    home.device.retained(
        "homeassistant/switch/ir/config", "{\"unique_id\":\"ir\",\"command_topic\":\"ir/set\"}");
    home.device.deaf("ir/set");
    home.await("switch.ir");

    for (int i = 0; i < 2; i++) {
      Outcome outcome = home.execute("switch.ir", new Command.TurnOn());
      assertThat(outcome.evidence()).isEqualTo(Evidence.BROKER_ACKNOWLEDGED);
      assertThat(outcome.evidence().done()).isFalse();
    }
    awaitReceived(2);
  }

  @Test
  void doesNotBelieveAnEntityThatCallsItselfOptimistic() {
    announceSwitch(",\"optimistic\":true");
    home.device.on("plug/set", (device, payload) -> device.reply("plug/state", payload));
    home.await("switch.plug");

    assertThat(home.execute("switch.plug", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.BROKER_ACKNOWLEDGED);
    assertThat(home.execute("switch.plug", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.BROKER_ACKNOWLEDGED);
  }

  @Test
  void tellsAClampedValueFromTheWishedOne() throws Exception {
    home.deadlines(ANSWERED);
    announceLight();
    home.device.on(
        "lamp/set",
        (device, payload) -> device.reply("lamp/state", "{\"state\":\"ON\",\"brightness\":102}"));

    Outcome outcome = home.execute("light.lamp", new Command.SetBrightness(50));

    assertThat(outcome.evidence()).isEqualTo(Evidence.DIFFERENT_VALUE);
    assertThat(outcome.detail()).isEqualTo("Asked for 50 %, but it reports 40 %");
    assertThat(outcome.state().brightnessPercent()).hasValue(40);
  }

  @Test
  void doesNotConfirmWhatTheDeviceDidNotRepeat() throws Exception {
    home.deadlines(ANSWERED);
    announceLight();
    home.device.on(
        "lamp/set", (device, payload) -> device.reply("lamp/state", "{\"state\":\"ON\"}"));

    assertThat(home.execute("light.lamp", new Command.SetBrightness(50)).evidence())
        .isEqualTo(Evidence.TIMED_OUT);
    // Full brightness is what it said before, and the lamp answered: accepted, yet not confirmed.
    assertThat(home.execute("light.lamp", new Command.TurnOff()).evidence())
        .isEqualTo(Evidence.DIFFERENT_VALUE);
  }

  @Test
  void confirmsColorAndTemperatureWithTolerance() {
    announceLight();
    home.device.on(
        "lamp/set",
        (device, payload) ->
            device.reply(
                "lamp/state",
                payload.contains("color_temp")
                    ? "{\"state\":\"ON\",\"color_mode\":\"color_temp\",\"color_temp\":372}"
                    : "{\"state\":\"ON\",\"color_mode\":\"hs\",\"color\":{\"h\":241.5,\"s\":98.4}}"));

    assertThat(
            home.execute("light.lamp", new Command.SetColor(new Color(240, 100), "blue"))
                .evidence())
        .isEqualTo(Evidence.STATE_CONFIRMED);
    Outcome white = home.execute("light.lamp", new Command.SetColorTemperature(2700));
    assertThat(white.evidence()).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(white.state().color()).isEmpty();
    assertThat(home.device.received().getFirst())
        .isEqualTo("lamp/set {\"state\":\"ON\",\"color\":{\"h\":240,\"s\":100}}");
    assertThat(home.device.received().getLast())
        .isEqualTo("lamp/set {\"state\":\"ON\",\"color_temp\":370}");
  }

  @Test
  void refusesWhatTheEntityCannotDo() {
    announceLight();
    home.device.deaf("lamp/set");

    Outcome open = home.execute("light.lamp", new Command.Open());
    assertThat(open.evidence()).isEqualTo(Evidence.UNSUPPORTED);
    Outcome range = home.execute("light.lamp", new Command.SetColorTemperature(1500));
    assertThat(range.evidence()).isEqualTo(Evidence.UNSUPPORTED);
    assertThat(range.detail()).contains("2000 to 6536 K, not 1500");
    assertThat(home.execute("light.lamp", new Command.SetBrightness(101)).evidence())
        .isEqualTo(Evidence.UNSUPPORTED);
    assertThat(home.execute("light.nowhere", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.FAILED);
    assertThat(home.device.received()).isEmpty();
  }

  @Test
  void followsACoverFromItsStartToItsEnd() {
    announceCover();
    home.device.on(
        "blind/set",
        (device, payload) -> {
          device.reply("blind/state", "opening");
          device.reply("blind/pos", "20");
        });

    Execution execution = home.submit("cover.blind", new Command.Open());
    Outcome first = get(execution.first());
    assertThat(first.evidence()).isEqualTo(Evidence.STARTED);
    assertThat(execution.last()).isNotDone();
    home.device.live("blind/pos", "99").live("blind/state", "open");

    Outcome last = get(execution.last());
    assertThat(last.evidence()).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(last.state().position()).hasValue(99);
  }

  @Test
  void saysWhereACoverGotStuck() throws Exception {
    home.deadlines(ANSWERED);
    announceCover();
    home.device.on(
        "blind/pos/set",
        (device, payload) -> {
          device.reply("blind/state", "opening");
          device.reply("blind/pos", "20");
          device.reply("blind/state", "stopped");
        });

    Execution execution = home.submit("cover.blind", new Command.SetPosition(70));
    assertThat(get(execution.first()).evidence()).isEqualTo(Evidence.STARTED);
    Outcome last = get(execution.last());
    assertThat(last.evidence()).isEqualTo(Evidence.DIFFERENT_VALUE);
    assertThat(last.detail()).isEqualTo("Asked for 70 %, but it reports 20 %");
  }

  @Test
  void timesOutOnACoverThatDoesNotMove() throws Exception {
    home.deadlines(SHORT);
    announceCover();
    home.device.deaf("blind/set");
    Execution execution = home.submit("cover.blind", new Command.Open());
    assertThat(get(execution.first()).evidence()).isEqualTo(Evidence.TIMED_OUT);
    assertThat(get(execution.last()).evidence()).isEqualTo(Evidence.TIMED_OUT);
  }

  @Test
  void stopsACoverOnItsWay() {
    announceCover();
    home.device.on(
        "blind/set",
        (device, payload) -> {
          if (payload.equals("STOP")) {
            device.reply("blind/pos", "35");
            device.reply("blind/state", "stopped");
          } else {
            device.reply("blind/state", "opening");
          }
        });

    Execution open = home.submit("cover.blind", new Command.Open());
    assertThat(get(open.first()).evidence()).isEqualTo(Evidence.STARTED);
    Outcome stop = home.execute("cover.blind", new Command.Stop());
    assertThat(stop.evidence()).isEqualTo(Evidence.STATE_CONFIRMED);
    // "Stopped" is read with the position that came just before it, on another topic.
    assertThat(stop.state().cover()).contains("open");
    assertThat(stop.state().position()).hasValue(35);
    assertThat(get(open.last()).evidence()).isEqualTo(Evidence.SUPERSEDED);
  }

  private void announceCover() {
    home.device.retained(
        "homeassistant/cover/blind/config",
        """
        {"unique_id":"blind","command_topic":"blind/set","state_topic":"blind/state",
         "position_topic":"blind/pos","set_position_topic":"blind/pos/set"}\
        """);
    home.device.retained("blind/pos", "0").retained("blind/state", "closed");
    home.await(
        "cover.blind", e -> e.state().position().isPresent() && e.state().cover().isPresent());
  }

  @Test
  void letsANewerCommandTakeOver() {
    announceSwitch("");
    home.device.on(
        "plug/set",
        (device, payload) -> {
          if (payload.equals("OFF")) {
            device.reply("plug/state", "OFF");
          }
        });
    home.await("switch.plug");

    Execution on = home.submit("switch.plug", new Command.TurnOn());
    Outcome off = home.execute("switch.plug", new Command.TurnOff());

    assertThat(get(on.first()).evidence()).isEqualTo(Evidence.SUPERSEDED);
    assertThat(off.evidence()).isEqualTo(Evidence.STATE_CONFIRMED);
  }

  @Test
  void doesNotSayAlreadyWhileAContraryCommandIsUnderWay() throws Exception {
    home.deadlines(ANSWERED);
    announceSwitch("");
    home.device.deaf("plug/set").retained("plug/state", "OFF");
    home.await("switch.plug", e -> e.state().on().isPresent());

    Execution on = home.submit("switch.plug", new Command.TurnOn());
    Outcome off = home.execute("switch.plug", new Command.TurnOff());

    assertThat(get(on.first()).evidence()).isEqualTo(Evidence.SUPERSEDED);
    assertThat(off.evidence()).isEqualTo(Evidence.TIMED_OUT);
    awaitReceived(3);
    assertThat(home.device.received())
        .containsExactly("plug/set ON", "plug/set OFF", "plug/set OFF");
  }

  @Test
  void keepsTheOrderOfCommandsToADevice() {
    home.device.retained(
        "homeassistant/device/pair/config",
        """
        {"dev":{"ids":"pair","name":"Pair"},"o":{"name":"test"},"cmps":{
          "a":{"p":"switch","uniq_id":"pair_a","cmd_t":"pair/a","stat_t":"pair/a/state"},
          "b":{"p":"switch","uniq_id":"pair_b","cmd_t":"pair/b","stat_t":"pair/b/state"}}}\
        """);
    home.await("switch.pair_a");
    home.await("switch.pair_b");
    home.device.deaf("pair/+");

    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String which = i % 3 == 0 ? "a" : "b";
      boolean on = i % 2 == 0;
      home.submit("switch.pair_" + which, on ? new Command.TurnOn() : new Command.TurnOff());
      expected.add("pair/" + which + (on ? " ON" : " OFF"));
    }

    awaitReceived(50);
    // The device says nothing, so it is told the last ones again later.
    assertThat(home.device.received().stream().limit(50)).containsExactlyElementsOf(expected);
  }

  @Test
  void isHonestWhenTheBrokerDiesAndRecoversByItself() throws Exception {
    announceSwitch("");
    CountDownLatch got = new CountDownLatch(1);
    home.device.on("plug/set", (device, payload) -> got.countDown());
    home.await("switch.plug");

    Execution on = home.submit("switch.plug", new Command.TurnOn());
    assertThat(got.await(10, TimeUnit.SECONDS)).isTrue();
    home.broker.kill();

    Outcome outcome = get(on.first());
    assertThat(outcome.evidence()).isEqualTo(Evidence.NOT_CONNECTED);
    await().atMost(SOON).until(() -> !home.gateway.connection().status().connected());
    Outcome meanwhile = home.execute("switch.plug", new Command.TurnOn());
    assertThat(meanwhile.evidence()).isEqualTo(Evidence.NOT_CONNECTED);
    assertThat(meanwhile.published()).isFalse();

    home.broker.restart();
    assertThat(home.gateway.connection().awaitConnected(SOON)).isTrue();
    home.device.awaitConnected();
    home.device.on("plug/set", (device, payload) -> device.reply("plug/state", payload));
    assertThat(home.execute("switch.plug", new Command.TurnOff()).evidence())
        .isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(home.device.received()).containsOnlyOnce("plug/set ON");
  }

  @Test
  void setsAThermostatThatThinksInFahrenheit() {
    home.device.retained(
        "homeassistant/climate/hall/config",
        """
        {"unique_id":"hall","temperature_command_topic":"hall/t/set","temperature_state_topic":"hall/t",
         "current_temperature_topic":"hall/now","mode_command_topic":"hall/m/set",
         "mode_state_topic":"hall/m","modes":["off","heat"],"temperature_unit":"F"}\
        """);
    home.device.retained("hall/now", "68").retained("hall/m", "off");
    home.device.on("hall/t/set", (device, payload) -> device.reply("hall/t", payload));
    home.device.on("hall/m/set", (device, payload) -> device.reply("hall/m", payload));
    home.await("climate.hall", e -> e.state().temperature().isPresent());
    assertThat(home.await("climate.hall").state().temperature()).hasValue(20);

    Outcome outcome = home.execute("climate.hall", new Command.SetTemperature(21));

    assertThat(outcome.evidence()).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(home.device.received()).containsExactly("hall/t/set 70");
    assertThat(outcome.state().setpoint()).hasValue(21.11);
    assertThat(home.execute("climate.hall", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(home.await("climate.hall").state().mode()).contains("heat");
  }

  /** Deadlines by which every report must stand for a while. */
  private static Deadlines suspicious(Duration settle) {
    Duration deadline = settle.plusSeconds(2);
    return new Deadlines(deadline, deadline, deadline, deadline, deadline, settle);
  }

  @Test
  void unmasksADeviceThatTakesItsEchoBack() throws Exception {
    home.deadlines(suspicious(Duration.ofSeconds(4)));
    announceSwitch("");
    home.device.on(
        "plug/set",
        (device, payload) -> {
          device.reply("plug/state", "ON");
          device.reply("plug/state", "OFF");
        });
    home.await("switch.plug");

    assertThat(home.execute("switch.plug", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.DIFFERENT_VALUE);
  }

  @Test
  void unmasksAnEchoOfADeviceThatIsOffline() throws Exception {
    // Any answer is too soon here, however busy the machine.
    Duration soon = Duration.ofSeconds(10);
    home.deadlines(
        new Deadlines(
            soon, soon, soon, soon, soon, soon, soon, Duration.ZERO, Duration.ZERO, soon));
    announceSwitch(",\"availability_topic\":\"plug/lwt\"");
    home.device.on("plug/set", (device, payload) -> device.reply("plug/state", payload));
    home.device.retained("plug/lwt", "online");
    home.await("switch.plug", e -> e.availability() == Availability.ONLINE);
    assertThat(home.execute("switch.plug", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.STATE_CONFIRMED);

    home.device.live("plug/lwt", "offline");
    home.await("switch.plug", e -> e.availability() == Availability.OFFLINE);
    home.device.live("plug/lwt", "online");
    home.await("switch.plug", e -> e.availability() == Availability.ONLINE);

    assertThat(home.execute("switch.plug", new Command.TurnOff()).evidence())
        .isEqualTo(Evidence.ACCEPTED);
  }

  @Test
  void doesNotBelieveAnEchoWhileTheDeviceGoesOffline() throws Exception {
    home.deadlines(suspicious(Duration.ofSeconds(4)));
    announceSwitch(",\"availability_topic\":\"plug/lwt\"");
    home.device.on(
        "plug/set",
        (device, payload) -> {
          device.reply("plug/state", payload);
          device.reply("plug/lwt", "offline");
        });
    home.device.retained("plug/lwt", "online");
    home.await("switch.plug", e -> e.availability() == Availability.ONLINE);

    assertThat(home.execute("switch.plug", new Command.TurnOn()).evidence())
        .isEqualTo(Evidence.OFFLINE);
  }

  @Test
  void believesAHastyReportThatStands() throws Exception {
    home.deadlines(suspicious(Duration.ofSeconds(1)));
    announceSwitch("");
    home.device.on("plug/set", (device, payload) -> device.reply("plug/state", payload));
    home.await("switch.plug");

    Outcome outcome = home.execute("switch.plug", new Command.TurnOn());
    assertThat(outcome.evidence()).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(outcome.elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void failsWhatIsUnderWayWhenTheEntityIsRemoved() {
    announceSwitch("");
    home.device.deaf("plug/set");
    home.await("switch.plug");
    Execution on = home.submit("switch.plug", new Command.TurnOn());
    home.device.retained("homeassistant/switch/plug/config", "");
    assertThat(get(on.first()).evidence()).isIn(Evidence.FAILED, Evidence.TIMED_OUT);
    await()
        .atMost(SOON)
        .until(() -> home.gateway.registry().home().entity(new EntityId("switch.plug")).isEmpty());
  }
}
