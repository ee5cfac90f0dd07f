package dev.hearth.devices.registry;

import dev.hearth.devices.Area;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;

/**
 * Port to where the home's floors, areas and decisions are kept. Called by one thread at a time,
 * while the registry is locked: be quick. An exception from a save reaches the caller of the
 * registry, and then nothing is changed.
 */
public interface HomeStore {
  /**
   * Everything that was saved.
   *
   * @return the stored home, empty at first
   */
  StoredHome load();

  /**
   * Adds or replaces a floor.
   *
   * @param floor the floor
   */
  void saveFloor(Floor floor);

  /**
   * Adds or replaces an area.
   *
   * @param area the area
   */
  void saveArea(Area area);

  /**
   * Adds or replaces what was decided about an entity.
   *
   * @param id the entity
   * @param override all decisions about it
   */
  void saveEntity(EntityId id, EntityOverride override);
}
