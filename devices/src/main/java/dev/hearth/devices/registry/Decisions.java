package dev.hearth.devices.registry;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Names;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Floors, areas and what people decided about entities, in step with the store. A change is clean
 * and consistent and stored before it holds, or nothing is changed. Not thread-safe.
 */
final class Decisions {
  private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

  /** Devices may suggest areas, and anybody may pretend to be a device. */
  private static final int MAX_AREAS = 200;

  private final HomeStore store;
  private StoredHome home;

  Decisions(HomeStore store) {
    this.store = store;
    this.home = store.load();
  }

  StoredHome home() {
    return home;
  }

  /**
   * Changes what was decided.
   *
   * @throws IllegalArgumentException when the outcome is not consistent; says what and why
   */
  void change(UnaryOperator<StoredHome> change) {
    StoredHome after = clean(home, change.apply(home));
    List<Claim> claimed = Claim.added(home, after);
    if (!claimed.isEmpty()) {
      throw new IllegalArgumentException(claimed.getFirst().fault());
    }
    become(after);
  }

  private void become(StoredHome after) {
    store.save(home, after);
    home = after;
  }

  private static StoredHome clean(StoredHome before, StoredHome after) {
    List<Floor> floors =
        after.floors().stream()
            .map(floor -> before.floors().contains(floor) ? floor : clean(floor))
            .toList();
    Set<FloorId> floorIds = floors.stream().map(Floor::id).collect(Collectors.toSet());
    Set<AreaId> areaIds = after.areas().stream().map(Area::id).collect(Collectors.toSet());
    List<Area> areas =
        after.areas().stream()
            .map(area -> before.areas().contains(area) ? area : clean(area, floorIds, areaIds))
            .toList();
    Map<EntityId, EntityOverride> entities = new HashMap<>();
    after
        .entities()
        .forEach((id, override) ->
            entities.put(
                id, override.equals(before.of(id)) ? override : clean(id, override, areaIds)));
    return new StoredHome(floors, areas, entities, after.ignored());
  }

  private static Floor clean(Floor floor) {
    String what = "floor '" + floor.id() + "'";
    return new Floor(
        floor.id(), name(what, floor.name()), floor.level(), aliases(what, floor.aliases()));
  }

  private static Area clean(Area area, Set<FloorId> floors, Set<AreaId> areas) {
    String what = "area '" + area.id() + "'";
    FloorId floor = area.floor();
    if (floor != null && !floors.contains(floor)) {
      throw new IllegalArgumentException(
          "There is no floor '" + floor + "'; put it first, or choose one of " + floors);
    }
    for (AreaId beside : area.adjoining()) {
      if (!areas.contains(beside) || beside.equals(area.id())) {
        throw new IllegalArgumentException(
            "The "
                + what
                + " cannot adjoin '"
                + beside
                + (beside.equals(area.id()) ? "', which is itself" : "': there is no such area"));
      }
    }
    if (area.adjoining().size() > StoredHome.MAX_ADJOINING) {
      throw new IllegalArgumentException(
          "The " + what + " adjoins more than " + StoredHome.MAX_ADJOINING + " areas; name fewer");
    }
    return new Area(
        area.id(), name(what, area.name()), floor, aliases(what, area.aliases()), area.adjoining());
  }

  private static EntityOverride clean(EntityId id, EntityOverride override, Set<AreaId> areas) {
    String what = "entity '" + id + "'";
    AreaId area = override.area();
    if (area != null && !areas.contains(area)) {
      throw new IllegalArgumentException(
          "There is no area '" + area + "'; put it first, or choose one of " + areas);
    }
    String name = override.name();
    List<String> aliases = override.aliases();
    return override
        .withName(name == null ? null : name(what, name))
        .withAliases(aliases == null ? null : aliases(what, aliases));
  }

  private static String name(String what, String raw) {
    String name = Names.clean(raw);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("The " + what + " needs a name that can be read");
    }
    return name;
  }

  private static List<String> aliases(String what, List<String> raw) {
    List<String> aliases =
        raw.stream().map(Names::clean).filter(a -> !a.isEmpty()).distinct().toList();
    if (aliases.size() > StoredHome.MAX_ALIASES) {
      throw new IllegalArgumentException(
          "The %s has %d aliases; at most %d are allowed"
              .formatted(what, aliases.size(), StoredHome.MAX_ALIASES));
    }
    return aliases;
  }

  /** The area that goes by a name, before all by its own, else by an alias. */
  @Nullable AreaId named(String name) {
    for (Function<Area, Stream<String>> names :
        List.<Function<Area, Stream<String>>>of(
            area -> Stream.of(area.name()), area -> area.aliases().stream())) {
      for (Area area : home.areas()) {
        if (names.apply(area).anyMatch(name::equalsIgnoreCase)) {
          return area.id();
        }
      }
    }
    return home.area(AreaId.of(name)).map(Area::id).orElse(null);
  }

  /**
   * Makes the area that a device suggests, if there is none of that name, nobody deleted it, and
   * there are not too many.
   *
   * @return whether it was made
   */
  boolean suggest(String name) {
    AreaId id = AreaId.of(name);
    if (named(name) != null || home.ignored().contains(id)) {
      return false;
    }
    if (home.areas().size() >= MAX_AREAS) {
      LOG.warn("Area '{}' is not made: there are {} already", name, home.areas().size());
      return false;
    }
    // Whatever else is called so: what a device says of its place is not refused.
    become(clean(home, home.with(new Area(id, name, null, List.of()))));
    return true;
  }
}
