package dev.hearth.devices.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Code;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.homeassistant.HomeAssistantDiscovery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the simulated devices announce and how they act, read by the project's own dialect. */
class DiscoveryTest {
  private final Workbench bench = new Workbench();

  private Map<EntityId, Discovered> discovered() throws Exception {
    Map<EntityId, Discovered> out = new LinkedHashMap<>();
    HomeAssistantDiscovery reader = new HomeAssistantDiscovery("homeassistant");
    Discovery writer = new Discovery(bench.options, "bridge");
    for (Blueprint blueprint : bench.blueprints) {
      for (Discovery.Message message : writer.messages(blueprint)) {
        Announcement read =
            reader.read(message.topic(), message.payload().getBytes(StandardCharsets.UTF_8));
        assertThat(read).as(message.toString()).isInstanceOf(Announcement.Entities.class);
        for (Discovered each : ((Announcement.Entities) read).entities()) {
          assertThat(out.put(each.description().id(), each)).isNull();
        }
      }
    }
    return out;
  }

  private static Stream<EntityId> gadgets() {
    return Gadgets.devices().stream()
        .flatMap(device -> device.points().stream())
        .map(point -> new EntityId(point.kind().component() + "." + point.label().id()));
  }

  @Test
  void announcesTheEntitiesOfTheLayoutWithTheirNamesAndAreas() throws Exception {
    HomeLayout layout = SimulatedHome.layout();
    Map<EntityId, Discovered> found = discovered();

    assertThat(found.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(layout.entities().stream().map(HomeLayout.Place::id), gadgets())
                .toList());
    for (HomeLayout.Place place : layout.entities()) {
      var description = java.util.Objects.requireNonNull(found.get(place.id())).description();
      assertThat(description.name()).isEqualTo(place.name());
      String area =
          layout.areas().stream()
              .filter(each -> each.id().equals(place.area()))
              .findFirst()
              .orElseThrow()
              .name();
      assertThat(description.device().suggestedArea()).isEqualTo(area);
      assertThat(description.visible()).isTrue();
    }
  }

