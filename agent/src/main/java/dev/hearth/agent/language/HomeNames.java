package dev.hearth.agent.language;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Exposure;
import dev.hearth.devices.Floor;
import dev.hearth.devices.Home;
import dev.hearth.devices.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The names of a home, as the marker needs them. */
public final class HomeNames {
  private HomeNames() {}

  /**
   * Every floor, area and exposed entity with all its names, in stable order; and as hidden what is
   * risky and not released, so that its name is understood. Nothing else that is hidden has a name
   * here.
   */
  public static List<Named> of(Home home) {
    List<Named> named = new ArrayList<>();
    for (Floor floor : home.floors()) {
      named.add(
          new Named(Family.FLOOR, floor.id().value(), "", names(floor.name(), floor.aliases())));
    }
    for (Area area : home.areas()) {
      named.add(new Named(Family.AREA, area.id().value(), "", names(area.name(), area.aliases())));
    }
    for (Entity entity : home.entities()) {
      boolean hidden = entity.exposure() == Exposure.RISKY;
      if (entity.exposed() || hidden) {
        AreaId place = entity.area();
        List<String> around =
            place == null
                ? List.of()
                : home.area(place).map(a -> names(a.name(), a.aliases())).orElse(List.of());
        named.add(
            new Named(
                Family.NAME,
                entity.id().value(),
                kind(entity.kind()),
                NameVariants.of(entity.name(), entity.aliases(), around),
                hidden));
      }
    }
    return named;
  }

  private static List<String> names(String name, List<String> aliases) {
    List<String> names = new ArrayList<>();
    names.add(name);
    names.addAll(aliases);
    return names;
  }

  private static String kind(Kind kind) {
    return kind == Kind.BINARY_SENSOR ? "sensor" : kind.name().toLowerCase(Locale.ROOT);
  }
}
