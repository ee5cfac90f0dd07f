package dev.hearth.devices;

import java.util.List;

/**
 * A floor of the house.
 *
 * @param id its id
 * @param name what it is called
 * @param level 0 for the ground floor, upwards positive, cellars negative
 * @param aliases other names, in any language
 */
public record Floor(FloorId id, String name, int level, List<String> aliases) {
  /** Copies the aliases. */
  public Floor {
    aliases = List.copyOf(aliases);
  }
}
