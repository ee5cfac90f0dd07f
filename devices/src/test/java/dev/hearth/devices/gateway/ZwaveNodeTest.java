package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Command;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.command.Outcome;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A switch of a Z-Wave node behind Z-Wave JS UI that says nothing unless it is asked. */
@Timeout(120)
class ZwaveNodeTest {
  private static final String POLL = "zwave/_CLIENTS/ZWAVE_GATEWAY-home/api/pollValue";
  private static final String ID = "switch.zwavejs2mqtt_0xee883d6d_5_37_0_currentvalue";

  private GatewayFixture home;

  @BeforeEach
  void start() throws Exception {
    home = new GatewayFixture(Deadlines.all(Duration.ofMillis(100)));
  }

  @AfterEach
  void stop() {
    home.close();
  }

  /** A node whose gateway answers questions so. */
  private void node(BiConsumer<ScriptedDevice, String> asked) {
    home.device.on(POLL + "/set", asked).deaf("zwave/Hall/lamp/37/0/targetValue/set");
    home.device.retained(
        "homeassistant/switch/lamp/switch/config",
        """
        {"unique_id":"zwavejs2mqtt_0xee883d6d_5-37-0-currentValue","name":"Lamp",
         "payload_on":"true","payload_off":"false","state_on":"true","state_off":"false",
         "state_topic":"zwave/Hall/lamp/37/0/currentValue",
         "value_template":"{{ value_json.value | lower }}",
         "command_topic":"zwave/Hall/lamp/37/0/targetValue/set",
         "availability":[
           {"topic":"zwave/Hall/lamp/status","payload_available":"true",
            "payload_not_available":"false",
            "value_template":"{{ 'true' if value_json.value else 'false' }}"},
           {"topic":"zwave/_CLIENTS/ZWAVE_GATEWAY-home/status",
            "value_template":"{{ 'online' if value_json.value else 'offline' }}"},
           {"topic":"zwave/driver/status","payload_available":"true",
            "payload_not_available":"false"}],
         "availability_mode":"all",
         "device":{"identifiers":["zwavejs2mqtt_0xee883d6d_node5"],"name":"Lamp"}}
        """);
    home.await(ID);
    home.device.retained("zwave/Hall/lamp/37/0/currentValue", "{\"value\":false}");
    home.await(ID, e -> e.state().on().isPresent());
  }

  @Test
  void isAskedForItsStateAndBelieved() {
    node((device, question) ->
        device.reply(
            POLL,
            "{\"success\":true,\"message\":\"ok\",\"result\":true,\"origin\":%s}"
                .formatted(question)));

    Outcome outcome = home.execute(ID, new Command.TurnOn());

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.STATE_CONFIRMED);
    assertThat(home.device.received())
        .contains(
            POLL
                + "/set {\"args\":[{\"nodeId\":5,\"commandClass\":37,\"endpoint\":0,"
                + "\"property\":\"currentValue\"}]}");
  }

  @Test
  void tellsWhyItCannotBeAsked() {
    node((device, question) ->
        device.reply(
            POLL,
            "{\"success\":false,\"message\":\"The node is dead\",\"origin\":%s}"
                .formatted(question)));

    Outcome outcome = home.execute(ID, new Command.TurnOn());

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.TIMED_OUT);
    assertThat(outcome.detail()).contains("It cannot be asked: The node is dead");
  }

  @Test
  void takesNoAnswerThatIsAboutAnotherNode() {
    node((device, question) ->
        device.reply(
            POLL,
            "{\"success\":true,\"result\":true,\"origin\":%s}"
                .formatted(question.replace("\"nodeId\":5", "\"nodeId\":6"))));

    Outcome outcome = home.execute(ID, new Command.TurnOn());

    assertThat(outcome.evidence()).as(outcome.detail()).isEqualTo(Evidence.TIMED_OUT);
  }
}
