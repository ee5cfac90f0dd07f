package dev.hearth.devices.simulation;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import java.util.List;

/**
 * What discovery cannot tell about the simulated home: its floors, and names in other languages.
 *
 * @param floors the floors, lowest first
 * @param areas the areas, each with its floor
 * @param entities the entities, in the order of their areas
 */
public record HomeLayout(List<Floor> floors, List<Area> areas, List<Place> entities) {
  /** Copies the lists. */
  public HomeLayout {
    floors = List.copyOf(floors);
    areas = List.copyOf(areas);
    entities = List.copyOf(entities);
  }

  /**
   * One entity as the home's people know it.
   *
   * @param id the id that discovery gives it
   * @param name its full name
   * @param area where it is
   * @param aliases what it is called in Chinese, and other English names
   */
  public record Place(EntityId id, String name, AreaId area, List<String> aliases) {
    /** Copies the aliases. */
    public Place {
      aliases = List.copyOf(aliases);
    }
  }
}
