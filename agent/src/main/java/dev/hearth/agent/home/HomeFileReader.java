package dev.hearth.agent.home;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Names;
import dev.hearth.devices.Risk;
import dev.hearth.devices.registry.Claim;
import dev.hearth.devices.registry.EntityOverride;
import dev.hearth.devices.registry.StoredHome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a home file onto what was decided so far: what the file names wins, what it does not name
 * stays, and a null takes a decision back. All of it is checked, with lines, before anything holds.
 */
final class HomeFileReader {
  private static final String VERSION = "1";

  private final StoredHome before;
  private final YamlEntry.Faults faults = new YamlEntry.Faults();

  /** Where things are in the file, such as {@code area kitchen}. */
  private final Map<String, Integer> lines = new HashMap<>();

  private final Set<EntityId> entities = new LinkedHashSet<>();
  private StoredHome after;

  /**
   * What a file makes of the home.
   *
   * @param home what shall hold
   * @param floors how many floors it names
   * @param areas how many areas it names
   * @param entities the entities that it names
   */
  record Read(StoredHome home, int floors, int areas, Set<EntityId> entities) {}

  private HomeFileReader(StoredHome before) {
    this.before = before;
    this.after = before;
  }

  /**
   * Reads a file.
   *
   * @param text the file
   * @param before what was decided so far
   * @throws HomeFileException says on which lines what is wrong and what would be right
   */
  static Read read(String text, StoredHome before) {
    return new HomeFileReader(before).read(text);
  }

  private Read read(String text) {
    YamlEntry file = YamlEntry.parse(text, faults);
    file.allow("version", "floors", "areas", "ignored_areas", "entities");
    String version = file.text("version");
    if (!VERSION.equals(version)) {
      file.fault(
          "version", "'%s' is no version that is known; write  version: 1".formatted(version));
    }
    Map<FloorId, YamlEntry> floors = entries(file, "floors", FloorId::new);
    Map<AreaId, YamlEntry> areas = entries(file, "areas", AreaId::new);
    floors.forEach(this::floor);
    areas.forEach(this::area);
    adjoin(areas);
    ignored(file);
    Map<EntityId, EntityOverride> changed = new LinkedHashMap<>();
    entries(file, "entities", EntityId::new)
        .forEach((id, entry) -> changed.put(id, entity(id, entry)));
    after = after.with(changed);
    entities.addAll(changed.keySet());
    claims();
    faults.throwIfAny();
    return new Read(after, floors.size(), areas.size(), entities);
  }

  private <K> Map<K, YamlEntry> entries(YamlEntry file, String section, Function<String, K> toId) {
    Map<K, YamlEntry> found = new LinkedHashMap<>();
    YamlEntry all = file.entry(section);
    if (all == null) {
      return found;
    }
    for (String key : all.keys()) {
      try {
        K id = toId.apply(key);
        YamlEntry entry = all.entry(key);
        if (entry != null) {
          found.put(id, entry);
          lines.put(singular(section) + " " + key, all.line(key));
        }
      } catch (IllegalArgumentException e) {
        all.fault(key, e.getMessage() == null ? "this is no id" : e.getMessage());
      }
    }
    return found;
  }

  private static String singular(String section) {
    return section.equals("entities") ? "entity" : section.substring(0, section.length() - 1);
  }

  private void floor(FloorId id, YamlEntry entry) {
    entry.allow("name", "level", "aliases");
    Floor known = before.floor(id).orElse(null);
    String name = name(entry, known == null ? null : known.name());
    int level = known == null ? 0 : known.level();
    String wished = entry.text("level");
    if (wished != null) {
      try {
        level = Integer.parseInt(wished);
      } catch (NumberFormatException e) {
        entry.fault("level", "'%s' is no whole number; 0 is the ground floor".formatted(wished));
      }
    }
    after =
        after.with(
            new Floor(
                id, name, level, placeAliases(entry, known == null ? null : known.aliases())));
  }

  private void area(AreaId id, YamlEntry entry) {
    entry.allow("name", "floor", "aliases", "adjoining");
    Area known = before.area(id).orElse(null);
    String name = name(entry, known == null ? null : known.name());
    FloorId floor = known == null ? null : known.floor();
    if (entry.has("floor")) {
      String wished = entry.text("floor");
      floor =
          wished == null
              ? null
              : after.floors().stream()
                  .map(Floor::id)
                  .filter(f -> f.value().equals(wished))
                  .findFirst()
                  .orElse(null);
      if (wished != null && floor == null) {
        entry.fault(
            "floor", unknown(wished, "floor", after.floors().stream().map(Floor::id).toList()));
      }
    }
    after =
        after.with(
            new Area(
                id,
                name,
                floor,
                placeAliases(entry, known == null ? null : known.aliases()),
                known == null ? List.of() : known.adjoining()));
  }

