package dev.hearth.devices;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in the home, usually a room.
 *
 * @param id its id
 * @param name what it is called
 * @param floor the floor it is on, or null when nobody said
 * @param aliases other names, in any language
 */
public record Area(AreaId id, String name, @Nullable FloorId floor, List<String> aliases) {
  /** Copies the aliases. */
  public Area {
    aliases = List.copyOf(aliases);
  }
}
