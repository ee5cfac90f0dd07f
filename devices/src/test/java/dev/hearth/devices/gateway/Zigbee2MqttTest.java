package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.devices.Action;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Home;
import dev.hearth.devices.command.CommandExecutor.Execution;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.command.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A home on a Zigbee2MQTT bridge, over a real broker. */
@Timeout(120)
class Zigbee2MqttTest {
  private static final Duration SOON = GatewayFixture.SOON;

  /** For tests that wait for a deadline to pass and hear nothing. */
  private static final Deadlines SHORT = Deadlines.all(Duration.ofMillis(1_800));

  /** For tests in which answers must come before the deadline passes. */
  private static final Deadlines ANSWERED = Deadlines.all(Duration.ofSeconds(4));

  private static final String LAMP = "light.0x01_light_zigbee2mqtt";
  private static final String GROUP = "light.1_light_zigbee2mqtt";

  private static final String SWITCHES =
      """
      [{"type":"switch","endpoint":"l1","features":[
         {"type":"binary","name":"state","property":"state_l1","endpoint":"l1","access":7,
          "value_on":"ON","value_off":"OFF"}]},
       {"type":"switch","endpoint":"l2","features":[
         {"type":"binary","name":"state","property":"state_l2","endpoint":"l2","access":7,
          "value_on":"ON","value_off":"OFF"}]}]\
      """;

  private static final String LOCK =
      """
      [{"type":"lock","features":[
         {"type":"binary","name":"state","property":"state","access":7,
          "value_on":"LOCK","value_off":"UNLOCK"},
         {"type":"enum","name":"lock_state","property":"lock_state","access":1,
          "values":["not_fully_locked","locked","unlocked"]}]}]\
      """;

  private static final String COVER =
      """
      [{"type":"cover","features":[
         {"type":"enum","name":"state","property":"state","access":3,
          "values":["OPEN","CLOSE","STOP"]},
         {"type":"numeric","name":"position","property":"position","access":7,
          "value_min":0,"value_max":100,"unit":"%"}]}]\
      """;

  private static final String VALVE =
      """
      [{"type":"climate","features":[
         {"type":"numeric","name":"occupied_heating_setpoint",
          "property":"occupied_heating_setpoint","access":7,
          "value_min":5,"value_max":30,"value_step":0.5,"unit":"°C"},
         {"type":"numeric","name":"local_temperature","property":"local_temperature","access":5,
          "unit":"°C"},
         {"type":"enum","name":"system_mode","property":"system_mode","access":7,
          "values":["off","heat"]}]}]\
      """;

  private static final String CONTACT =
      """
      [{"type":"binary","name":"contact","property":"contact","access":1,
        "value_on":false,"value_off":true},
       {"type":"numeric","name":"temperature","property":"temperature","access":1,"unit":"°C"},
       {"type":"numeric","name":"battery","property":"battery","access":1,"unit":"%",
        "category":"diagnostic"}]\
      """;

  private GatewayFixture home;
  private ZigbeeBridge bridge;

  @SuppressWarnings("NullAway.Init")
  Zigbee2MqttTest() {}

  @BeforeEach
  void start() throws Exception {
    home = new GatewayFixture();
    bridge = new ZigbeeBridge(home.broker.options(), "zigbee2mqtt");
  }

  @AfterEach
  void stop() {
    bridge.close();
    home.close();
  }

  private ZigbeeBridge.Node lamp(String ieee, String name) {
    return bridge.add(ieee, name, ZigbeeBridge.light());
  }

  private Home now() {
    return home.gateway.registry().home();
  }

  private void awaitGone(String id) {
    await().atMost(SOON).until(() -> now().entity(new EntityId(id)).isEmpty());
  }

  /** One command and its questions, which may have been asked again when answers were slow. */
  private void assertReceived(String set, String... questions) {
    assertThat(bridge.received()).containsOnlyOnce(set);
    assertThat(bridge.received().getFirst()).isEqualTo(set);
    assertThat(bridge.received().stream().skip(1).distinct()).containsExactlyInAnyOrder(questions);
  }

