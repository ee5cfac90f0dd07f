package dev.hearth.agent.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Home;
import dev.hearth.devices.Names;
import dev.hearth.devices.Risk;
import dev.hearth.devices.registry.Claim;
import dev.hearth.devices.registry.EntityOverride;
import dev.hearth.devices.registry.InMemoryHomeStore;
import dev.hearth.devices.registry.LiveHomeRegistry;
import dev.hearth.devices.registry.StoredHome;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeFileTest {
  private static final String SMALL =
      """
      version: 1
      floors:
        ground:
          name: Ground floor
          level: 0
      areas:
        kitchen:
          name: Kitchen
          floor: ground
          aliases: [厨房]
          adjoining: [hall]
        hall:
          name: Hall
      entities:
        lock.front:
          exposed: true
          risk: guarded
          aliases: [the bolt, 大门]
      """;

  @Property(tries = 300)
  void whatIsExportedIsImportedAsTheSame(@ForAll("homes") StoredHome home) {
    Assume.that(Claim.in(home).isEmpty());
    String file = HomeFileWriter.write(home, Home.EMPTY);

    StoredHome onNothing = HomeFileReader.read(file, StoredHome.EMPTY).home();
    assertSame(onNothing, home);
    assertSame(HomeFileReader.read(file, home).home(), home);
    assertThat(HomeFileWriter.write(onNothing, Home.EMPTY)).isEqualTo(file);
  }

  private static void assertSame(StoredHome one, StoredHome other) {
    assertThat(new HashSet<>(one.floors())).isEqualTo(new HashSet<>(other.floors()));
    assertThat(new HashSet<>(one.areas())).isEqualTo(new HashSet<>(other.areas()));
    assertThat(one.entities()).isEqualTo(other.entities());
    assertThat(one.ignored()).isEqualTo(other.ignored());
  }

  @Provide
  Arbitrary<StoredHome> homes() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(12),
                Arbitraries.of(
                    "no",
                    "null",
                    "~",
                    "1",
                    "0x1F",
                    "a: b",
                    "# x",
                    "- y",
                    "'",
                    "\"",
                    "厨房",
                    "💡",
                    "y",
                    "[a]",
                    "&a",
                    "*a",
                    "!x",
                    "%",
                    "@",
                    "?",
                    "a\\b",
                    "true",
                    "2026-01-01",
                    "é"))
            .map(Names::clean)
            .filter(text -> !text.isEmpty());
    Arbitrary<List<String>> aliases = texts.list().ofMaxSize(4).uniqueElements();
    Arbitrary<List<Floor>> floors =
        Combinators.combine(texts, Arbitraries.integers().between(-3, 90), aliases)
            .as((name, level, others) -> new Floor(new FloorId("x"), name, level, others))
            .list()
            .ofMaxSize(3)
            .map(list ->
                IntStream.range(0, list.size())
                    .mapToObj(i -> {
                      Floor f = list.get(i);
                      return new Floor(new FloorId("f" + i), f.name(), f.level(), f.aliases());
                    })
                    .toList());
    Arbitrary<List<List<String>>> rooms = aliases.list().ofMaxSize(5);
    Arbitrary<EntityOverride> overrides =
        Combinators.combine(
                texts.injectNull(0.5),
                Arbitraries.of("a0", "a1").injectNull(0.5),
                aliases.injectNull(0.3),
                Arbitraries.of(true, false).injectNull(0.4),
                Arbitraries.of(Risk.values()).injectNull(0.4))
            .as((name, area, others, exposed, risk) ->
                new EntityOverride(
                    name, area == null ? null : new AreaId(area), others, exposed, risk));
    return Combinators.combine(
            floors,
            rooms,
            overrides.list().ofMaxSize(5),
            Arbitraries.integers().between(0, 1 << 10),
            Arbitraries.of(true, false))
        .as(HomeFileTest::home);
  }

  private static StoredHome home(
      List<Floor> floors,
      List<List<String>> rooms,
      List<EntityOverride> overrides,
      int adjoining,
      boolean ignores) {
    StoredHome home = StoredHome.EMPTY;
    for (Floor floor : floors) {
      home = home.with(floor);
    }
    for (int i = 0; i < rooms.size(); i++) {
      FloorId floor = floors.isEmpty() || i % 2 == 1 ? null : floors.getFirst().id();
      AreaId id = new AreaId("a" + i);
      List<AreaId> beside =
          i > 0 && (adjoining >> i) % 2 == 1 ? List.of(new AreaId("a" + (i - 1))) : List.of();
      home = home.with(new Area(id, "Room " + i, floor, rooms.get(i), beside));
    }
    Map<EntityId, EntityOverride> entities = new HashMap<>();
    for (int i = 0; i < overrides.size(); i++) {
      AreaId area = overrides.get(i).area();
      EntityOverride override =
          area == null || home.area(area).isPresent()
              ? overrides.get(i)
              : overrides.get(i).withArea(null);
      entities.put(new EntityId("light.l" + i), override);
    }
    return (ignores ? home.ignoring(Set.of(new AreaId("gone"))) : home).with(entities);
  }

  @Test
  void whatTheFileDoesNotNameStaysAndNullTakesADecisionBack() {
    StoredHome before = HomeFileReader.read(SMALL, StoredHome.EMPTY).home();

    StoredHome after =
        HomeFileReader.read(
                """
                version: 1
                areas:
                  kitchen:
                    name: Cookery
                entities:
                  lock.front: {risk: normal, aliases: null}
                  light.far: {exposed: false}
                """,
                before)
            .home();

    Area kitchen = after.area(new AreaId("kitchen")).orElseThrow();
    assertThat(kitchen.name()).isEqualTo("Cookery");
    assertThat(kitchen.floor()).isEqualTo(new FloorId("ground"));
    assertThat(kitchen.aliases()).containsExactly("厨房");
    assertThat(kitchen.adjoining()).containsExactly(new AreaId("hall"));
    assertThat(after.area(new AreaId("hall")).orElseThrow().adjoining())
        .containsExactly(kitchen.id());
    assertThat(after.of(new EntityId("lock.front")))
        .isEqualTo(new EntityOverride(null, null, null, true, Risk.NORMAL));
    assertThat(after.of(new EntityId("light.far")).exposed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "floor: ground      | floor: cellar       | line 9: areas.kitchen.floor: there is no floor 'cellar'; known are ground",
        "adjoining: [hall]  | adjoining: [attic]  | line 11: areas.kitchen.adjoining: there is no area 'attic'; known are kitchen, hall",
        "adjoining: [hall]  | adjoining: [kitchen]| is the area itself",
        "risk: guarded      | risk: deadly        | line 17: entities.lock.front.risk: 'deadly' is no risk; write normal or guarded",
        "exposed: true      | exposed: yes        | line 16: entities.lock.front.exposed: 'yes' is neither true nor false",
        "exposed: true      | colour: red         | line 16: entities.lock.front.colour: this key is unknown; known are name, area",
        "lock.front         | front               | line 15: entities.front: Entity id 'front' is not of the form",
        "  hall:            |   kitchen:          | line 12: areas has 'kitchen' twice, first on line 7",
        "name: Hall         | name: kitchen       | The name 'kitchen' is claimed by area kitchen and by area hall",
        "[the bolt, 大门]    | [厨房]               | The name '厨房' is claimed by area kitchen and by entity lock.front",
        "[the bolt, 大门]    | [a, a]              | line 18: entities.lock.front.aliases: 'a' is there twice",
        "[the bolt, 大门]    | bolt                | line 18: entities.lock.front.aliases: this must be a list",
        "name: Ground floor | name: 'a <b>'       | line 4: floors.ground.name: 'a <b>' cannot be a name",
        "level: 0           | level: up           | line 5: floors.ground.level: 'up' is no whole number",
        "version: 1         | version: 7          | line 1: version: '7' is no version that is known",
        "version: 1         | version: [          | no YAML that can be read",
        "[厨房]              | &x [厨房, *x]        | anchors and aliases",
      })
  void aFaultIsToldWithItsLineItsValueAndTheRemedyAndNothingIsChanged(
      String right, String wrong, String told) {
    InMemoryHomeStore store = new InMemoryHomeStore();
    try (LiveHomeRegistry registry = new LiveHomeRegistry(store, true, Clock.systemUTC())) {
      HomeFiles files = new HomeFiles(registry);
      byte[] file = SMALL.replace(right, wrong).getBytes(StandardCharsets.UTF_8);

      assertThatThrownBy(() -> files.importFile(file))
          .isInstanceOf(HomeFileException.class)
          .hasMessageContaining(told);
      assertThat(store.load()).isEqualTo(StoredHome.EMPTY);
    }
  }

  @Test
  void anAreaThatTooManyNameAsAdjoiningIsAFault() {
    StringBuilder file = new StringBuilder("version: 1\nareas:\n  hall: {name: Hall}\n");
    for (int i = 0; i <= StoredHome.MAX_ADJOINING; i++) {
      file.append("  r%d: {name: Room %d, adjoining: [hall]}\n".formatted(i, i));
    }

    assertFault(file.toString(), "line 3: area 'hall' adjoins 51 areas");
  }

  @Test
  void aFaultIsOneShortLineWhateverTheFileSays() {
    HomeFileException fault =
        catchThrowableOfType(
            HomeFileException.class,
            () ->
                HomeFileReader.read(
                    "version: \"1\\n\\e[31m" + "x".repeat(5_000) + "\"\n", StoredHome.EMPTY));

    assertThat(fault.getMessage())
        .startsWith("line 1: version: '1  [31mxxx")
        .hasSizeLessThan(420)
        .doesNotContain("\n");
  }

  @Test
  void allFaultsAreToldAtOnce() {
    HomeFileException fault =
        catchThrowableOfType(
            HomeFileException.class,
            () ->
                HomeFileReader.read(
                    SMALL.replace("floor: ground", "floor: x").replace("guarded", "y"),
                    StoredHome.EMPTY));

    assertThat(String.valueOf(fault.getMessage()).lines()).hasSize(2);
  }

  @Test
  void whatGrowsWhenItIsReadIsRefused() {
    StringBuilder laughs = new StringBuilder("version: 1\nfloors: &a0 {x: y}\n");
    for (int i = 1; i < 30; i++) {
      laughs.append("k%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "z"));
    }
    assertFault(laughs.toString(), null);
    assertFault("[".repeat(10_000), null);
    assertFault("a: ".repeat(10_000), null);
    assertFault("version: 1\n#" + "x".repeat(YamlEntry.MAX_LENGTH), "1048576");
    assertFault("", "empty");
    assertFault("version: 1\n---\nversion: 1\n", "another document");
    assertFault("!!javax.script.ScriptEngineManager [x]", "Global tag is not allowed");
  }

  private static void assertFault(String file, @Nullable String told) {
    assertThatThrownBy(() ->
            HomeFileReader.read(
                HomeFiles.decode(file.getBytes(StandardCharsets.UTF_8)), StoredHome.EMPTY))
        .isInstanceOf(HomeFileException.class)
        .hasMessageContaining(told == null ? "" : told);
  }
}
