package dev.hearth.devices.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.devices.Area;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Kind;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.gateway.GatewayOptions;
import dev.hearth.devices.mqtt.Mosquitto;
import dev.hearth.devices.registry.InMemoryHomeStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Homes of any size, as plans and on a real broker. */
class GeneratedHomeTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static Set<Object> wordsOf(Stream<Blueprint> devices) {
    return devices
        .flatMap(device -> device.points().stream())
        .map(point -> point instanceof NativePoint ? point.getClass() : point.kind())
        .collect(Collectors.toSet());
  }

  @Test
  void hasAsManyEntitiesAsAskedForEachWithAnIdAndEachDeviceWithANameOfItsOwn() {
    for (int entities : List.of(1, 2, 3, 99, 100, 20_000)) {
      List<Blueprint> devices = new GeneratedHome(entities).devices();
      List<String> ids =
          devices.stream()
              .flatMap(each -> each.points().stream())
              .map(point -> point.label().id())
              .toList();
      assertThat(ids).hasSize(entities).doesNotHaveDuplicates();
      assertThat(devices.stream().map(Blueprint::name)).doesNotHaveDuplicates();
    }
  }

  @Test
  void hasEveryKindAndConventionOfTheSimulationWithin100Entities() {
    Set<Object> known =
        wordsOf(
            Stream.of(StandardHome.devices(), Gadgets.devices(), Natives.devices())
                .flatMap(List::stream));
    assertThat(wordsOf(new GeneratedHome(100).devices().stream())).isEqualTo(known);
  }

  @Test
  void spreadsThemOverRoomsAndFloorsThatDifferInName() {
    HomeLayout layout = SimulatedHome.layout(20_000);
    assertThat(layout.floors()).hasSize(8);
    assertThat(layout.areas()).hasSize(160);
    assertThat(layout.areas().stream().map(Area::name))
        .doesNotHaveDuplicates()
        .startsWith("Kitchen", "Living room")
        .contains("First floor kitchen");
    Set<FloorId> floors = new HashSet<>();
    layout.areas().forEach(area -> floors.add(area.floor()));
    assertThat(floors).hasSize(8);
    assertThat(layout.entities().stream().map(HomeLayout.Place::area).distinct()).hasSize(160);
    assertThat(SimulatedHome.layout(5).areas()).hasSize(1);
  }

  @Test
  void refusesSizesThatItCannotHave() {
    SimulationOptions options = SimulationOptions.defaults();
    assertThatThrownBy(() -> options.withEntities(20_001)).hasMessageContaining("20001");
    assertThatThrownBy(() -> options.withEntities(-1)).hasMessageContaining("-1");
    assertThat(SimulationMain.size("20000")).isEqualTo(20_000);
    for (String wrong : List.of("0", "20001", "many", "99999999999")) {
      assertThatThrownBy(() -> SimulationMain.size(wrong)).hasMessageContaining(wrong);
    }
  }

  @Test
  void isFoundWholeObeysAndSaysGoodbye() throws Exception {
    SimulationOptions options =
        SimulationOptions.defaults().withReaction(Duration.ofMillis(10)).withEntities(100);
    try (Mosquitto broker = Mosquitto.start();
        DeviceGateway gateway =
            DeviceGateway.start(
                broker.options(),
                GatewayOptions.DEFAULTS.withDeadlines(Deadlines.all(Duration.ofSeconds(30))),
                new InMemoryHomeStore())) {
      try (SimulatedHome home = SimulatedHome.start(broker.options(), options)) {
        assertThat(home.awaitAnnounced(SOON)).isTrue();
        awaitAll(gateway, Availability.ONLINE);
        assertThat(gateway.discoveryFaults()).isEmpty();
        EntityId lamp =
            gateway.registry().home().entities().stream()
                .filter(each -> each.kind() == Kind.LIGHT && !each.state().on().orElse(true))
                .findFirst()
                .orElseThrow()
                .id();
        assertThat(
                gateway
                    .executor()
                    .execute(lamp, new Command.TurnOn())
                    .get(SOON.toSeconds(), TimeUnit.SECONDS)
                    .evidence())
            .isEqualTo(Evidence.STATE_CONFIRMED);
      }
      awaitAll(gateway, Availability.OFFLINE);
    }
  }

  /** Some devices of other conventions are more than one entity. */
  private static void awaitAll(DeviceGateway gateway, Availability wanted) {
    Awaitility.await("100 entities and more " + wanted)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          var all = gateway.registry().home().entities();
          return all.size() >= 100 && all.stream().allMatch(each -> each.availability() == wanted);
        });
  }
}
