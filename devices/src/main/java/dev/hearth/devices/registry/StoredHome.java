package dev.hearth.devices.registry;

import dev.hearth.devices.Area;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import java.util.List;
import java.util.Map;

/**
 * What a {@link HomeStore} holds.
 *
 * @param floors all floors
 * @param areas all areas
 * @param entities decisions by entity
 */
public record StoredHome(
    List<Floor> floors, List<Area> areas, Map<EntityId, EntityOverride> entities) {
  /** Nothing stored yet. */
  public static final StoredHome EMPTY = new StoredHome(List.of(), List.of(), Map.of());

  /** Copies the collections. */
  public StoredHome {
    floors = List.copyOf(floors);
    areas = List.copyOf(areas);
    entities = Map.copyOf(entities);
  }
}