  @Test
  void findsDevicesWithWhatTheyCanDo() {
    bridge.add(
        "0x01",
        "living room/floor_lamp",
        ZigbeeBridge.light(
            "{\"type\":\"numeric\",\"name\":\"color_temp\",\"property\":\"color_temp\","
                + "\"access\":7,\"value_min\":150,\"value_max\":500}"));
    bridge.add("0x02", "window", "Battery", CONTACT).report(Map.of("contact", false));
    bridge.announce();

    Entity lamp = home.await(LAMP);
    assertThat(lamp.name()).isEqualTo("living room floor lamp");
    assertThat(lamp.capabilities())
        .containsExactly(
            new Capability.OnOff(),
            new Capability.Brightness(),
            new Capability.ColorTemperature(2000, 6667));
    assertThat(now().device(lamp.device()).orElseThrow().manufacturer()).isEqualTo("Acme");
    assertThat(home.await("sensor.0x01_linkquality_zigbee2mqtt").exposed()).isFalse();
    assertThat(home.await("sensor.0x02_temperature_zigbee2mqtt").name())
        .isEqualTo("window temperature");
    home.await("binary_sensor.0x02_contact_zigbee2mqtt");
    bridge.publish("window", "{\"contact\":false,\"temperature\":19.5,\"battery\":\"80\"}", false);
    home.await("binary_sensor.0x02_contact_zigbee2mqtt", e -> e.state().on().orElse(false));
    home.await("sensor.0x02_temperature_zigbee2mqtt", e -> e.state().number().orElse(0) == 19.5);
    assertThat(home.await("sensor.0x02_battery_zigbee2mqtt").state().number()).hasValue(80);
    bridge.publish("window", "{\"contact\":[],\"temperature\":\"warm\",\"battery\":null}", false);
    home.await("sensor.0x02_battery_zigbee2mqtt", e -> e.state().number().isEmpty());
    assertThat(home.await("sensor.0x02_temperature_zigbee2mqtt").state().number()).hasValue(19.5);
    assertThat(home.await("binary_sensor.0x02_contact_zigbee2mqtt").state().on()).contains(true);
  }

