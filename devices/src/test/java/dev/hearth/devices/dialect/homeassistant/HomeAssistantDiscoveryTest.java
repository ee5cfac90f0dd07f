package dev.hearth.devices.dialect.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.devices.EntityId;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.DiscoveryFault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeAssistantDiscoveryTest {
  private final HomeAssistantDiscovery discovery = new HomeAssistantDiscovery("homeassistant");

  private Announcement read(String topic, String payload) throws DiscoveryException {
    return discovery.read(
        "homeassistant/" + topic + "/config", payload.getBytes(StandardCharsets.UTF_8));
  }

  private Discovered one(String topic, String payload) throws DiscoveryException {
    Announcement announcement = read(topic, payload);
    assertThat(announcement).isInstanceOf(Announcement.Entities.class);
    return ((Announcement.Entities) announcement).entities().getFirst();
  }

  @Test
  void takesAnEmptyPayloadAsFarewell() throws Exception {
    assertThat(read("light/a", "")).isEqualTo(new Announcement.Gone());
  }

  @Test
  void takesMigrationAsMoving() throws Exception {
    assertThat(read("light/a", "{\"migrate_discovery\":true}"))
        .isEqualTo(new Announcement.Moving());
    assertThat(read("light/a", "{\"migr_discvry\":true}")).isEqualTo(new Announcement.Moving());
  }

  @Test
  void ignoresWhatAHearthAnnouncesOfItself() throws Exception {
    String form =
        "{\"dev\":{\"ids\":[\"h\"]},\"o\":{\"name\":\"%s\"},"
            + "\"cmps\":{\"a\":{\"p\":\"text\",\"uniq_id\":\"h_a\",\"cmd_t\":\"h/ask\"}}}";

    assertThat(read("device/h", form.formatted("Hearth")))
        .isEqualTo(new Announcement.Ignored("it is a Hearth"));
    assertThat(read("device/h", form.formatted("Hearth simulation")))
        .isInstanceOf(Announcement.Entities.class);
  }

  @Test
  void ignoresComponentsItDoesNotKnow() throws Exception {
    assertThat(read("camera/a", "{\"topic\":\"x\"}")).isInstanceOf(Announcement.Ignored.class);
    assertThat(read("device_automation/a", "not even json"))
        .isInstanceOf(Announcement.Ignored.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "switch/a | nonsense | it is not JSON",
        "switch/a | [1] | not an object",
        "switch/a | {} | command_topic is missing",
        "switch/a | {\"command_topic\":\"a/#\"} | command_topic is 'a/#'; it must be a topic",
        "switch/a | {\"command_topic\":\"a/+/b\"} | command_topic is 'a/+/b'; it must be a topic",
        "switch/a | {\"command_topic\":[1]} | command_topic is '[1]'; it must be a text",
        "switch/a | {\"cmd_t\":\"a\",\"stat_t\":\"#\"} | state_topic is '#'",
        "switch/a | {\"cmd_t\":\"a\",\"avty\":[{\"t\":\"+\"}]} | topic is '+'",
        "switch/a | {\"cmd_t\":\"a\",\"avty_mode\":\"most\"} | availability_mode is 'most'; it must be all, any or latest",
        "switch/a | {\"cmd_t\":\"a\",\"stat_t\":\"b\",\"val_tpl\":\"{% if %}\"} | value_template",
        "light/a | {\"cmd_t\":\"a\",\"schema\":\"magic\"} | schema is 'magic'; it must be json, template",
        "light/a | {\"cmd_t\":\"a\",\"schema\":\"template\"} | command_on_template is missing",
        "cover/a | {\"tilt_cmd_t\":\"a\",\"tilt_min\":100} | tilt_min is '100.0'; it must be different",
        "humidifier/a | {\"cmd_t\":\"a\"} | target_humidity_command_topic is missing",
        "alarm_control_panel/a | {\"cmd_t\":\"a\"} | state_topic is missing",
        "valve/a | {\"pos_open\":0} | position_open is '0.0'; it must be different",
        "number/a | {\"cmd_t\":\"a\",\"min\":5,\"max\":1} | min is '5.0'; it must be at most max",
        "number/a | {\"cmd_t\":\"a\",\"step\":0} | step is '0.0'",
        "select/a | {\"cmd_t\":\"a\"} | options is missing",
        "select/a | {\"cmd_t\":\"a\",\"ops\":\"one\"} | options is 'one'; it must be a list",
        "text/a | {\"cmd_t\":\"a\",\"max\":-1} | max is '-1.0'",
        "button/a | {} | command_topic is missing",
        "scene/a | {} | command_topic is missing",
        "siren/a | {} | command_topic is missing",
        "event/a | {\"stat_t\":\"a\"} | event_types is missing",
        "light/a | {\"cmd_t\":\"a\",\"bri_scl\":0} | brightness_scale is '0.0'; it must be a number from 1.0",
        "light/a | {\"cmd_t\":\"a\",\"bri_scl\":\"NaN\"} | brightness_scale is 'NaN'; it must be a finite number",
        "light/a | {\"cmd_t\":\"a\",\"on_cmd_type\":\"x\"} | on_command_type is 'x'",
        "cover/a | {\"set_pos_t\":\"a\"} | set_position_topic needs a position_topic",
        "cover/a | {\"cmd_t\":\"a\",\"pos_open\":0} | position_open is '0.0'; it must be different",
        "climate/a | {\"temp_cmd_t\":\"a\",\"temp_unit\":\"K\"} | temperature_unit is 'K'; it must be C or F",
        "fan/a | {\"cmd_t\":\"a\",\"spd_rng_min\":9,\"spd_rng_max\":3} | speed_range_min is '9'",
        "sensor/a | {} | state_topic is missing",
        "device/a | {\"o\":{},\"cmps\":{}} | device is missing",
        "device/a | {\"dev\":{},\"cmps\":{}} | origin is missing",
        "device/a | {\"dev\":{},\"o\":{}} | components is missing",
      })
  void namesKeyValueAndRemedy(String topic, String payload, String message) {
    assertThatThrownBy(() -> read(topic, payload))
        .isInstanceOf(DiscoveryException.class)
        .hasMessageContaining(message);
  }

  @Test
  void leavesOutTheFaultyComponentsOfADeviceAndNamesThem() throws Exception {
    Announcement announcement =
        read(
            "device/d",
            """
            {"dev":{"ids":["d"]},"o":{"name":"o"},
             "cmps":{"a":{"p":"switch","cmd_t":"a"},
                     "b":{"p":"switch","uniq_id":"b","cmd_t":"#"},
                     "c":{"p":"switch","uniq_id":"c","cmd_t":"c"}}}\
            """);
    assertThat(announcement).isInstanceOf(Announcement.Partly.class);
    Announcement.Partly partly = (Announcement.Partly) announcement;
    assertThat(partly.entities()).extracting(Discovered::key).containsExactly("switch.c");
    assertThat(partly.faults())
        .extracting(DiscoveryFault::message)
        .satisfiesExactly(
            a -> assertThat(a).isEqualTo("components.a: it lacks its unique_id"),
            b -> assertThat(b).startsWith("components.b: command_topic is '#'"));
    assertThat(partly.faults())
        .extracting(DiscoveryFault::entity)
        .containsExactly(null, new EntityId("switch.b"));
  }

  @Test
  void refusesPayloadsThatAreTooLarge() {
    String payload = "{\"cmd_t\":\"a\",\"x\":\"" + "y".repeat(300_000) + "\"}";
    assertThatThrownBy(() -> read("switch/a", payload))
        .isInstanceOf(DiscoveryException.class)
        .hasMessageContaining("at most 262144");
  }

  @Test
  void refusesDeepNesting() {
    String payload = "[".repeat(10_000);
    assertThatThrownBy(() -> read("switch/a", payload)).isInstanceOf(DiscoveryException.class);
  }

  @Test
  void namesEntitiesByTheDocumentedRules() throws Exception {
    assertThat(name("\"name\":null,\"dev\":{\"ids\":\"d\",\"name\":\"Lamp\"}")).isEqualTo("Lamp");
    assertThat(name("\"name\":\"Relay\",\"dev\":{\"ids\":\"d\",\"name\":\"Lamp\"}"))
        .isEqualTo("Lamp Relay");
    assertThat(name("\"name\":\"Lamp relay\",\"dev\":{\"ids\":\"d\",\"name\":\"Lamp\"}"))
        .isEqualTo("Lamp relay");
    assertThat(name("\"dev_cla\":\"outlet\",\"dev\":{\"ids\":\"d\",\"name\":\"Lamp\"}"))
        .isEqualTo("Lamp outlet");
    assertThat(name("\"dev\":{\"ids\":\"d\",\"name\":\"Lamp\"}")).isEqualTo("Lamp switch");
    assertThat(name("\"obj_id\":\"kitchen_plug\"")).isEqualTo("kitchen plug");
    assertThat(name("\"name\":\"客厅灯\"")).isEqualTo("客厅灯");
  }

  private String name(String keys) throws DiscoveryException {
    return one("switch/node/object", "{\"cmd_t\":\"a\"," + keys + "}").description().name();
  }

  @Test
  void keepsIdsStableAndApart() throws Exception {
    assertThat(one("switch/node/object", "{\"cmd_t\":\"a\"}").description().id().value())
        .isEqualTo("switch.node_object");
    assertThat(one("switch/o", "{\"cmd_t\":\"a\",\"uniq_id\":\"0x00AA-1\"}").key())
        .isEqualTo("switch.0x00AA-1");
    String one = one("switch/o", "{\"cmd_t\":\"a\",\"uniq_id\":\"灯\"}").description().id().value();
    String two = one("switch/o", "{\"cmd_t\":\"a\",\"uniq_id\":\"门\"}").description().id().value();
    assertThat(one).matches("switch\\.x[0-9a-f]{8}").isNotEqualTo(two);
  }

  @Test
  void letsComponentsOverrideWhatTheDeviceFormShares() throws Exception {
    Announcement announcement =
        read(
            "device/d",
            """
            {"~":"base","dev":{"ids":["d"],"name":"D"},"o":{"name":"o"},"stat_t":"~/all","avty_t":"~/lwt",
             "cmps":{"a":{"p":"sensor","uniq_id":"a"},
                     "b":{"p":"sensor","uniq_id":"b","stat_t":"~/own"},
                     "c":{"p":"sensor","uniq_id":"c","~":"other","stat_t":"~/own"}}}\
            """);
    List<Discovered> entities = ((Announcement.Entities) announcement).entities();
    assertThat(entities.get(0).codec().topics()).containsExactly("base/all", "base/lwt");
    assertThat(entities.get(1).codec().topics()).containsExactly("base/own", "base/lwt");
    assertThat(entities.get(2).codec().topics()).contains("other/own");
  }

  @Test
  void putsTheBaseTopicAtTheStartOrTheEndAlone() throws Exception {
    assertThat(
            one(
                    "sensor/s",
                    "{\"~\":\"base\",\"stat_t\":\"x/~\",\"avty\":[{\"t\":\"~/l\"},{\"t\":\"a~b\"}]}")
                .codec()
                .topics())
        .containsExactly("x/base", "base/l", "a~b");
  }
}
