package dev.hearth.devices.registry;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Floors, areas and what people decided about entities, in step with the store. Not thread-safe.
 */
final class Decisions {
  private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

  /** Devices may suggest areas, and anybody may pretend to be a device. */
  private static final int MAX_AREAS = 200;

  private final HomeStore store;
  private final Map<FloorId, Floor> floors = new LinkedHashMap<>();
  private final Map<AreaId, Area> areas = new LinkedHashMap<>();
  private final Map<EntityId, EntityOverride> overrides = new LinkedHashMap<>();

  Decisions(HomeStore store) {
    this.store = store;
    StoredHome stored = store.load();
    stored.floors().forEach(floor -> floors.put(floor.id(), floor));
    stored.areas().forEach(area -> areas.put(area.id(), area));
    overrides.putAll(stored.entities());
  }

  Map<FloorId, Floor> floors() {
    return floors;
  }

  Map<AreaId, Area> areas() {
    return areas;
  }

  EntityOverride of(EntityId id) {
    return overrides.getOrDefault(id, EntityOverride.NONE);
  }

  void patch(EntityId id, EntityPatch patch) {
    AreaId area = patch.area();
    if (area != null && !areas.containsKey(area)) {
      throw new IllegalArgumentException(
          "There is no area '" + area + "'; put it first, or choose one of " + areas.keySet());
    }
    List<String> aliases = patch.aliases();
    EntityPatch clean =
        new EntityPatch(area, aliases == null ? null : clean(aliases), patch.exposed());
    EntityOverride after = of(id).patched(clean);
    store.saveEntity(id, after);
    overrides.put(id, after);
  }

  Area put(Area area) {
    FloorId floor = area.floor();
    if (floor != null && !floors.containsKey(floor)) {
      throw new IllegalArgumentException(
          "There is no floor '" + floor + "'; put it first, or choose one of " + floors.keySet());
    }
    Area clean = new Area(area.id(), name("area", area.name()), floor, clean(area.aliases()));
    store.saveArea(clean);
    areas.put(clean.id(), clean);
    return clean;
  }

  Floor put(Floor floor) {
    Floor clean =
        new Floor(floor.id(), name("floor", floor.name()), floor.level(), clean(floor.aliases()));
    store.saveFloor(clean);
    floors.put(clean.id(), clean);
    return clean;
  }

  private static String name(String what, String raw) {
    String name = Names.clean(raw);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("The " + what + " needs a name that can be read");
    }
    return name;
  }

  private static List<String> clean(List<String> aliases) {
    return aliases.stream().map(Names::clean).filter(a -> !a.isEmpty()).distinct().toList();
  }

  /** The area that goes by a name, made when there is none; null when there are too many. */
  @Nullable AreaId suggested(String name) {
    for (Function<Area, Stream<String>> names :
        List.<Function<Area, Stream<String>>>of(
            area -> Stream.of(area.name()), area -> area.aliases().stream())) {
      for (Area area : areas.values()) {
        if (names.apply(area).anyMatch(name::equalsIgnoreCase)) {
          return area.id();
        }
      }
    }
    AreaId id = AreaId.of(name);
    if (areas.containsKey(id)) {
      return id;
    }
    if (areas.size() >= MAX_AREAS) {
      LOG.warn("Area '{}' is not made: there are {} already", name, areas.size());
      return null;
    }
    return put(new Area(id, name, null, List.of())).id();
  }
}
