package dev.hearth.devices.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.dialect.homie.HomieDiscovery;
import dev.hearth.devices.dialect.shelly.FirstGenerationDiscovery;
import dev.hearth.devices.dialect.shelly.ShellyDiscovery;
import dev.hearth.devices.dialect.tasmota.TasmotaDiscovery;
import dev.hearth.devices.dialect.valetudo.ValetudoRooms;
import dev.hearth.devices.mqtt.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tools.jackson.databind.json.JsonMapper;

/** Hostile devices of the other conventions: whatever they say, it is refused or harmless. */
class DialectPropertiesTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Map<String, Supplier<Dialect>> DIALECTS =
      Map.of(
          "tasmota", () -> new TasmotaDiscovery("tasmota/discovery"),
          "shelly", () -> new ShellyDiscovery("+"),
          "shellies", FirstGenerationDiscovery::new,
          "homie", () -> new HomieDiscovery("homie"),
          "valetudo", () -> new ValetudoRooms("valetudo"));

  private static final List<Command> COMMANDS =
      List.of(
          new Command.TurnOn(),
          new Command.TurnOff(),
          new Command.SetBrightness(33),
          new Command.SetColor(new Color(200, 70), null),
          new Command.SetColorTemperature(3000),
          new Command.Open(),
          new Command.Close(),
          new Command.Stop(),
          new Command.SetPosition(70),
          new Command.SetTilt(20),
          new Command.SetTemperature(20.5),
          new Command.SetMode("heat"),
          new Command.SetFanSpeed(60),
          new Command.SetNumber(1),
          new Command.SetText("text"));

  private static List<Map<?, ?>> fixtures(String folder) {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources", folder))) {
      List<Map<?, ?>> all = new ArrayList<>();
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).sorted().toList()) {
        all.add(JSON.readValue(Files.readString(file), Map.class));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(tries = 150)
  void survivesMutatedDevices(@ForAll long seed) {
    Random random = new Random(seed);
    for (String folder : DIALECTS.keySet().stream().sorted().toList()) {
      List<Map<?, ?>> fixtures = fixtures(folder);
      Map<?, ?> fixture = fixtures.get(random.nextInt(fixtures.size()));
      Dialect dialect = Objects.requireNonNull(DIALECTS.get(folder)).get();
      for (Object each : Golden.list(fixture, "announcements")) {
        List<?> message = (List<?>) each;
        String topic = String.valueOf(message.get(0));
        hear(dialect, topic, payload(message.get(1), random), fixture, random);
      }
    }
  }

  @Property(tries = 200)
  void survivesRandomBytes(@ForAll byte[] payload, @ForAll long seed) {
    Random random = new Random(seed);
    DIALECTS.forEach((folder, made) -> {
      Dialect dialect = made.get();
      for (String filter : dialect.filters()) {
        String topic = filter.replace("+", random.nextBoolean() ? "a0" : "AABBCCDDEEFF");
        hear(dialect, topic, payload, Map.of("messages", List.of()), random);
      }
    });
  }

  private static byte[] payload(Object value, Random random) {
    Object mutated = Mutation.of(value, random);
    return Mutation.bytes(
        mutated instanceof String text ? text : JSON.writeValueAsString(mutated), random);
  }

  private static void hear(
      Dialect dialect, String topic, byte[] payload, Map<?, ?> fixture, Random random) {
    List<Announced> all;
    try {
      all = dialect.announcements(topic, payload);
    } catch (DiscoveryException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    for (Announced each : all) {
      switch (each.announcement()) {
        case Announcement.Entities(List<Discovered> entities) ->
            entities.forEach(found -> use(found, fixture, random));
        case Announcement.Asking(List<Outgoing> questions) ->
            questions.forEach(DialectPropertiesTest::check);
        default -> {}
      }
    }
  }

  private static void check(Outgoing message) {
    assertThat(Topics.isTopic(message.topic())).as(message.topic()).isTrue();
    assertThat(message.payload()).doesNotContainIgnoringCase("toggle");
  }

  private static void use(Discovered found, Map<?, ?> fixture, Random random) {
    String name = found.description().name();
    assertThat(name).isEqualTo(Names.clean(name)).isNotEmpty();
    Codec codec = found.codec();
    assertThat(codec.topics()).allMatch(Topics::isTopic).containsAll(codec.ownTopics());
    codec.greeting().forEach(DialectPropertiesTest::check);
    State state = State.UNKNOWN;
    for (Object each : Golden.list(fixture, "messages")) {
      List<?> message = (List<?>) each;
      Object json = Json.parseOrNull(String.valueOf(message.get(1)));
      byte[] payload = payload(json == null ? String.valueOf(message.get(1)) : json, random);
      state =
          codec.parse(String.valueOf(message.get(0)), payload, state).applyTo(state, Instant.EPOCH);
    }
    for (Command command : COMMANDS) {
      try {
        Encoded encoded = codec.encode(command, state);
        encoded.messages().forEach(DialectPropertiesTest::check);
        encoded
            .target()
            .forEach((attribute, value) ->
                assertThat(value).as("%s", attribute).isInstanceOf(attribute.type()));
      } catch (UnsupportedCommandException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    for (Attribute attribute : Attribute.values()) {
      codec.readBack(Set.of(attribute)).forEach(DialectPropertiesTest::check);
    }
  }
}
