package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.dialect.Golden;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/** Announcements in Home Assistant's way and what Hearth makes of them. */
class GoldenDiscoveryTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  Stream<DynamicTest> readsAnnouncementsAsExpected() throws IOException {
    return Golden.tests(
        "discovery",
        (fixture, out) ->
            Golden.describe(
                new HomeAssistantDiscovery("homeassistant")
                    .read(
                        String.valueOf(fixture.get("topic")),
                        JSON.writeValueAsBytes(fixture.get("config"))),
                fixture,
                out));
  }
}
