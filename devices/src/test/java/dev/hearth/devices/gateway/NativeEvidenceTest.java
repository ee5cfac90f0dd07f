package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.devices.Action;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.command.Outcome;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What devices of other conventions say, and what is believed of it, over a real broker. */
@Timeout(120)
class NativeEvidenceTest {
  /** For tests that wait for a deadline to pass and hear nothing. */
  private static final Deadlines SHORT = Deadlines.all(Duration.ofMillis(1_800));

  /** For tests in which answers must come before the deadline passes. */
  private static final Deadlines ANSWERED = Deadlines.all(Duration.ofSeconds(4));

  private static final Pattern NUMBER = Pattern.compile("\"id\":(\\d+)");
  private static final String SHELLY = "switch.shelly_shelly1_a0b1c2d3e4f5_switch_0";
  private static final String TASMOTA = "switch.tasmota_a0b1c2d3e4f5_relay_1";
  private static final String HOMIE = "switch.homie_box_relay_state";

  private GatewayFixture home;

  @SuppressWarnings("NullAway.Init")
  NativeEvidenceTest() {}

  @BeforeEach
  void start() throws Exception {
    home = new GatewayFixture();
  }

  @AfterEach
  void stop() {
    home.close();
  }

  private static String number(String call) {
    Matcher matcher = NUMBER.matcher(call);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  /** A Shelly that tells what it is but not how it is, and answers commands as it is told. */
  private void shelly(BiConsumer<ScriptedDevice, String> commands) {
    String answers = "hearth/shelly1-a0b1c2d3e4f5/rpc";
    home.device.on(
        "shelly1-a0b1c2d3e4f5/rpc",
        (device, call) -> {
          String id = number(call);
          if (call.contains("GetDeviceInfo")) {
            device.reply(
                answers,
                "{\"id\":%s,\"result\":{\"id\":\"shelly1-a0b1c2d3e4f5\",\"mac\":\"A0B1C2D3E4F5\",\"name\":\"Plug\"}}"
                    .formatted(id));
          } else if (call.contains("GetConfig")) {
            device.reply(answers, "{\"id\":%s,\"result\":{}}".formatted(id));
          } else if (call.contains("GetStatus")) {
            device.reply(answers, "{\"id\":%s,\"result\":{\"switch:0\":{\"id\":0}}}".formatted(id));
          } else {
            commands.accept(device, id);
          }
        });
    home.device.retained("shelly1-a0b1c2d3e4f5/online", "true");
    home.await(SHELLY);
  }

  private Outcome turnOn(String id) {
    return home.execute(id, new Command.TurnOn());
  }

  @Test
  void saysAcceptedWhenAShellyTakesACommandAndTellsNoMore() throws Exception {
    home.deadlines(ANSWERED);
    shelly((device, id) ->
        device.reply("hearth/shelly1-a0b1c2d3e4f5/rpc", "{\"id\":%s,\"result\":{}}".formatted(id)));

    Outcome outcome = turnOn(SHELLY);

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.ACCEPTED);
  }

