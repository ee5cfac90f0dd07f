package dev.hearth.devices.registry;

import dev.hearth.devices.Area;
import dev.hearth.devices.Floor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A name that several floors, or several areas, claim, or an alias of an entity that a floor or
 * area has, so that the entity would never be found by it. A floor and an area may share a name:
 * the area is meant. Several entities may share an alias: in one room it names all of them,
 * elsewhere the agent asks which one.
 *
 * @param name the name, in lower case
 * @param by who claims it, such as {@code area kitchen}; at least two
 */
public record Claim(String name, List<String> by) {
  /** Copies the list. */
  public Claim {
    by = List.copyOf(by);
  }

  /**
   * All names that are claimed twice.
   *
   * @param home what was decided
   * @return the claims
   */
  public static Set<Claim> in(StoredHome home) {
    Map<String, Set<String>> floors = new LinkedHashMap<>();
    for (Floor floor : home.floors()) {
      add(floors, floor.name(), "floor " + floor.id());
      floor.aliases().forEach(alias -> add(floors, alias, "floor " + floor.id()));
    }
    Map<String, Set<String>> areas = new LinkedHashMap<>();
    for (Area area : home.areas()) {
      add(areas, area.name(), "area " + area.id());
      area.aliases().forEach(alias -> add(areas, alias, "area " + area.id()));
    }
    Set<Claim> claims = new LinkedHashSet<>();
    for (Map<String, Set<String>> places : List.of(floors, areas)) {
      places.forEach((name, by) -> {
        if (by.size() > 1) {
          claims.add(new Claim(name, List.copyOf(by)));
        }
      });
    }
    home.entities()
        .forEach((id, override) -> {
          List<String> aliases = override.aliases();
          for (String alias : aliases == null ? List.<String>of() : aliases) {
            String name = alias.toLowerCase(Locale.ROOT);
            Set<String> place = areas.getOrDefault(name, floors.getOrDefault(name, Set.of()));
            if (!place.isEmpty()) {
              List<String> by = new ArrayList<>(place);
              by.add("entity " + id);
              claims.add(new Claim(name, by));
            }
          }
        });
    return claims;
  }

  /**
   * The names that a change claims twice; those that were claimed by the same, or by more, before
   * the change are not its fault.
   *
   * @param before what was decided
   * @param after what shall hold
   * @return the new claims
   */
  public static List<Claim> added(StoredHome before, StoredHome after) {
    Set<Claim> known = in(before);
    return in(after).stream()
        .filter(claim ->
            known.stream()
                .noneMatch(old -> old.name.equals(claim.name) && old.by.containsAll(claim.by)))
        .toList();
  }

  private static void add(Map<String, Set<String>> places, String name, String by) {
    places.computeIfAbsent(name.toLowerCase(Locale.ROOT), k -> new LinkedHashSet<>()).add(by);
  }

  /**
   * What is wrong and what helps.
   *
   * @return a sentence
   */
  public String fault() {
    return "The name '%s' is claimed by %s; give one of them another name"
        .formatted(name, String.join(" and by ", by));
  }
}