  /** Two areas adjoin when one of them says so. */
  private void adjoin(Map<AreaId, YamlEntry> areas) {
    Map<AreaId, Set<AreaId>> said = new LinkedHashMap<>();
    areas.forEach((id, entry) -> {
      if (!entry.has("adjoining")) {
        return;
      }
      Set<AreaId> beside = said.computeIfAbsent(id, k -> new LinkedHashSet<>());
      for (String wished : texts(entry, "adjoining")) {
        AreaId other = knownArea(wished);
        if (other == null) {
          entry.fault(
              "adjoining", unknown(wished, "area", after.areas().stream().map(Area::id).toList()));
        } else if (other.equals(id)) {
          entry.fault("adjoining", "'%s' is the area itself; leave it out".formatted(wished));
        } else {
          beside.add(other);
        }
      }
    });
    said.forEach((id, beside) -> {
      Set<AreaId> all = new LinkedHashSet<>(beside);
      said.forEach((other, named) -> {
        if (named.contains(id)) {
          all.add(other);
        }
      });
      after = after.with(after.area(id).orElseThrow().withAdjoining(all));
    });
    for (Area area : after.areas()) {
      if (area.adjoining().size() > StoredHome.MAX_ADJOINING && !before.areas().contains(area)) {
        faults.add(
            lines.getOrDefault("area " + area.id(), 0),
            "area '%s' adjoins %d areas, also those that name it; at most %d are allowed"
                .formatted(area.id(), area.adjoining().size(), StoredHome.MAX_ADJOINING));
      }
    }
  }

  private void ignored(YamlEntry file) {
    if (!file.has("ignored_areas")) {
      return;
    }
    Set<AreaId> ids = new HashSet<>();
    for (String each : texts(file, "ignored_areas")) {
      if (knownArea(each) != null) {
        file.fault("ignored_areas", "'%s' is an area that exists; name it once".formatted(each));
        continue;
      }
      try {
        ids.add(new AreaId(each));
      } catch (IllegalArgumentException e) {
        file.fault("ignored_areas", String.valueOf(e.getMessage()));
      }
    }
    after = after.ignoring(ids);
  }

  private EntityOverride entity(EntityId id, YamlEntry entry) {
    entry.allow("name", "area", "aliases", "exposed", "risk");
    EntityOverride override = before.of(id);
    if (entry.has("name")) {
      override = override.withName(entry.isNull("name") ? null : name(entry, null));
    }
    if (entry.has("area")) {
      String wished = entry.text("area");
      AreaId area = wished == null ? null : knownArea(wished);
      if (wished != null && area == null) {
        entry.fault("area", unknown(wished, "area", after.areas().stream().map(Area::id).toList()));
      }
      override = override.withArea(area);
    }
    if (entry.has("aliases")) {
      override = override.withAliases(entry.isNull("aliases") ? null : aliases(entry));
    }
    if (entry.has("exposed")) {
      String wished = entry.text("exposed");
      if (wished != null && !wished.equals("true") && !wished.equals("false")) {
        entry.fault(
            "exposed",
            "'%s' is neither true nor false; leave it out for the default".formatted(wished));
      }
      override = override.withExposed(wished == null ? null : wished.equals("true"));
    }
    if (entry.has("risk")) {
      override = override.withRisk(risk(entry));
    }
    return override;
  }

  private static @Nullable Risk risk(YamlEntry entry) {
    String wished = entry.text("risk");
    if (wished == null) {
      return null;
    }
    Risk risk = Risk.ofWord(wished).orElse(null);
    if (risk == null) {
      entry.fault("risk", "'%s' is no risk; write normal or guarded".formatted(wished));
    }
    return risk;
  }

  private @Nullable AreaId knownArea(String id) {
    return after.areas().stream()
        .map(Area::id)
        .filter(a -> a.value().equals(id))
        .findFirst()
        .orElse(null);
  }

  private static String unknown(String wished, String what, List<?> known) {
    return "there is no %s '%s'; known are %s"
        .formatted(
            what,
            wished,
            known.isEmpty()
                ? "none: name one under " + what + "s"
                : known.stream().map(String::valueOf).collect(Collectors.joining(", ")));
  }

  private static List<String> texts(YamlEntry entry, String key) {
    List<String> texts = entry.texts(key);
    return texts == null ? List.of() : texts;
  }

  /** The name; where the file names none, the known one. */
  private static String name(YamlEntry entry, @Nullable String known) {
    String name = entry.text("name");
    if (name == null) {
      if (known == null) {
        entry.fault("name", "a name is missing; write  name: what people call it");
      }
      return known == null ? "?" : known;
    }
    return readable(entry, "name", name);
  }

  private static String readable(YamlEntry entry, String key, String name) {
    String clean = Names.clean(name);
    if (clean.isEmpty() || !clean.equals(name)) {
      entry.fault(
          key,
          "'%s' cannot be a name: at most %d characters, single spaces, none of < > { } | `%s"
              .formatted(name, Names.MAX_LENGTH, clean.isEmpty() ? "" : "; '" + clean + "' could"));
    }
    return clean.isEmpty() ? "?" : clean;
  }

  private static List<String> placeAliases(YamlEntry entry, @Nullable List<String> known) {
    return entry.has("aliases") ? aliases(entry) : known == null ? List.of() : known;
  }

  private static List<String> aliases(YamlEntry entry) {
    List<String> aliases = new ArrayList<>();
    for (String each : texts(entry, "aliases")) {
      String alias = readable(entry, "aliases", each);
      if (aliases.contains(alias)) {
        entry.fault("aliases", "'%s' is there twice; keep one".formatted(alias));
      } else {
        aliases.add(alias);
      }
    }
    if (aliases.size() > StoredHome.MAX_ALIASES) {
      entry.fault(
          "aliases",
          "there are %d; at most %d are allowed".formatted(aliases.size(), StoredHome.MAX_ALIASES));
    }
    return aliases;
  }

  private void claims() {
    for (Claim claim : Claim.added(before, after)) {
      int line =
          claim.by().stream()
              .map(lines::get)
              .filter(l -> l != null)
              .mapToInt(l -> l)
              .max()
              .orElse(0);
      faults.add(line, claim.fault());
    }
  }
}
