package dev.hearth.devices.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.dialect.homeassistant.HomeAssistantDiscovery;
import dev.hearth.devices.dialect.homie.HomieDiscovery;
import dev.hearth.devices.dialect.shelly.FirstGenerationDiscovery;
import dev.hearth.devices.dialect.shelly.ShellyDiscovery;
import dev.hearth.devices.dialect.tasmota.TasmotaDiscovery;
import dev.hearth.devices.dialect.valetudo.ValetudoRooms;
import dev.hearth.devices.dialect.zigbee2mqtt.Zigbee2MqttDiscovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Announcements and messages out of the golden fixtures, made hostile in every dialect: whatever
 * comes is refused or harmless, and what is kept has limits. {@code -Dhearth.fuzz.seconds=300} goes
 * on for that long in each dialect; {@code -Dhearth.fuzz.seed=N} repeats the one that failed.
 */
class HostilePayloadsTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int SECONDS = Integer.getInteger("hearth.fuzz.seconds", 0);

  /** What a fixture has: announcements and messages, each a topic and a payload. */
  private record Fixture(List<Message> announcements, List<Message> messages) {}

  private record Message(String topic, Object payload) {}

  private static final List<Message> MESSAGES_OF_ZIGBEE =
      List.of(
          new Message("z/bridge/state", Map.of("state", "online")),
          new Message(
              "z/bridge/logging",
              Map.of("level", "error", "message", "Publish 'set' 'state' to 'lamp' failed: 'no'")),
          new Message("z/hall/availability", Map.of("state", "offline")));

  @TestFactory
  Stream<DynamicTest> areRefusedOrHarmless() throws IOException {
    return Stream.of(
        test("discovery", 400, () -> new HomeAssistantDiscovery("homeassistant")),
        test("zigbee2mqtt", 30, () -> new Zigbee2MqttDiscovery("z")),
        test("tasmota", 150, () -> new TasmotaDiscovery("tasmota/discovery")),
        test("shelly", 80, () -> new ShellyDiscovery("+")),
        test("shellies", 150, FirstGenerationDiscovery::new),
        test("homie", 150, () -> new HomieDiscovery("homie")),
        test("valetudo", 150, () -> new ValetudoRooms("valetudo")));
  }

  private static DynamicTest test(String folder, int tries, Supplier<Dialect> made)
      throws IOException {
    List<Fixture> fixtures = fixtures(folder);
    assertThat(fixtures).isNotEmpty();
    return DynamicTest.dynamicTest(
        folder,
        () -> {
          Long seed = Long.getLong("hearth.fuzz.seed");
          if (seed != null) {
            attempt(fixtures, made.get(), seed);
            return;
          }
          long first = SECONDS > 0 ? new Random().nextInt() * 1_000_000_000L : 1;
          long end = System.nanoTime() + SECONDS * 1_000_000_000L;
          for (long i = 0; SECONDS > 0 ? System.nanoTime() < end : i < tries; i++) {
            attempt(fixtures, made.get(), first + i);
          }
        });
  }

  private static void attempt(List<Fixture> fixtures, Dialect dialect, long seed) {
    try {
      Random random = new Random(seed);
      Fixture fixture = fixtures.get(random.nextInt(fixtures.size()));
      if (random.nextInt(3) == 0) {
        hear(dialect, fixture, new Random(seed), false);
      }
      hear(dialect, fixture, random, true);
    } catch (Throwable e) {
      throw new AssertionError("-Dhearth.fuzz.seed=" + seed, e);
    }
  }

  private static void hear(Dialect dialect, Fixture fixture, Random random, boolean hostile) {
    for (Message each : fixture.announcements) {
      byte[] payload =
          !hostile
              ? bytes(each.payload)
              : random.nextInt(20) == 0 ? noise(random) : Mutation.payload(each.payload, random);
      String topic = hostile ? Mutation.topic(each.topic, dialect.filters(), random) : each.topic;
      List<Announced> all;
      try {
        all = dialect.announcements(topic, payload);
      } catch (DiscoveryException e) {
        Limits.line(e.getMessage());
        continue;
      }
      Limits.check(all);
      for (Announced said : all) {
        for (Discovered found : entities(said.announcement())) {
          messages(found.codec(), fixture, random);
        }
      }
    }
  }

  static List<Discovered> entities(Announcement announcement) {
    return switch (announcement) {
      case Announcement.Entities all -> all.entities();
      case Announcement.Partly some -> some.entities();
      default -> List.of();
    };
  }

  private static void messages(Codec codec, Fixture fixture, Random random) {
    Limits.Talk talk = new Limits.Talk(codec);
    for (Message each : fixture.messages) {
      if (codec.topics().contains(each.topic)) {
        talk.hear(each.topic, bytes(each.payload));
        talk.hear(each.topic, Mutation.payload(each.payload, random));
      }
    }
    for (String topic : codec.topics()) {
      talk.hear(topic, Mutation.payload(Reports.ANY, random));
      talk.hear(topic, noise(random));
      if (!fixture.messages.isEmpty()) {
        Message other = fixture.messages.get(random.nextInt(fixture.messages.size()));
        talk.hear(topic, Mutation.payload(other.payload, random));
      }
    }
    talk.command();
  }

  private static byte[] bytes(Object payload) {
    return (payload instanceof String text ? text : JSON.writeValueAsString(payload))
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(60)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static List<Fixture> fixtures(String folder) throws IOException {
    if (folder.equals("zigbee2mqtt")) {
      List<Message> lists =
          List.of(
              new Message("z/bridge/devices", read(folder + "/devices.json")),
              new Message("z/bridge/groups", read(folder + "/groups.json")));
      return List.of(new Fixture(lists, MESSAGES_OF_ZIGBEE));
    }
    try (Stream<Path> files = Files.list(Path.of("src/test/resources", folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .sorted()
          .map(name -> fixture((Map<?, ?>) read(folder + "/" + name)))
          .toList();
    }
  }

  private static Fixture fixture(Map<?, ?> file) {
    Object config = file.get("config");
    List<Message> announcements =
        config == null
            ? list(file, "announcements")
            : List.of(new Message(String.valueOf(file.get("topic")), config));
    return new Fixture(announcements, list(file, "messages"));
  }

  private static List<Message> list(Map<?, ?> file, String key) {
    List<Message> messages = new ArrayList<>();
    for (Object each : Golden.list(file, key)) {
      List<?> pair = (List<?>) each;
      Object payload = pair.get(1);
      Object json = payload instanceof String text ? Json.parseOrNull(text) : payload;
      messages.add(
          new Message(
              String.valueOf(pair.get(0)),
              json instanceof Map || json instanceof List ? json : String.valueOf(payload)));
    }
    return messages;
  }

  private static Object read(String file) {
    try {
      return JSON.readValue(Files.readString(Path.of("src/test/resources", file)), Object.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