  @Test
  void confirmsACommandByAskingTheDevice() {
    lamp("0x01", "lamp");
    bridge.announce();
    home.await(LAMP);

    Outcome outcome = home.execute(LAMP, new Command.SetBrightness(50));

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.READ_BACK);
    assertThat(outcome.state().brightnessPercent()).hasValue(50);
    assertReceived(
        "lamp/set {\"state\":\"ON\",\"brightness\":127}", "lamp/get {\"brightness\":\"\"}");
  }

  @Test
  void doesNotBelieveTheBridgeWhenTheDeviceSaysOtherwise() throws Exception {
    home.deadlines(ANSWERED);
    ZigbeeBridge.Node lamp = lamp("0x01", "lamp");
    bridge.announce();
    home.await(LAMP);
    lamp.report(Map.of("state", "OFF"));
    lamp.fault = ZigbeeBridge.Fault.IDLE;

    Outcome outcome = home.execute(LAMP, new Command.TurnOn());

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.DIFFERENT_VALUE);
    assertThat(outcome.detail()).isEqualTo("Asked for on, but it reports off");
  }

  @Test
  void tellsWhatTheBridgeLogsAsFailed() {
    ZigbeeBridge.Node lamp = lamp("0x01", "lamp");
    lamp.fault = ZigbeeBridge.Fault.SET_FAILS;
    bridge.announce();
    home.await(LAMP);
    for (boolean legacy : new boolean[] {false, true}) {
      bridge.legacy = legacy;
      Outcome outcome = home.execute(LAMP, new Command.TurnOn());
      assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.REJECTED);
      assertThat(outcome.detail()).endsWith("Error: no response from device");
    }
  }

  @Test
  void saysAcceptedWhenTheDeviceCannotBeAsked() {
    bridge.add("0x03", "radiator", "Battery", VALVE);
    bridge.announce();
    String radiator = "climate.0x03_climate_zigbee2mqtt";
    assertThat(home.await(radiator).capabilities())
        .contains(new Capability.Setpoint(5, 30, 0.5), new Capability.Mode(List.of("off", "heat")));

    Outcome outcome = home.execute(radiator, new Command.SetTemperature(21.3));

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.ACCEPTED);
    assertThat(bridge.received())
        .containsExactly("radiator/set {\"occupied_heating_setpoint\":21.5}");
  }

  @Test
  void saysQueuedWhenASleepingDeviceIsNotHeard() throws Exception {
    home.deadlines(ANSWERED);
    bridge.add("0x03", "radiator", "Battery", VALVE).fault = ZigbeeBridge.Fault.UNASSUMED;
    bridge.announce();
    String radiator = "climate.0x03_climate_zigbee2mqtt";
    home.await(radiator);

    Outcome outcome = home.execute(radiator, new Command.SetTemperature(21.5));

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.QUEUED);
    assertThat(outcome.evidence().done() || outcome.evidence().negative()).isFalse();
  }

  @Test
  void saysAcceptedWhenTheDeviceDoesNotAnswer() {
    ZigbeeBridge.Node lamp = lamp("0x01", "lamp");
    lamp.fault = ZigbeeBridge.Fault.GET_FAILS;
    bridge.announce();
    home.await(LAMP);

    Outcome outcome = home.execute(LAMP, new Command.TurnOn());

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.ACCEPTED);
    assertThat(outcome.detail()).contains("no response from device");
  }

  @Test
  void asksWhenTheBridgeAssumesNothing() throws Exception {
    home.deadlines(ANSWERED);
    lamp("0x01", "lamp").fault = ZigbeeBridge.Fault.UNASSUMED;
    bridge.announce();
    home.await(LAMP);

    Outcome outcome = home.execute(LAMP, new Command.TurnOn());

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.READ_BACK);
  }

  @Test
  void timesOutWhenNothingIsHeard() throws Exception {
    home.deadlines(SHORT);
    lamp("0x01", "lamp");
    bridge.announce();
    home.await(LAMP);
    bridge.close();

    assertThat(home.execute(LAMP, new Command.TurnOn()).evidence()).isEqualTo(Evidence.TIMED_OUT);
  }

  @Test
  void confirmsAGroupMemberByMember() {
    bridge.group("lamps", lamp("0x01", "left"), lamp("0x02", "right")).announce();
    assertThat(home.await(GROUP).name()).isEqualTo("lamps");

    Outcome outcome = home.execute(GROUP, new Command.SetBrightness(30));

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.READ_BACK);
    assertReceived(
        "lamps/set {\"state\":\"ON\",\"brightness\":76}",
        "left/get {\"brightness\":\"\"}",
        "right/get {\"brightness\":\"\"}");
  }

  @Test
  void namesTheMembersOfAGroupThatDidNotObey() throws Exception {
    home.deadlines(ANSWERED);
    ZigbeeBridge.Node lazy = lamp("0x02", "right");
    ZigbeeBridge.Node mute = lamp("0x03", "middle");
    bridge.group("lamps", lamp("0x01", "left"), lazy, mute).announce();
    home.await(GROUP);
    lazy.report(Map.of("state", "OFF"));
    lazy.fault = ZigbeeBridge.Fault.IDLE;

    Outcome contrary = home.execute(GROUP, new Command.TurnOn());
    assertThat(contrary.evidence()).as(contrary.detail()).isEqualTo(Evidence.DIFFERENT_VALUE);
    assertThat(contrary.detail()).contains("right").doesNotContain("left", "middle");
    mute.fault = ZigbeeBridge.Fault.GET_FAILS;

    Outcome silent = home.execute(GROUP, new Command.TurnOn());
    assertThat(silent.evidence()).as(silent.detail()).isEqualTo(Evidence.TIMED_OUT);
    assertThat(silent.detail()).contains("Did not answer: middle", "no response from device");
  }

  @Test
  void keepsWhatTheMembersOfAGroupSaidUntilALongDeadline() throws Exception {
    home.deadlines(ANSWERED);
    ZigbeeBridge.Node lazy = lamp("0x02", "right");
    bridge.group("lamps", lamp("0x01", "left"), lazy).announce();
    home.await(GROUP);
    lazy.report(Map.of("state", "OFF"));
    lazy.fault = ZigbeeBridge.Fault.IDLE;

    Outcome outcome = home.execute(GROUP, new Command.TurnOn());

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.DIFFERENT_VALUE);
    assertThat(outcome.detail()).isEqualTo("Reports something else: right");
    assertThat(bridge.received()).filteredOn("left/get {\"state\":\"\"}"::equals).hasSize(4);
  }

  @Test
  void sendsNothingToWhatIsOffline() {
    lamp("0x01", "lamp");
    bridge.announce();
    home.await(LAMP, e -> e.availability() == Availability.ONLINE);
    for (String form : List.of("%s", "{\"state\":\"%s\"}")) {
      for (String topic : List.of("lamp/availability", "bridge/state")) {
        bridge.publish(topic, form.formatted("offline"), true);
        home.await(LAMP, e -> e.availability() == Availability.OFFLINE);
        assertThat(home.execute(LAMP, new Command.TurnOn()).evidence()).isEqualTo(Evidence.OFFLINE);
        bridge.publish(topic, form.formatted("online"), true);
        home.await(LAMP, e -> e.availability() == Availability.ONLINE);
      }
    }
    assertThat(bridge.received()).isEmpty();
  }

  @Test
  void followsRenamesAndRemovals() {
    ZigbeeBridge.Node lamp = lamp("0x01", "lamp");
    bridge.announce();
    home.await(LAMP);
    lamp.name = "Sofa lamp";
    bridge.announce();
    home.await(LAMP, e -> e.name().equals("Sofa lamp"));
    assertThat(home.execute(LAMP, new Command.TurnOn()).evidence()).isEqualTo(Evidence.READ_BACK);
    bridge.remove(lamp);
    bridge.announce();
    awaitGone(LAMP);
    assertThat(now().devices()).isEmpty();
  }

  @Test
  void keepsWhatItKnowsWhenAListOrAnEntryIsBroken() {
    lamp("0x01", "lamp");
    bridge.announce();
    home.await(LAMP);
    ZigbeeBridge.Node other = lamp("0x02", "other");
    bridge.remove(other);
    for (String broken :
        List.of("{", "7", "[7]", "[{\"ieee_address\":\"0x01\"},", "[]]", "{\"0x01\":{}}")) {
      bridge.publish("bridge/devices", broken, true);
      bridge.publish("bridge/groups", broken, true);
    }
    bridge.publish(
        "bridge/devices",
        """
        [{"ieee_address":"0x01","friendly_name":"a/#"},
         {"ieee_address":"0x02","friendly_name":"other","definition":{"exposes":%s}},
         {"ieee_address":"0x03","friendly_name":"bridge/request","definition":{"exposes":[]}},
         {"ieee_address":{},"friendly_name":[]}]\
        """
            .formatted(ZigbeeBridge.light()),
        true);
    home.await("light.0x02_light_zigbee2mqtt");
    assertThat(home.await(LAMP).name()).isEqualTo("lamp");
    assertThat(home.execute(LAMP, new Command.TurnOn()).evidence()).isEqualTo(Evidence.READ_BACK);
  }

  private void announceTwin() {
    home.device.retained(
        "homeassistant/light/0x01/light/config",
        """
        {"unique_id":"0x01_light_zigbee2mqtt","name":null,"schema":"json",
         "command_topic":"zigbee2mqtt/lamp/set","state_topic":"zigbee2mqtt/lamp",
         "device":{"identifiers":["zigbee2mqtt_0x01"],"name":"twin"}}\
        """);
    home.device.retained(
        "homeassistant/sensor/0x01/update_state/config",
        """
        {"unique_id":"0x01_update_state_zigbee2mqtt","state_topic":"zigbee2mqtt/lamp",
         "device":{"identifiers":["zigbee2mqtt_0x01"],"name":"twin"}}\
        """);
  }

  @Test
  void seesADeviceOnceThoughItIsAnnouncedTwice() {
    String twin = "sensor.0x01_update_state_zigbee2mqtt";
    announceTwin();
    assertThat(home.await(LAMP).name()).isEqualTo("twin");
    home.await(twin);
    ZigbeeBridge.Node lamp = lamp("0x01", "lamp");
    bridge.announce();
    home.await(LAMP, e -> e.name().equals("lamp"));
    awaitGone(twin);
    announceTwin();
    home.device.retained(
        "homeassistant/switch/marker/config", "{\"unique_id\":\"marker\",\"cmd_t\":\"x/set\"}");
    home.await("switch.marker");
    assertThat(home.await(LAMP).name()).isEqualTo("lamp");
    assertThat(now().entity(new EntityId(twin))).isEmpty();
    assertThat(now().entitiesOf(home.await(LAMP).device())).hasSize(2);
    assertThat(home.execute(LAMP, new Command.TurnOn()).evidence()).isEqualTo(Evidence.READ_BACK);

    bridge.remove(lamp);
    bridge.announce();
    home.await(LAMP, e -> e.name().equals("twin"));
    home.await(twin);
  }

  @Test
  void tellsTheEndpointsOfADeviceApart() {
    ZigbeeBridge.Node pair = bridge.add("0x05", "pair", SWITCHES);
    bridge.announce();
    String first = "switch.0x05_switch_l1_zigbee2mqtt";
    String second = "switch.0x05_switch_l2_zigbee2mqtt";
    assertThat(home.await(first).name()).isEqualTo("pair l1");
    home.await(second);
    pair.report(Map.of("state_l1", "OFF", "state_l2", "OFF"));
    home.await(second, e -> e.state().on().isPresent());

    assertThat(home.execute(second, new Command.TurnOn()).evidence()).isEqualTo(Evidence.READ_BACK);
    assertThat(home.await(first).state().on()).contains(false);
    assertReceived("pair/set {\"state_l2\":\"ON\"}", "pair/get {\"state_l2\":\"\"}");
  }

  @Test
  void believesALockByItsBolt() {
    ZigbeeBridge.Node lock = bridge.add("0x06", "front door", "Battery", LOCK);
    bridge.announce();
    String door = "lock.0x06_lock_zigbee2mqtt";
    home.await(door);
    lock.report(Map.of("state", "UNLOCK", "lock_state", "unlocked"));
    home.await(door, e -> e.state().lock().isPresent());

    Execution locking = home.submit(door, new Command.Lock());
    await().atMost(SOON).until(() -> bridge.received().size() == 1);
    assertThat(bridge.received()).containsExactly("front door/set {\"state\":\"LOCK\"}");
    lock.report(Map.of("battery", 80)); // repeats what the bridge assumes, and the open bolt
    assertThat(locking.last()).isNotDone();
    lock.report(Map.of("lock_state", "locked"));

    assertThat(GatewayFixture.get(locking.last()).evidence()).isEqualTo(Evidence.STATE_CONFIRMED);
  }

  @Test
  void followsACoverToItsEnd() {
    ZigbeeBridge.Node blind = bridge.add("0x07", "blind", COVER);
    bridge.announce();
    String cover = "cover.0x07_cover_zigbee2mqtt";
    home.await(cover);
    blind.report(Map.of("position", 0));
    home.await(cover, e -> e.state().position().isPresent());
    blind.fault = ZigbeeBridge.Fault.IDLE; // The bridge assumes the end, the blind is on its way.

    Execution opening = home.submit(cover, new Command.SetPosition(80));
    await().atMost(SOON).until(() -> bridge.received().size() >= 2);
    blind.report(Map.of("position", 15));
    assertThat(GatewayFixture.get(opening.first()).evidence()).isEqualTo(Evidence.STARTED);
    blind.report(Map.of("position", 80));

    Outcome last = GatewayFixture.get(opening.last());
    assertThat(last.evidence()).as(last.detail()).isEqualTo(Evidence.READ_BACK);
  }

  @Test
  void callsTheScenesOfAGroup() {
    bridge.group("lamps", lamp("0x01", "left"), lamp("0x02", "right")).announce();
    Entity scene = home.await("scene.1_scene_3_zigbee2mqtt");
    assertThat(scene.name()).isEqualTo("lamps Movie night");
    assertThat(scene.aliases()).containsExactly("Movie night");

    Outcome outcome = home.execute(scene.id().value(), new Command.Perform(Action.ACTIVATE));

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.BROKER_ACKNOWLEDGED);
    await().atMost(SOON).until(() -> bridge.received().contains("lamps/set {\"scene_recall\":3}"));
  }

  @Test
  void setsNumbersAndChoices() {
    bridge.add(
        "0x08",
        "box",
        """
        [{"type":"numeric","name":"countdown","property":"countdown","access":7,"unit":"s",
          "value_min":0,"value_max":100,"value_step":5},
         {"type":"enum","name":"mode","property":"mode","access":7,"values":["day","night"]}]\
        """);
    bridge.announce();
    String number = "number.0x08_countdown_zigbee2mqtt";
    String choice = "select.0x08_mode_zigbee2mqtt";
    assertThat(home.await(number).capabilities())
        .containsExactly(new Capability.NumberInput(0, 100, 5, "s"));
    home.await(choice);
    assertThat(home.await(number).exposed()).isFalse();

    assertThat(home.execute(number, new Command.SetNumber(32)).evidence())
        .isEqualTo(Evidence.READ_BACK);
    assertThat(home.execute(choice, new Command.SetMode("night")).evidence())
        .isEqualTo(Evidence.READ_BACK);
    assertThat(bridge.received()).contains("box/set {\"countdown\":30}", "box/get {\"mode\":\"\"}");
  }

  @Test
  void paintsALampAndReadsItsColor() {
    bridge.add(
        "0x01",
        "lamp",
        ZigbeeBridge.light(
            """
            {"type":"composite","name":"color_xy","property":"color","access":7,"features":[
              {"type":"numeric","name":"x","property":"x","access":7},
              {"type":"numeric","name":"y","property":"y","access":7}]}\
            """));
    bridge.announce();
    home.await(LAMP);

    Outcome outcome = home.execute(LAMP, new Command.SetColor(new Color(240, 100), "blue"));

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.READ_BACK);
    assertThat(bridge.received().getLast()).isEqualTo("lamp/get {\"color\":\"\"}");
  }

  @Test
  void talksToABridgeOfAnotherBaseTopic() throws Exception {
    home.gateway.close();
    home.gateway =
        DeviceGateway.start(
            home.broker.options(),
            new GatewayOptions(
                new Conventions(
                    List.of("homeassistant"),
                    List.of("home/zigbee"),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of()),
                Deadlines.all(Duration.ofSeconds(10)),
                100,
                true,
                false),
            home.store);
    assertThat(home.gateway.connection().awaitConnected(SOON)).isTrue();
    try (ZigbeeBridge other = new ZigbeeBridge(home.broker.options(), "home/zigbee")) {
      other.add("0x01", "lamp", ZigbeeBridge.light());
      other.announce();
      String id = "light.0x01_light_home_zigbee";
      home.await(id);
      assertThat(home.execute(id, new Command.TurnOff()).evidence()).isEqualTo(Evidence.READ_BACK);
    }
  }
}
