package dev.hearth.devices.registry;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What people decided about the home, which is what a {@link HomeStore} holds. Immutable; the
 * methods make changed copies and keep floors, areas and entities consistent with each other.
 *
 * @param floors all floors
 * @param areas all areas
 * @param entities decisions by entity, whether it is there at present or not
 * @param ignored areas that somebody deleted: a device that suggests one is in no area
 */
public record StoredHome(
    List<Floor> floors,
    List<Area> areas,
    Map<EntityId, EntityOverride> entities,
    Set<AreaId> ignored) {
  /** How many aliases a floor, area or entity may have. */
  public static final int MAX_ALIASES = 20;

  /** How many areas an area may adjoin. */
  public static final int MAX_ADJOINING = 50;

  /** Nothing stored yet. */
  public static final StoredHome EMPTY = new StoredHome(List.of(), List.of(), Map.of(), Set.of());

  /** Copies the collections. */
  public StoredHome {
    floors = List.copyOf(floors);
    areas = List.copyOf(areas);
    entities = Map.copyOf(entities);
    ignored = Set.copyOf(ignored);
  }

  /**
   * A floor.
   *
   * @param id its id
   * @return empty when there is none
   */
  public Optional<Floor> floor(FloorId id) {
    return floors.stream().filter(floor -> floor.id().equals(id)).findFirst();
  }

  /**
   * An area.
   *
   * @param id its id
   * @return empty when there is none
   */
  public Optional<Area> area(AreaId id) {
    return areas.stream().filter(area -> area.id().equals(id)).findFirst();
  }

  /**
   * What was decided about an entity.
   *
   * @param id the entity
   * @return nothing decided when nobody did
   */
  public EntityOverride of(EntityId id) {
    return entities.getOrDefault(id, EntityOverride.NONE);
  }

  /**
   * With a floor added or replaced.
   *
   * @param floor the floor
   * @return the copy
   */
  public StoredHome with(Floor floor) {
    List<Floor> after = new ArrayList<>(floors);
    after.replaceAll(each -> each.id().equals(floor.id()) ? floor : each);
    if (floor(floor.id()).isEmpty()) {
      after.add(floor);
    }
    return new StoredHome(after, areas, entities, ignored);
  }

  /**
   * Without a floor. Its areas stay, on no floor.
   *
   * @param id the floor
   * @return the copy
   */
  public StoredHome without(FloorId id) {
    return new StoredHome(
        floors.stream().filter(floor -> !floor.id().equals(id)).toList(),
        areas.stream().map(area -> id.equals(area.floor()) ? area.withFloor(null) : area).toList(),
        entities,
        ignored);
  }

  /**
   * With an area added or replaced. Those that it adjoins adjoin it too, and no others do.
   *
   * @param area the area
   * @return the copy
   */
  public StoredHome with(Area area) {
    List<Area> after = new ArrayList<>();
    for (Area each : areas) {
      if (!each.id().equals(area.id())) {
        Set<AreaId> beside = new LinkedHashSet<>(each.adjoining());
        if (area.adjoining().contains(each.id())) {
          beside.add(area.id());
        } else {
          beside.remove(area.id());
        }
        after.add(each.withAdjoining(beside));
      } else {
        after.add(area);
      }
    }
    if (area(area.id()).isEmpty()) {
      after.add(area);
    }
    Set<AreaId> gone = new HashSet<>(ignored);
    gone.remove(area.id());
    return new StoredHome(floors, after, entities, gone);
  }

  /**
   * Without an area. It adjoins nothing any more, entities that somebody put there are where their
   * device says, and devices that suggest it are in no area, for good.
   *
   * @param id the area
   * @return the copy
   */
  public StoredHome without(AreaId id) {
    if (area(id).isEmpty()) {
      return this;
    }
    Map<EntityId, EntityOverride> moved = new HashMap<>();
    entities.forEach((entity, override) -> {
      if (id.equals(override.area())) {
        moved.put(entity, override.withArea(null));
      }
    });
    Set<AreaId> gone = new HashSet<>(ignored);
    gone.add(id);
    List<Area> left =
        areas.stream()
            .filter(area -> !area.id().equals(id))
            .map(area ->
                area.withAdjoining(
                    area.adjoining().stream().filter(other -> !other.equals(id)).toList()))
            .toList();
    return new StoredHome(floors, left, entities, gone).with(moved);
  }

  /**
   * With decisions about entities added or replaced.
   *
   * @param changed all decisions about each; {@link EntityOverride#NONE} forgets them
   * @return the copy
   */
  public StoredHome with(Map<EntityId, EntityOverride> changed) {
    Map<EntityId, EntityOverride> after = new HashMap<>(entities);
    after.putAll(changed);
    after.values().removeIf(EntityOverride.NONE::equals);
    return new StoredHome(floors, areas, after, ignored);
  }

  /**
   * With other areas that are ignored when a device suggests them; those that exist are not.
   *
   * @param ids the areas
   * @return the copy
   */
  public StoredHome ignoring(Set<AreaId> ids) {
    Set<AreaId> without = new HashSet<>(ids);
    areas.forEach(area -> without.remove(area.id()));
    return Objects.equals(without, ignored)
        ? this
        : new StoredHome(floors, areas, entities, without);
  }
}