  @Test
  void hasThreeFloorsNineAreasAndEveryKindWithChineseNames() {
    HomeLayout layout = SimulatedHome.layout();
    assertThat(layout.floors()).hasSize(3);
    assertThat(layout.areas()).hasSize(9).allSatisfy(area -> assertThat(area.floor()).isNotNull());
    assertThat(layout.entities()).hasSize(48);
    Set<String> components = new HashSet<>();
    Stream.concat(layout.entities().stream().map(HomeLayout.Place::id), gadgets())
        .forEach(id -> components.add(id.value().replaceAll("\\..*", "")));
    assertThat(components)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Kind.values()).map(Kind::component).toList());
    List<List<String>> names = new ArrayList<>();
    layout.floors().forEach(each -> names.add(each.aliases()));
    layout.areas().forEach(each -> names.add(each.aliases()));
    layout.entities().forEach(each -> names.add(each.aliases()));
    assertThat(names)
        .allSatisfy(aliases -> assertThat(aliases).anyMatch(a -> a.matches("[\\u4e00-\\u9fff]+")));
  }

  @Test
  void usesEveryFormOfDiscovery() {
    Discovery writer = new Discovery(bench.options, "bridge");
    List<String> all =
        bench.blueprints.stream()
            .flatMap(each -> writer.messages(each).stream())
            .map(each -> each.topic() + " " + each.payload())
            .toList();
    assertThat(all)
        .anyMatch(m -> m.startsWith("homeassistant/device/") && m.contains("\"cmps\""))
        .anyMatch(m -> m.contains("\"~\":\"home/hall_light\"") && m.contains("\"cmd_t\":\"~/set\""))
        .anyMatch(m -> m.contains("\"command_topic\":\"home/kitchen_ceiling/set\""))
        .anyMatch(m -> m.contains("\"availability_mode\":\"all\""))
        .anyMatch(m -> m.contains("\"availability_topic\":\"home/garage_door/availability\""))
        .anyMatch(m -> m.contains("{% set values"));
  }

  /**
   * For each entity and command: the messages that the dialect makes of the command reach the
   * device, the device really gets there, and the dialect reads the device's reports as that state.
   */
  @TestFactory
  Stream<DynamicTest> actsOnEveryCommandAndReportsIt() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (Discovered entity : discovered().values()) {
      for (Command command : commands(entity)) {
        tests.add(
            dynamicTest(entity.description().id() + " " + command, () -> check(entity, command)));
      }
    }
    return tests.stream();
  }

  private static List<Command> commands(Discovered entity) {
    List<Command> out = new ArrayList<>();
    for (Capability each : entity.description().capabilities()) {
      switch (each) {
        case Capability.OnOff() -> {
          out.add(new Command.TurnOn());
          out.add(new Command.TurnOff());
        }
        case Capability.Brightness() -> {
          out.add(new Command.SetBrightness(1));
          out.add(new Command.SetBrightness(37));
          out.add(new Command.SetBrightness(100));
        }
        case Capability.ColorTemperature c -> out.add(new Command.SetColorTemperature(4000));
        case Capability.Color() -> out.add(new Command.SetColor(new Color(120, 90), "green"));
        case Capability.Position() -> out.add(new Command.SetPosition(30));
        case Capability.OpenCloseStop c -> {
          out.add(new Command.Open());
          out.add(new Command.Close());
        }
        case Capability.Setpoint s ->
            out.add(new Command.SetTemperature(Math.clamp(22, s.min(), s.max())));
        case Capability.Mode(List<String> modes) ->
            modes.forEach(mode -> out.add(new Command.SetMode(mode)));
        case Capability.FanSpeed f -> out.add(new Command.SetFanSpeed(60));
        case Capability.Lock l -> {
          out.add(new Command.Lock());
          out.add(new Command.Unlock());
        }
        case Capability.Choice(Attribute attribute, List<String> words) ->
            words.forEach(word -> out.add(new Command.Choose(attribute, word)));
        case Capability.Preset(List<String> presets) ->
            presets.forEach(preset -> out.add(new Command.SetPreset(preset)));
        case Capability.HumiditySetpoint h -> out.add(new Command.SetHumidity(55));
        case Capability.NumberInput n -> out.add(new Command.SetNumber(n.min() + n.step()));
        case Capability.TextInput t -> out.add(new Command.SetText("Dinner"));
        case Capability.Actions a ->
            a.actions().forEach(action -> out.add(new Command.Perform(action)));
        case Capability.Alarm a -> {
          a.modes().forEach(mode -> out.add(new Command.Arm(mode, new Code("1234"))));
          out.add(new Command.Disarm(new Code("1234")));
        }
        default -> {}
      }
    }
    return out;
  }

  private static void check(Discovered entity, Command command) throws Exception {
    Workbench bench = new Workbench();
    bench.introduce();
    String slug = entity.description().id().value().replaceAll(".*\\.", "");
    SimulatedDevice device = bench.device(slug);
    State before = read(bench, entity, State.UNKNOWN);
    Encoded encoded = entity.codec().encode(command, before);
    assertThat(encoded.messages()).isNotEmpty();
    for (Outgoing message : encoded.messages()) {
      assertThat(device.commandTopics()).contains(message.topic());
      bench.command(slug, message.topic(), message.payload());
    }
    bench.pass(Duration.ofSeconds(30));

    State reported = read(bench, entity, before);
    encoded
        .target()
        .forEach((attribute, wanted) -> {
          assertClose(attribute, reported.get(attribute), wanted);
          assertClose(attribute, device.actual().get(attribute), wanted);
        });
  }

  private static State read(Workbench bench, Discovered entity, State before) {
    State state = before;
    for (String topic : entity.codec().topics()) {
      String payload = bench.retained.get(topic);
      if (payload != null) {
        state =
            entity
                .codec()
                .parse(topic, payload.getBytes(StandardCharsets.UTF_8), state)
                .applyTo(state, java.time.Instant.EPOCH);
      }
    }
    return state;
  }

  private static void assertClose(
      Attribute attribute, @org.jspecify.annotations.Nullable Object seen, Object wanted) {
    switch (wanted) {
      case Integer i when attribute == Attribute.COLOR_TEMPERATURE ->
          assertThat((Integer) seen).as("%s", attribute).isBetween(i - 40, i + 40);
      case Integer i -> assertThat((Integer) seen).as("%s", attribute).isBetween(i - 1, i + 1);
      case Color color ->
          assertThat(color.matches((Color) java.util.Objects.requireNonNull(seen))).isTrue();
      default -> assertThat(seen).as("%s", attribute).isEqualTo(wanted);
    }
  }
}
