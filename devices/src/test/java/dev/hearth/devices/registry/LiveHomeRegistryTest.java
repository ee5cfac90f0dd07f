package dev.hearth.devices.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Exposure;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Home;
import dev.hearth.devices.HomeEvent;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Risk;
import dev.hearth.devices.StateUpdate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveHomeRegistryTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final EntityId LAMP = new EntityId("light.lamp");

  private final InMemoryHomeStore store = new InMemoryHomeStore();
  private final LiveHomeRegistry registry =
      new LiveHomeRegistry(store, true, Clock.fixed(NOON, ZoneOffset.UTC));

  @AfterEach
  void stop() {
    registry.close();
  }

  private static EntityDescription lamp(@Nullable String area, String... keys) {
    return describe(LAMP, "Lamp", area, keys);
  }

  private static EntityDescription describe(
      EntityId id, String name, @Nullable String area, String... keys) {
    return new EntityDescription(
        id,
        name,
        List.of(),
        Kind.LIGHT,
        null,
        new DeviceDescription(Set.of(keys), name, null, null, area),
        List.of(new Capability.OnOff()),
        true,
        Availability.UNKNOWN);
  }

  private static StateUpdate on(boolean on) {
    return new StateUpdate(Map.of(Attribute.ON, on), Set.of(), null);
  }

  @Test
  void keepsSnapshotsAsTheyWere() {
    registry.announce(lamp(null, "id:1"));
    Home before = registry.home();
    registry.report(LAMP, on(true));

    assertThat(before.entity(LAMP).orElseThrow().state().on()).isEmpty();
    Entity after = registry.home().entity(LAMP).orElseThrow();
    assertThat(after.state().on()).contains(true);
    assertThat(after.state().updated()).isEqualTo(NOON);
    assertThat(registry.home()).isSameAs(registry.home());
  }

  @Test
  void makesTheSuggestedAreaOrFindsItByNameOrAlias() {
    registry.putFloor(new Floor(new FloorId("ground"), "Ground floor", 0, List.of("downstairs")));
    registry.putArea(
        new Area(new AreaId("cookery"), "Kitchen", new FloorId("ground"), List.of("厨房")));
    assertThat(registry.announce(lamp("kitchen", "id:1")).area()).isEqualTo(new AreaId("cookery"));
    EntityDescription chinese = describe(new EntityId("light.b"), "B", "厨房", "id:2");
    assertThat(registry.announce(chinese).area()).isEqualTo(new AreaId("cookery"));
    EntityDescription attic = describe(new EntityId("light.c"), "C", "Attic room", "id:3");
    assertThat(registry.announce(attic).area()).isEqualTo(new AreaId("attic_room"));

    assertThat(store.load().areas())
        .extracting(Area::name)
        .containsExactly("Kitchen", "Attic room");
    assertThat(registry.home().entitiesOn(new FloorId("ground"))).hasSize(2);
  }

  @Test
  void mergesDevicesThatShareAKey() {
    registry.announce(lamp("Hall", "id:1", "mac:aa"));
    EntityDescription second =
        new EntityDescription(
            new EntityId("light.other"),
            "Other",
            List.of(),
            Kind.LIGHT,
            null,
            new DeviceDescription(Set.of("mac:aa"), null, "Maker", null, null),
            List.of(),
            true,
            Availability.ONLINE);
    Entity other = registry.announce(second);

    assertThat(registry.home().devices()).hasSize(1);
    assertThat(registry.home().devices().iterator().next().name()).isEqualTo("Lamp");
    assertThat(other.area()).isEqualTo(new AreaId("hall"));
    registry.remove(LAMP);
    assertThat(registry.home().devices()).hasSize(1);
    registry.remove(other.id());
    assertThat(registry.home().devices()).isEmpty();
  }

  @Test
  void keepsDecisionsThroughRediscoveryAndRestart() {
    registry.putArea(new Area(new AreaId("den"), "Den", null, List.of()));
    registry.announce(lamp("Hall", "id:1"));
    registry.update(LAMP, e -> e.withArea(new AreaId("den")));
    registry.update(LAMP, e -> e.withAliases(List.of("Reading\u0000 lamp", " ", "灯")));
    registry.update(LAMP, e -> e.withExposed(false));
    registry.remove(LAMP);
    registry.announce(lamp("Hall", "id:1"));

    try (LiveHomeRegistry restarted = new LiveHomeRegistry(store, true, Clock.systemUTC())) {
      Entity again = restarted.announce(lamp("Hall", "id:1"));
      for (Entity lamp : List.of(again, registry.home().entity(LAMP).orElseThrow())) {
        assertThat(lamp.area()).isEqualTo(new AreaId("den"));
        assertThat(lamp.aliases()).containsExactly("Reading lamp", "灯");
        assertThat(lamp.exposed()).isFalse();
      }
    }
  }

  @Test
  void refusesDecisionsAboutWhatDoesNotExist() {
    assertThatThrownBy(() -> registry.update(LAMP, e -> e.withExposed(true)))
        .isInstanceOf(UnknownEntityException.class)
        .hasMessageContaining("light.lamp");
    registry.announce(lamp(null, "id:1"));
    assertThatThrownBy(() -> registry.update(LAMP, e -> e.withArea(new AreaId("moon"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no area 'moon'");
    assertThatThrownBy(
            () -> registry.putArea(new Area(new AreaId("x"), "X", new FloorId("y"), List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no floor 'y'");
    assertThatThrownBy(() -> registry.putArea(new Area(new AreaId("x"), "\n", null, List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsChangesInOrderAndSurvivesABadListener() {
    List<HomeEvent> events = new CopyOnWriteArrayList<>();
    registry.subscribe(event -> {
      throw new IllegalStateException("a bad listener");
    });
    registry.subscribe(events::add);
    registry.announce(lamp("Hall", "id:1"));
    registry.report(LAMP, on(true));
    registry.report(LAMP, on(true));
    registry.report(LAMP, new StateUpdate(Map.of(), Set.of(), Availability.OFFLINE));
    registry.update(LAMP, e -> e.withExposed(false));
    registry.announce(lamp("Hall", "id:1"));
    registry.remove(LAMP);

    await().until(() -> events.size() >= 6);
    assertThat(events)
        .extracting(e -> (Object) e.getClass())
        .containsExactly(
            HomeEvent.AreasChanged.class,
            HomeEvent.EntityAdded.class,
            HomeEvent.StateChanged.class,
            HomeEvent.AvailabilityChanged.class,
            HomeEvent.EntityChanged.class,
            HomeEvent.EntityRemoved.class);
  }

  @Test
  void doesNotMakeAreasWithoutEnd() {
    for (int i = 0; i < 500; i++) {
      registry.announce(describe(new EntityId("light.l" + i), "L" + i, "Area " + i, "id:" + i));
    }
    assertThat(registry.home().areas()).hasSize(200);
    assertThat(registry.home().entities()).hasSize(500);
  }

  private Exposure exposure(Kind kind, @Nullable String deviceClass, String name, boolean visible) {
    EntityId id = new EntityId(kind.component() + ".x");
    Entity entity =
        registry.announce(
            new EntityDescription(
                id,
                name,
                List.of(),
                kind,
                deviceClass,
                new DeviceDescription(Set.of("id:x"), null, null, null, null),
                List.of(),
                visible,
                Availability.UNKNOWN));
    registry.remove(id);
    return entity.exposure();
  }

  @Test
  void hidesWhatIsRiskyUntilAnOperatorAllowsIt() {
    for (Kind kind :
        List.of(
            Kind.LOCK,
            Kind.VALVE,
            Kind.SIREN,
            Kind.ALARM_CONTROL_PANEL,
            Kind.WATER_HEATER,
            Kind.LAWN_MOWER)) {
      assertThat(exposure(kind, null, "X", true)).as(kind.toString()).isEqualTo(Exposure.RISKY);
    }
    assertThat(exposure(Kind.COVER, "garage", "X", true)).isEqualTo(Exposure.RISKY);
    assertThat(exposure(Kind.COVER, "blind", "X", true)).isEqualTo(Exposure.OPEN);
    for (String name :
        List.of(
            "Bathroom space heater",
            "Kitchen waterheater",
            "wifi_router",
            "Door opener",
            "热水器",
            "光猫插座",
            "Garage door relay")) {
      assertThat(exposure(Kind.SWITCH, null, name, true)).as(name).isEqualTo(Exposure.RISKY);
      assertThat(exposure(Kind.LIGHT, null, name, true)).as(name).isEqualTo(Exposure.OPEN);
    }
    for (String name :
        List.of("Kettle", "Garage light", "Gate light", "Locker lamp", "Routine", "插座")) {
      assertThat(exposure(Kind.SWITCH, null, name, true)).as(name).isEqualTo(Exposure.OPEN);
    }
    assertThat(exposure(Kind.BUTTON, "restart", "Hub", true)).isEqualTo(Exposure.RISKY);
    assertThat(exposure(Kind.BUTTON, null, "Factory reset", true)).isEqualTo(Exposure.RISKY);
    assertThat(exposure(Kind.BUTTON, null, "Doorbell", true)).isEqualTo(Exposure.UNDECIDED);
    assertThat(exposure(Kind.NUMBER, null, "Level", true)).isEqualTo(Exposure.UNDECIDED);
    assertThat(exposure(Kind.LOCK, null, "Child lock", false)).isEqualTo(Exposure.DIAGNOSTIC);
    assertThat(exposure(Kind.EVENT, null, "Key", true)).isEqualTo(Exposure.DIAGNOSTIC);
  }

  @Test
  void raisedOrLoweredRiskIsADecisionApartFromExposure() {
    registry.announce(lamp(null, "id:1"));
    Entity raised = registry.update(LAMP, e -> e.withRisk(Risk.GUARDED));
    assertThat(raised.risk()).isEqualTo(Risk.GUARDED);
    assertThat(raised.exposure()).isEqualTo(Exposure.OPEN);
    assertThat(raised.safety()).as("it is still a lamp").isFalse();
    assertThat(registry.update(LAMP, e -> e.withRisk(null)).risk()).isEqualTo(Risk.NORMAL);
  }

  @Test
  void aDeviceMovesWithTheAreaThatTakesItsName() {
    registry.announce(lamp("Living room", "id:1"));
    registry.decide(h -> h.without(new AreaId("living_room")));
    assertThat(registry.home().entity(LAMP).orElseThrow().area()).isNull();
    assertThat(registry.announce(lamp("Living room", "id:1")).area()).isNull();

    registry.putArea(new Area(new AreaId("lounge"), "Lounge", null, List.of("living room")));

    assertThat(registry.home().entity(LAMP).orElseThrow().area()).isEqualTo(new AreaId("lounge"));
    registry.putArea(new Area(new AreaId("living_room"), "Salon", null, List.of()));
    assertThat(registry.decisions().ignored()).isEmpty();
  }

  @Test
  void refusesNamesThatAreClaimedTwiceButNotThoseOfBefore() {
    registry.putArea(new Area(new AreaId("a"), "A", null, List.of("one")));
    registry.announce(lamp(null, "id:1"));
    assertThatThrownBy(() -> registry.putArea(new Area(new AreaId("b"), "B", null, List.of("ONE"))))
        .hasMessageContaining("'one' is claimed by area a and by area b");
    assertThatThrownBy(() -> registry.update(LAMP, e -> e.withAliases(List.of("One"))))
        .hasMessageContaining("'one' is claimed by area a and by entity light.lamp");
    registry.putFloor(new Floor(new FloorId("f"), "A", 0, List.of()));
    assertThat(registry.home().areas()).hasSize(1);
  }

  @Test
  void anOldClashOfNamesMayBeMendedStepByStep() {
    InMemoryHomeStore store = new InMemoryHomeStore();
    store.save(
        StoredHome.EMPTY,
        StoredHome.EMPTY
            .with(new Area(new AreaId("a"), "One", null, List.of()))
            .with(new Area(new AreaId("b"), "One", null, List.of()))
            .with(new Area(new AreaId("c"), "One", null, List.of()))
            .with(Map.of(LAMP, EntityOverride.NONE.withAliases(List.of("one")))));
    try (LiveHomeRegistry old = new LiveHomeRegistry(store, true, Clock.systemUTC())) {
      old.decide(home -> home.without(new AreaId("c")));
      old.decide(home -> home.without(new AreaId("b")));
      assertThat(old.home().areas()).hasSize(1);
      assertThatThrownBy(() -> old.putArea(new Area(new AreaId("d"), "One", null, List.of())))
          .hasMessageContaining("'one' is claimed by area a and by area d");
    }
  }

  @Test
  void aChangeThatTheStoreRefusesDoesNotHold() {
    HomeStore full =
        new HomeStore() {
          @Override
          public StoredHome load() {
            return StoredHome.EMPTY;
          }

          @Override
          public void save(StoredHome before, StoredHome after) {
            throw new IllegalStateException("the disk is full");
          }
        };
    try (LiveHomeRegistry unlucky = new LiveHomeRegistry(full, true, Clock.systemUTC())) {
      assertThatThrownBy(() -> unlucky.putArea(new Area(new AreaId("a"), "A", null, List.of())))
          .hasMessage("the disk is full");
      assertThat(unlucky.home().areas()).isEmpty();
      assertThat(unlucky.decisions()).isEqualTo(StoredHome.EMPTY);
    }
  }
}
