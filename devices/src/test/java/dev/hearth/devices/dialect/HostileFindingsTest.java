package dev.hearth.devices.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.dialect.homeassistant.HomeAssistantDiscovery;
import dev.hearth.devices.dialect.homie.HomieDiscovery;
import dev.hearth.devices.dialect.shelly.FirstGenerationDiscovery;
import dev.hearth.devices.dialect.shelly.ShellyDiscovery;
import dev.hearth.devices.dialect.valetudo.ValetudoRooms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link HostilePayloadsTest} found, one test each. */
class HostileFindingsTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Discovered> heard(Dialect dialect, String... topicsAndPayloads)
      throws DiscoveryException {
    List<Discovered> last = List.of();
    for (int i = 0; i < topicsAndPayloads.length; i += 2) {
      List<Discovered> found = new ArrayList<>();
      for (Announced each :
          dialect.announcements(topicsAndPayloads[i], bytes(topicsAndPayloads[i + 1]))) {
        found.addAll(HostilePayloadsTest.entities(each.announcement()));
      }
      last = found.isEmpty() ? last : found;
    }
    return last;
  }

  @Test
  void aTemplateThatIsRefusedIsToldOnOneShortLine() {
    assertThatThrownBy(() ->
            heard(
                new HomeAssistantDiscovery("homeassistant"),
                "homeassistant/sensor/a/config",
                "{\"stat_t\":\"a\",\"val_tpl\":\"{{\\nWARN all is well\\u001b[2J"
                    + "x".repeat(5_000)
                    + "\"}"))
        .isInstanceOf(DiscoveryException.class)
        .hasMessageContaining("value_template is not a template")
        .hasMessageContaining("{{ WARN all is well [2J")
        .satisfies(e -> {
          assertThat(e.getMessage()).hasSizeLessThanOrEqualTo(Names.MAX_LINE);
          assertThat(String.valueOf(e.getMessage()).codePoints())
              .noneMatch(Character::isISOControl);
        });
  }

  @Test
  void anImpossibleColorTemperatureIsNoReport() throws Exception {
    Codec lamp =
        heard(
                new HomeAssistantDiscovery("homeassistant"),
                "homeassistant/light/a/config",
                "{\"cmd_t\":\"a/set\",\"clr_temp_cmd_t\":\"a/ct/set\",\"clr_temp_stat_t\":\"a/ct\"}")
            .getFirst()
            .codec();

    for (String mired : List.of("1e-300", "0", "-3", "0.5", "1e300", "NaN")) {
      assertThat(lamp.parse("a/ct", bytes(mired), State.UNKNOWN).values()).as(mired).isEmpty();
    }
    assertThat(lamp.parse("a/ct", bytes("250"), State.UNKNOWN).values())
        .containsEntry(Attribute.COLOR_TEMPERATURE, 4_000);
  }

  @Test
  void aShellyWhoseIdHasNoLettersHasAName() throws Exception {
    List<Discovered> found =
        heard(
            new ShellyDiscovery("+"),
            "plug/online",
            "true",
            "hearth/plug/rpc",
            "{\"id\":1,\"src\":\"plug\",\"result\":{\"id\":\"{}\",\"mac\":\"A8032AB12345\",\"gen\":2}}",
            "hearth/plug/rpc",
            "{\"id\":2,\"src\":\"plug\",\"result\":{\"switch:0\":{\"id\":0}}}",
            "hearth/plug/rpc",
            "{\"id\":3,\"src\":\"plug\",\"result\":{\"switch:0\":{\"id\":0,\"output\":true}}}");

    assertThat(found).isNotEmpty();
    assertThat(found).allSatisfy(each -> assertThat(each.description().name()).isNotBlank());
  }

  @Test
  void aModelOfMarkupAloneIsNoModel() throws Exception {
    List<Discovered> found =
        heard(
            new FirstGenerationDiscovery(),
            "shellies/plug/relay/0",
            "on",
            "shellies/announce",
            "{\"id\":\"plug\",\"model\":\"<|>\"}");

    assertThat(found)
        .singleElement()
        .satisfies(each -> assertThat(each.description().device().model()).isNull());
  }

  @Test
  void aLampWithAnAbsurdRangeOfWhitesTakesCommands() throws Exception {
    List<Discovered> found =
        heard(
            new HomieDiscovery("homie"),
            "homie/lamp/$homie",
            "4.0.0",
            "homie/lamp/strip/$type",
            "light",
            "homie/lamp/strip/$properties",
            "power,color-temperature",
            "homie/lamp/strip/power/$datatype",
            "boolean",
            "homie/lamp/strip/power/$settable",
            "true",
            "homie/lamp/strip/color-temperature/$datatype",
            "integer",
            "homie/lamp/strip/color-temperature/$format",
            "1000000000:2000000000",
            "homie/lamp/strip/color-temperature/$settable",
            "true",
            "homie/lamp/$nodes",
            "strip",
            "homie/lamp/$state",
            "ready");

    Encoded encoded =
        found.getFirst().codec().encode(new Command.SetColorTemperature(3_000), State.UNKNOWN);
    assertThat(encoded.target()).containsEntry(Attribute.COLOR_TEMPERATURE, 100_000);
  }

  @Test
  void anIdOfHomieWithTwoDashesMakesACleanName() throws Exception {
    List<Discovered> found =
        heard(
            new HomieDiscovery("homie"),
            "homie/big--lamp/$homie",
            "4.0.0",
            "homie/big--lamp/strip/$properties",
            "power",
            "homie/big--lamp/strip/power/$datatype",
            "boolean",
            "homie/big--lamp/$nodes",
            "strip",
            "homie/big--lamp/$state",
            "ready");

    assertThat(found)
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.description().name()).startsWith("big lamp"));
  }

  @Test
  void theRoomsOfARobotWithALongNameHaveAShortOneOrNone() throws Exception {
    String rooms = "{\"16\":\"Kitchen\"}";
    String robot = "r".repeat(80);

    assertThat(
            heard(new ValetudoRooms("valetudo"), "valetudo/" + robot + "/MapData/segments", rooms))
        .singleElement()
        .satisfies(each ->
            assertThat(each.description().device().name()).isEqualTo("r".repeat(Names.MAX_LENGTH)));
    assertThatThrownBy(() ->
            heard(
                new ValetudoRooms("valetudo"),
                "valetudo/" + robot + robot + "/MapData/segments",
                rooms))
        .isInstanceOf(DiscoveryException.class)
        .hasMessageContaining("at most 100 characters");
  }

  @Test
  void aHomieDeviceThatSaysTooMuchIsForgottenWithTheReason() throws Exception {
    HomieDiscovery homie = new HomieDiscovery("homie");
    String value = "x".repeat(8_000);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      try {
        homie.announcements("homie/hog/node/p" + i + "/$format", bytes(value));
      } catch (DiscoveryException e) {
        assertThat(e).hasMessageContaining("says too much and what it said is forgotten");
        refused++;
      }
    }
    // 16 MB came, and half a megabyte may be kept.
    assertThat(refused).isBetween(25, 35);
    String[] lamp = {
      "homie/lamp/$nodes", "light",
      "homie/lamp/light/$properties", "on",
      "homie/lamp/light/on/$datatype", "boolean",
      "homie/lamp/light/on/$settable", "true",
      "homie/lamp/$state", "ready"
    };
    assertThat(heard(homie, lamp)).hasSize(1);
  }

  @Test
  void allHomieDevicesTogetherAreBoundedToo() throws Exception {
    HomieDiscovery homie = new HomieDiscovery("homie");
    String value = "x".repeat(8_000);
    int kept = 0;
    int refused = 0;
    for (int device = 0; device < 100; device++) {
      for (int i = 0; i < 60; i++) {
        try {
          homie.announcements("homie/hog" + device + "/n/p" + i + "/$format", bytes(value));
          kept++;
        } catch (DiscoveryException e) {
          assertThat(e).hasMessageContaining("all devices together say too much");
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
    assertThat(kept * 8_000L).isLessThan(48L << 20);
  }

  @Test
  void aHomieDeviceThatRepeatsItselfIsNoNews() throws Exception {
    HomieDiscovery homie = new HomieDiscovery("homie");
    String[] lamp = {
      "homie/lamp/$nodes", "light",
      "homie/lamp/light/$properties", "on",
      "homie/lamp/light/on/$datatype", "boolean",
      "homie/lamp/$state", "ready"
    };
    assertThat(heard(homie, lamp)).hasSize(1);

    assertThat(heard(homie, lamp)).isEmpty();
    assertThat(heard(homie, "homie/lamp/light/on/$name", "Power")).hasSize(1);
  }
}