  @Test
  void takesOnlyAnswersToItsOwnCommands() throws Exception {
    home.deadlines(SHORT);
    shelly((device, id) ->
        device.reply(
            "hearth/shelly1-a0b1c2d3e4f5/rpc",
            "{\"id\":%s9,\"error\":{\"code\":1,\"message\":\"no\"}}".formatted(id.substring(1))));

    Outcome outcome = turnOn(SHELLY);

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.TIMED_OUT);
  }

  @Test
  void tellsTheReasonOfARefusal() {
    shelly((device, id) ->
        device.reply(
            "hearth/shelly1-a0b1c2d3e4f5/rpc",
            "{\"id\":%s,\"error\":{\"code\":-109,\"message\":\"Overpower\"}}".formatted(id)));

    Outcome outcome = turnOn(SHELLY);

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.REJECTED);
    assertThat(outcome.detail()).contains("Overpower (-109)");
  }

  @Test
  void findsAShellyThatWasOnlineBeforeTheGatewayConnected() throws Exception {
    shelly((device, id) -> {});
    for (int i = 0; i < 300; i++) {
      String base = "plug" + i;
      home.device.retained(
          "homeassistant/switch/" + base + "/config",
          "{\"unique_id\":\"%s\",\"command_topic\":\"%s/set\",\"state_topic\":\"%s/state\"}"
              .formatted(base, base, base));
    }
    home.await("switch.plug299");

    home.deadlines(SHORT);

    home.await(SHELLY);
  }

  private void homie(int version) {
    if (version == 5) {
      home.device.retained(
          "homie/5/box/$description",
          """
          {"homie":"5.0","version":1,"name":"Box","nodes":{"relay":{"type":"switch","properties":{
            "state":{"datatype":"boolean","settable":true}}}}}\
          """);
      home.device.retained("homie/5/box/$state", "ready");
    } else {
      home.device.retained("homie/box/$nodes", "relay");
      home.device.retained("homie/box/relay/$properties", "state");
      home.device.retained("homie/box/relay/state/$datatype", "boolean");
      home.device.retained("homie/box/relay/state/$settable", "true");
      home.device.retained("homie/box/$state", "ready");
    }
    home.await(HOMIE);
  }

  @Test
  void saysAcceptedWhenAHomieDeviceRepeatsTheCommandAsItsTarget() throws Exception {
    home.deadlines(ANSWERED);
    home.device.on(
        "homie/5/box/relay/state/set",
        (device, payload) -> device.reply("homie/5/box/relay/state/$target", payload));
    homie(5);

    Outcome outcome = turnOn(HOMIE);

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.ACCEPTED);
    assertThat(home.device.received()).containsExactly("homie/5/box/relay/state/set true");
  }

  @Test
  void believesAHomieDeviceByItsValueAlone() throws Exception {
    home.deadlines(ANSWERED);
    home.device.on(
        "homie/box/relay/state/set",
        (device, payload) -> device.reply("homie/box/relay/state", payload));
    homie(4);

    assertThat(turnOn(HOMIE).evidence()).isEqualTo(Evidence.STATE_CONFIRMED);

    home.device.retained("homie/box/$state", "lost");
    home.await(HOMIE, e -> e.availability() == Availability.OFFLINE);
    assertThat(turnOn(HOMIE).evidence()).isEqualTo(Evidence.OFFLINE);
  }

  private void tasmota() {
    home.device.retained(
        "tasmota/discovery/A0B1C2D3E4F5/config",
        """
        {"dn":"Plug","t":"plug","ft":"%prefix%/%topic%/","tp":["cmnd","stat","tele"],"rl":[1]}\
        """);
  }

  @Test
  void asksForTheStateWhenItCanHearItAndAgainAfterEveryConnect() throws Exception {
    home.gateway.close();
    MqttOptions options = home.broker.options();
    home.gateway = DeviceGateway.start(options, GatewayOptions.DEFAULTS, home.store);
    home.device.on(
        "cmnd/plug/STATE",
        (device, payload) -> device.reply("stat/plug/RESULT", "{\"POWER\":\"ON\"}"));
    tasmota();
    home.await(TASMOTA, e -> e.state().on().orElse(false));
    long before = home.device.received().size();

    // Another client with the same id throws the gateway off the broker.
    try (MqttConnection rival = MqttConnection.start(options)) {
      assertThat(rival.awaitConnected(GatewayFixture.SOON)).isTrue();
    }

    await().atMost(GatewayFixture.SOON).until(() -> home.device.received().size() > before);
  }

  @Test
  void seesADeviceOnceByAddressNameOrTopic() {
    home.device.retained(
        "homeassistant/switch/by_mac/config",
        """
        {"unique_id":"by_mac","command_topic":"a/set","state_topic":"a",
         "device":{"connections":[["mac","a0:b1:c2:d3:e4:f5"]],"name":"twin"}}\
        """);
    home.device.retained(
        "homeassistant/switch/by_id/config",
        """
        {"unique_id":"by_id","command_topic":"b/set","state_topic":"b",
         "device":{"identifiers":["D3E4F5"],"name":"twin"}}\
        """);
    home.device.retained(
        "homeassistant/switch/by_topic/config",
        """
        {"unique_id":"by_topic","command_topic":"cmnd/plug/POWER","state_topic":"stat/plug/RESULT",
         "value_template":"{{ value_json.POWER }}"}\
        """);
    home.device.retained(
        "homeassistant/switch/other/config",
        """
        {"unique_id":"other","command_topic":"c/set","state_topic":"c",
         "device":{"connections":[["mac","a0:b1:c2:d3:e4:f6"]],"name":"other"}}\
        """);
    for (String each : new String[] {"by_mac", "by_id", "by_topic", "other"}) {
      home.await("switch." + each);
    }
    tasmota();
    home.await(TASMOTA);
    await()
        .atMost(GatewayFixture.SOON)
        .until(() -> home.gateway.registry().home().entities().size() == 2);
    home.await("switch.other");

    home.device.retained("tasmota/discovery/A0B1C2D3E4F5/config", "");
    for (String each : new String[] {"by_mac", "by_id", "by_topic"}) {
      home.await("switch." + each);
    }
    assertThat(home.gateway.registry().home().entity(new EntityId(TASMOTA))).isEmpty();
  }

  @Test
  void keepsADeviceWhoseAnnouncementBreaksAndSaysSo() {
    tasmota();
    home.await(TASMOTA);
    home.device.retained("tasmota/discovery/A0B1C2D3E4F5/config", "{\"t\":");
    home.device.retained("homie/5/box/$description", "[]");
    home.device.retained("hearth/nobody/rpc", "{");
    await().atMost(GatewayFixture.SOON).until(() -> home.gateway.discoveryFaults().size() == 2);
    assertThat(home.gateway.discoveryFaults())
        .containsOnlyKeys("tasmota/discovery/A0B1C2D3E4F5/config", "homie/5/box/$description");
    home.await(TASMOTA);
  }

  @Test
  void cleansARoomOfARobotThatIsAnnouncedInAnotherWay() {
    home.device.deaf("valetudo/dusty/MapSegmentationCapability/clean/set");
    home.device.retained(
        "homeassistant/vacuum/dusty/config",
        """
        {"unique_id":"dusty","name":null,"command_topic":"valetudo/dusty/command",
         "state_topic":"valetudo/dusty/state","availability_topic":"valetudo/dusty/$state",
         "payload_available":"ready","payload_not_available":"lost",
         "device":{"identifiers":["dusty"],"name":"Dusty"}}\
        """);
    home.device.retained("valetudo/dusty/MapData/segments", "{\"16\":\"Kitchen\"}");
    home.await("vacuum.dusty");
    assertThat(home.await("scene.valetudo_dusty_room_16").name()).isEqualTo("dusty Kitchen");

    Outcome outcome =
        home.execute("scene.valetudo_dusty_room_16", new Command.Perform(Action.ACTIVATE));

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.BROKER_ACKNOWLEDGED);
    await().atMost(GatewayFixture.SOON).until(() -> home.device.received().size() == 1);
    assertThat(home.device.received().getFirst()).contains("\"segment_ids\":[\"16\"]");
    home.await("vacuum.dusty");
  }
}
