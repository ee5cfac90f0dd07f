package dev.hearth.devices.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.dialect.homie.HomieDiscovery;
import dev.hearth.devices.dialect.shelly.FirstGenerationDiscovery;
import dev.hearth.devices.dialect.shelly.ShellyDiscovery;
import dev.hearth.devices.dialect.tasmota.TasmotaDiscovery;
import dev.hearth.devices.dialect.valetudo.ValetudoRooms;
import dev.hearth.devices.mqtt.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What devices of other conventions say and what Hearth makes of it. A fixture has announcements
 * (topic and payload, one after the other), then messages and commands for all that was announced.
 */
class GoldenDialectsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  Stream<DynamicTest> readsTasmota() throws IOException {
    return tests("tasmota");
  }

  @TestFactory
  Stream<DynamicTest> readsShelly() throws IOException {
    return tests("shelly");
  }

  @TestFactory
  Stream<DynamicTest> readsShellyOfTheFirstGeneration() throws IOException {
    return tests("shellies");
  }

  @TestFactory
  Stream<DynamicTest> readsHomie() throws IOException {
    return tests("homie");
  }

  @TestFactory
  Stream<DynamicTest> readsRoomsOfValetudo() throws IOException {
    return tests("valetudo");
  }

  private static Stream<DynamicTest> tests(String folder) throws IOException {
    return Golden.tests(folder, (fixture, out) -> read(dialect(folder), fixture, out));
  }

  private static Dialect dialect(String folder) {
    return switch (folder) {
      case "tasmota" -> new TasmotaDiscovery("tasmota/discovery");
      case "shelly" -> new ShellyDiscovery("+");
      case "shellies" -> new FirstGenerationDiscovery();
      case "homie" -> new HomieDiscovery("homie");
      case "valetudo" -> new ValetudoRooms("valetudo");
      default -> throw new IllegalArgumentException(folder);
    };
  }

  private static void read(Dialect dialect, Map<?, ?> fixture, StringBuilder out) throws Exception {
    Map<String, Announced> last = new LinkedHashMap<>();
    for (Object each : Golden.list(fixture, "announcements")) {
      List<?> message = (List<?>) each;
      String topic = String.valueOf(message.get(0));
      assertThat(dialect.filters()).anyMatch(filter -> Topics.matches(filter, topic));
      String payload =
          message.get(1) instanceof String text ? text : JSON.writeValueAsString(message.get(1));
      try {
        for (Announced said :
            dialect.announcements(topic, payload.getBytes(StandardCharsets.UTF_8))) {
          if (said.announcement() instanceof Announcement.Asking asking) {
            out.append(topic).append(" asks ").append(asking.questions()).append('\n');
          } else {
            last.put(said.source(), said);
          }
        }
      } catch (DiscoveryException e) {
        out.append(topic).append(" is faulty: ").append(e.getMessage()).append('\n');
      }
    }
    for (Announced said : last.values()) {
      out.append("source ").append(said.source()).append('\n');
      Golden.describe(said.announcement(), fixture, out);
    }
  }
}
