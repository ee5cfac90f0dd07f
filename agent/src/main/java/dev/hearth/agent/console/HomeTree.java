package dev.hearth.agent.console;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Home;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The home as the console lays it out: floors, their areas, the entities in them. Things without a
 * place come last.
 *
 * @param floors lowest first
 * @param count how many entities there are
 */
record HomeTree(List<FloorPart> floors, int count) {
  /** A floor and its areas. */
  record FloorPart(String name, List<AreaPart> areas) {}

  /** An area and what is in it. */
  record AreaPart(String name, List<EntityLine> entities) {}

  static HomeTree of(Home home) {
    Map<@Nullable FloorId, List<AreaPart>> byFloor = new LinkedHashMap<>();
    home.floors().forEach(floor -> byFloor.put(floor.id(), new ArrayList<>()));
    byFloor.put(null, new ArrayList<>());
    for (Area area : home.areas().stream().sorted(Comparator.comparing(Area::name)).toList()) {
      List<EntityLine> lines = lines(home.entitiesIn(area.id()));
      FloorId floor =
          area.floor() != null && byFloor.containsKey(area.floor()) ? area.floor() : null;
      List<AreaPart> parts = byFloor.get(floor);
      if (parts != null && !lines.isEmpty()) {
        parts.add(new AreaPart(area.name(), lines));
      }
    }
    List<EntityLine> placeless =
        lines(home.entities().stream().filter(e -> unknown(home, e.area())).toList());
    List<FloorPart> floors = new ArrayList<>();
    for (Floor floor : home.floors()) {
      List<AreaPart> parts = byFloor.getOrDefault(floor.id(), List.of());
      if (!parts.isEmpty()) {
        floors.add(new FloorPart(floor.name(), parts));
      }
    }
    List<AreaPart> elsewhere = new ArrayList<>(byFloor.getOrDefault(null, List.of()));
    if (!placeless.isEmpty()) {
      elsewhere.add(new AreaPart("Not in an area", placeless));
    }
    if (!elsewhere.isEmpty()) {
      floors.add(new FloorPart("Elsewhere", elsewhere));
    }
    return new HomeTree(floors, home.entities().size());
  }

  private static boolean unknown(Home home, @Nullable AreaId area) {
    return area == null || home.area(area).isEmpty();
  }

  private static List<EntityLine> lines(List<Entity> entities) {
    return entities.stream()
        .sorted(Comparator.comparing(Entity::kind).thenComparing(Entity::name))
        .map(EntityLine::of)
        .toList();
  }
}
