package dev.hearth.agent.console;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Device;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Home;
import dev.hearth.devices.registry.EntityOverride;
import dev.hearth.devices.registry.StoredHome;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The home as the set-up page shows it. All of it is text from devices and people.
 *
 * @param floors lowest first
 * @param areas by name
 * @param entities by name, hidden ones too
 * @param waiting ids of entities about which something is decided and that are not here
 */
record SetUp(
    List<FloorLine> floors, List<AreaLine> areas, List<Line> entities, List<String> waiting) {
  /** A floor. */
  record FloorLine(String id, String name, int level, List<String> aliases) {}

  /** An area. */
  record AreaLine(
      String id,
      String name,
      @Nullable String floor,
      List<String> aliases,
      List<String> adjoining,
      int count) {}

  /** What is decided about an entity; null where nothing is. */
  record Decided(
      @Nullable String name,
      @Nullable String area,
      @Nullable List<String> aliases,
      @Nullable Boolean exposed,
      @Nullable String risk) {
    static Decided of(EntityOverride override) {
      return new Decided(
          override.name(),
          override.area() == null ? null : override.area().value(),
          override.aliases(),
          override.exposed(),
          override.risk() == null ? null : override.risk().word());
    }
  }

  /** An entity. */
  record Line(
      String id,
      String name,
      String kind,
      String device,
      @Nullable String area,
      List<String> aliases,
      boolean exposed,
      String exposure,
      String risk,
      Decided decided) {}

  static SetUp of(Home home, StoredHome decisions) {
    return new SetUp(
        home.floors().stream()
            .map(f -> new FloorLine(f.id().value(), f.name(), f.level(), f.aliases()))
            .toList(),
        home.areas().stream()
            .sorted(Comparator.comparing(Area::name))
            .map(area -> line(area, home))
            .toList(),
        home.entities().stream()
            .sorted(Comparator.comparing(Entity::name).thenComparing(e -> e.id().value()))
            .map(entity -> line(entity, home, decisions.of(entity.id())))
            .toList(),
        decisions.entities().keySet().stream()
            .filter(id -> home.entity(id).isEmpty())
            .map(EntityId::value)
            .sorted()
            .toList());
  }

  private static AreaLine line(Area area, Home home) {
    FloorId floor = area.floor();
    return new AreaLine(
        area.id().value(),
        area.name(),
        floor == null ? null : floor.value(),
        area.aliases(),
        area.adjoining().stream().map(AreaId::value).toList(),
        home.entitiesIn(area.id()).size());
  }

  private static Line line(Entity entity, Home home, EntityOverride override) {
    return new Line(
        entity.id().value(),
        entity.name(),
        entity.kind().component().replace('_', ' '),
        home.device(entity.device()).map(Device::name).orElse(""),
        entity.area() == null ? null : entity.area().value(),
        entity.aliases(),
        entity.exposed(),
        entity.exposure().word(),
        entity.risk().word(),
        Decided.of(override));
  }
}
