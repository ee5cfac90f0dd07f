package dev.hearth.devices;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in the home, usually a room.
 *
 * @param id its id
 * @param name what it is called
 * @param floor the floor it is on, or null when nobody said
 * @param aliases other names, in any language
 * @param adjoining the areas that one can step into from here, in order of id; each of them names
 *     this one too
 */
public record Area(
    AreaId id, String name, @Nullable FloorId floor, List<String> aliases, List<AreaId> adjoining) {
  /** Copies the lists. */
  public Area {
    aliases = List.copyOf(aliases);
    adjoining = adjoining.stream().distinct().sorted(Comparator.comparing(AreaId::value)).toList();
  }

  /**
   * An area that adjoins none.
   *
   * @param id its id
   * @param name what it is called
   * @param floor the floor it is on, or null when nobody said
   * @param aliases other names, in any language
   */
  public Area(AreaId id, String name, @Nullable FloorId floor, List<String> aliases) {
    this(id, name, floor, aliases, List.of());
  }

  /**
   * The same area on another floor.
   *
   * @param floor the floor, or null for none
   * @return the copy
   */
  public Area withFloor(@Nullable FloorId floor) {
    return new Area(id, name, floor, aliases, adjoining);
  }

  /**
   * The same area with other neighbours.
   *
   * @param adjoining the areas that adjoin it
   * @return the copy
   */
  public Area withAdjoining(Collection<AreaId> adjoining) {
    return new Area(id, name, floor, aliases, List.copyOf(adjoining));
  }
}
