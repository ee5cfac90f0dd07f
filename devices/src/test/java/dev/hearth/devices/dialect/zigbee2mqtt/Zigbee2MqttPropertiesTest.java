package dev.hearth.devices.dialect.zigbee2mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.Mutation;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import dev.hearth.devices.mqtt.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tools.jackson.databind.json.JsonMapper;

/** Hostile lists and messages: whatever comes, it is refused or harmless. */
class Zigbee2MqttPropertiesTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<?> DEVICES = fixture("devices");
  private static final List<?> GROUPS = fixture("groups");
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
          new Command.SetTemperature(20.5),
          new Command.SetMode("heat"),
          new Command.SetFanSpeed(60),
          new Command.SetPreset("eco"),
          new Command.Lock(),
          new Command.Unlock());

  private static List<?> fixture(String name) {
    try {
      Path file = Path.of("src/test/resources/zigbee2mqtt", name + ".json");
      return JSON.readValue(Files.readString(file), List.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(tries = 300)
  void survivesMutatedLists(@ForAll long seed) {
    Random random = new Random(seed);
    Zigbee2MqttDiscovery discovery = new Zigbee2MqttDiscovery("z");
    use(
        discovery,
        "z/bridge/devices",
        Mutation.bytes(JSON.writeValueAsString(DEVICES), random),
        random);
    for (int round = 0; round < 2; round++) {
      byte[] devices =
          Mutation.bytes(JSON.writeValueAsString(Mutation.of(DEVICES, random)), random);
      use(discovery, "z/bridge/devices", devices, random);
      byte[] groups = Mutation.bytes(JSON.writeValueAsString(Mutation.of(GROUPS, random)), random);
      use(discovery, "z/bridge/groups", groups, random);
    }
  }

  @Property(tries = 200)
  void survivesRandomBytes(@ForAll byte[] payload, @ForAll long seed) {
    Random random = new Random(seed);
    use(new Zigbee2MqttDiscovery("z"), "z/bridge/devices", payload, random);
    use(new Zigbee2MqttDiscovery("z"), "z/bridge/groups", payload, random);
  }

  private static void use(
      Zigbee2MqttDiscovery discovery, String topic, byte[] payload, Random random) {
    List<Announced> all;
    try {
      all = discovery.announcements(topic, payload);
    } catch (DiscoveryException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    for (Announced each : all) {
      if (each.announcement() instanceof Announcement.Entities(List<Discovered> entities)) {
        entities.forEach(found -> use(found, random));
      }
    }
  }

  private static void use(Discovered found, Random random) {
    String name = found.description().name();
    assertThat(name).isEqualTo(Names.clean(name)).isNotEmpty();
    Codec codec = found.codec();
    for (String topic : codec.topics()) {
      assertThat(Topics.isTopic(topic)).isTrue();
      byte[] message = new byte[random.nextInt(40)];
      random.nextBytes(message);
      codec.parse(topic, message, State.UNKNOWN);
      Object state =
          Map.of("state", "ON", "position", 3, "brightness", 4, "message", "Publish 'set' 'state'");
      String json = JSON.writeValueAsString(Mutation.of(state, random));
      codec.parse(topic, json.getBytes(StandardCharsets.UTF_8), State.UNKNOWN);
    }
    for (Command command : COMMANDS) {
      try {
        for (Outgoing message : codec.encode(command, State.UNKNOWN).messages()) {
          assertThat(Topics.isTopic(message.topic())).isTrue();
          assertThat(message.topic()).doesNotStartWith("z/bridge/");
        }
      } catch (UnsupportedCommandException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    for (Attribute attribute : Attribute.values()) {
      for (Outgoing question : codec.readBack(Set.of(attribute))) {
        assertThat(Topics.isTopic(question.topic())).isTrue();
      }
    }
  }
}
