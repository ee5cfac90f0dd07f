package dev.hearth.agent.tool;

import dev.hearth.agent.language.Family;
import dev.hearth.agent.language.HomeNames;
import dev.hearth.agent.language.NameVariants;
import dev.hearth.agent.language.Named;
import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Problem;
import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Exposure;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Home;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Risk;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the entities that a selector means, deterministically. Only exposed entities exist for it;
 * of what is risky and not released it says just that.
 *
 * <p>Names are intersected with places. Areas and floors are united, unless an area lies on the
 * floor ("the bathroom upstairs"). Without a place, "the light" is that of the speaker's area when
 * there is one. A name that several things share must become one by place or speaker's area, or be
 * asked back, unless it was said of several in one room ("the bedside lamps"). What the speaker's
 * area lacks is taken from the area next to it, if only one of these has it and it is not guarded.
 */
public final class SelectorResolver {
  private final Home home;
  private final Lookup lookup;
  private final @Nullable AreaId speaker;
  private final Function<Entity, String> names;
  private final List<Entity> exposed;

  /** Finds what a word of a selector stands for: a handle's things, or things of that name. */
  @FunctionalInterface
  public interface Lookup {
    /** The things; empty when the word stands for nothing. */
    List<Named> find(String word);

    /** Whether the speaker may have meant several things by it: "the bedside lamps". */
    default boolean several(String word) {
      return NameVariants.several(word);
    }
  }

  /**
   * What was found.
   *
   * @param entities the entities meant, in stable order; empty when there is a problem
   * @param byName whether the things were meant by name, each of them
   * @param problem why nothing was found
   * @param moved the room next to the speaker's in which they are, if they were not looked for
   *     there
   */
  record Found(
      List<Entity> entities,
      boolean byName,
      @Nullable Problem problem,
      Plan.@Nullable NextDoor moved) {
    Found(List<Entity> entities, boolean byName) {
      this(entities, byName, null, null);
    }

    static Found nothing(Problem problem) {
      return new Found(List.of(), false, problem, null);
    }
  }

  /**
   * A resolver for one utterance.
   *
   * @param home the home as it is now
   * @param lookup the meaning of words
   * @param speaker the speaker's area, null when it is not known
   * @param names what entities are called in the language of the reply
   */
  public SelectorResolver(
      Home home, Lookup lookup, @Nullable AreaId speaker, Function<Entity, String> names) {
    this.home = home;
    this.names = names;
    this.lookup = lookup;
    this.speaker = speaker;
    this.exposed = home.entities().stream().filter(Entity::exposed).toList();
  }

  Found resolve(Selector selector, Kinds.Purpose purpose) {
    if (!selector.unknown().isEmpty()) {
      List<Entity> hidden = hidden(lookup.find(selector.unknown()));
      if (!hidden.isEmpty()) {
        return Found.nothing(notReleased(hidden));
      }
      return Found.nothing(new Problem.NotFound(selector.unknown(), similar(selector.unknown())));
    }
    Set<AreaId> where = Set.of();
    if (!selector.places().isEmpty()) {
      if (selector.places().contains(HomeTools.HERE) && speaker == null) {
        return Found.nothing(new Problem.WhereIsHere());
      }
      for (String place : selector.places()) {
        if (!place.equals(HomeTools.HERE) && lookup.find(place).isEmpty()) {
          return Found.nothing(new Problem.NotFound(place, similar(place)));
        }
      }
      where = areas(selector.places());
    }
    Set<AreaId> areas = where;
    boolean anywhere = selector.places().isEmpty();
    Predicate<Entity> there = e -> anywhere || (e.area() != null && areas.contains(e.area()));
    Found found =
        selector.names().isEmpty()
            ? group(selector, purpose, there)
            : named(selector, there, anywhere);
    if (found.problem != null || selector.except().isEmpty()) {
      return found;
    }
    Predicate<Entity> left = except(selector.except(), purpose);
    List<Entity> rest = found.entities.stream().filter(left.negate()).toList();
    return rest.isEmpty()
        ? Found.nothing(new Problem.NothingThere(selector.kind(), placeNames(selector)))
        : new Found(rest, found.byName, null, found.moved);
  }

  private Found named(Selector selector, Predicate<Entity> there, boolean anywhere) {
    Set<Entity> chosen = new LinkedHashSet<>();
    for (String name : selector.names()) {
      List<Named> things = lookup.find(name);
      List<Entity> all =
          things.stream()
              .filter(t -> t.family() == Family.NAME)
              .flatMap(t -> home.entity(new EntityId(t.id())).stream())
              .filter(Entity::exposed)
              .toList();
      if (all.isEmpty()) {
        List<Entity> hidden = hidden(things);
        return Found.nothing(
            hidden.isEmpty() ? new Problem.NotFound(name, similar(name)) : notReleased(hidden));
      }
      List<Entity> here = all.stream().filter(there).toList();
      if (here.isEmpty()) {
        return Found.nothing(
            new Problem.NotFound(
                all.getFirst().name() + " (" + placeNames(selector) + ")",
                all.stream().map(this::fullName).limit(3).toList()));
      }
      if (here.size() > 1 && anywhere && !selector.all()) {
        List<Entity> near =
            here.stream().filter(e -> e.area() != null && e.area().equals(speaker)).toList();
        here = plainlyNamed(near.isEmpty() ? here : near);
        boolean together =
            lookup.several(name) && here.stream().map(Entity::area).distinct().count() == 1;
        if (here.size() > 1 && !together) {
          return Found.nothing(
              new Problem.Ambiguous(
                  here.stream().map(this::fullName).distinct().limit(6).toList()));
        }
      }
      chosen.addAll(here);
    }
    return new Found(List.copyOf(chosen), true);
  }

  /**
   * The one whose whole name is what the others are called for short ("Desk lamp" beside "Left desk
   * lamp"), all in one room; else all of them.
   */
  private static List<Entity> plainlyNamed(List<Entity> same) {
    List<Entity> plain =
        same.stream()
            .filter(one ->
                same.stream()
                    .filter(other -> !other.equals(one))
                    .allMatch(other ->
                        Objects.equals(one.area(), other.area())
                            && !other.name().equalsIgnoreCase(one.name())
                            && NameVariants.of(other.name(), List.of(), List.of()).stream()
                                .anyMatch(one.name()::equalsIgnoreCase)))
            .toList();
    return plain.size() == 1 ? plain : same;
  }

  private Found group(Selector selector, Kinds.Purpose purpose, Predicate<Entity> there) {
    List<Entity> candidates = exposed.stream().filter(there).toList();
    List<Entity> found;
    if (selector.kind().isEmpty()) {
      found = candidates.stream().filter(purpose.bare()).toList();
      if (found.isEmpty() && !selector.places().isEmpty()) {
        found = candidates.stream().filter(purpose.everything()).toList();
      }
      if (found.isEmpty() && purpose == Kinds.Purpose.OPEN && !selector.places().isEmpty()) {
        found = candidates.stream().filter(e -> e.kind() == Kind.COVER).toList();
      }
    } else {
      found = Kinds.of(selector.kind(), purpose, candidates);
    }
    boolean aroundHere =
        selector.places().isEmpty() || selector.places().equals(List.of(HomeTools.HERE));
    AreaId near = aroundHere && !selector.all() ? speaker : null;
    if (near != null && !selector.kind().equals("everything")) {
      List<Entity> local = found.stream().filter(e -> near.equals(e.area())).toList();
      Found beside = local.isEmpty() ? nextDoor(near, selector, purpose) : null;
      if (beside != null) {
        return beside;
      }
      found = local.isEmpty() ? found : local;
    }
    if (found.isEmpty() && !selector.kind().isEmpty()) {
      List<Entity> risky =
          home.entities().stream().filter(SelectorResolver::risky).filter(there).toList();
      List<Entity> hidden = Kinds.of(selector.kind(), purpose, risky);
      if (!hidden.isEmpty()) {
        return Found.nothing(notReleased(hidden));
      }
    }
    return found.isEmpty()
        ? Found.nothing(new Problem.NothingThere(selector.kind(), placeNames(selector)))
        : new Found(found, false);
  }

  /**
   * What is meant in the only area next to the speaker's that has it; null when none or several.
   */
  private @Nullable Found nextDoor(AreaId here, Selector selector, Kinds.Purpose purpose) {
    Area area = home.area(here).orElse(null);
    if (area == null || purpose.asks()) {
      return null;
    }
    List<Entity> beside =
        exposed.stream()
            .filter(e -> e.area() != null && area.adjoining().contains(e.area()))
            .filter(e -> e.risk() == Risk.NORMAL)
            .toList();
    List<Entity> found =
        selector.kind().isEmpty()
            ? beside.stream().filter(purpose.bare()).toList()
            : Kinds.of(selector.kind(), purpose, beside);
    List<Area> rooms =
        found.stream().map(Entity::area).distinct().flatMap(id -> home.area(id).stream()).toList();
    return rooms.size() != 1
        ? null
        : new Found(found, false, null, new Plan.NextDoor(selector.kind(), area, rooms.getFirst()));
  }

  private static boolean risky(Entity entity) {
    return entity.exposure() == Exposure.RISKY;
  }

  /** Those of some things that are risky and not released. */
  private List<Entity> hidden(List<Named> things) {
    return things.stream()
        .filter(Named::hidden)
        .flatMap(t -> home.entity(new EntityId(t.id())).stream())
        .filter(SelectorResolver::risky)
        .toList();
  }

  /**
   * What is risky and not released, and shares a name and the area with one of some things: to
   * unlock "the front door" means its lock, not its contact.
   */
  List<Entity> hiddenNamesakes(List<Entity> things) {
    List<Named> all = HomeNames.of(home);
    List<Entity> same = new ArrayList<>();
    for (Entity risky : home.entities().stream().filter(SelectorResolver::risky).toList()) {
      Set<String> own = names(all, risky);
      boolean shared =
          things.stream()
              .filter(thing -> Objects.equals(thing.area(), risky.area()))
              .anyMatch(thing -> names(all, thing).stream().anyMatch(own::contains));
      if (shared) {
        same.add(risky);
      }
    }
    return same;
  }

  private static Set<String> names(List<Named> all, Entity entity) {
    return all.stream()
        .filter(named -> named.id().equals(entity.id().value()))
        .flatMap(named -> named.names().stream())
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /** Says that some things are known, but not released. */
  Problem notReleased(List<Entity> hidden) {
    return new Problem.NotReleased(
        hidden.stream().map(this::spokenName).distinct().limit(3).toList());
  }

  /** The name in the language of the reply; where that is the plain one, with its place. */
  private String spokenName(Entity entity) {
    String name = names.apply(entity);
    return name.equals(entity.name()) ? fullName(entity) : name;
  }

  private Predicate<Entity> except(List<String> words, Kinds.Purpose purpose) {
    Set<EntityId> out = new LinkedHashSet<>();
    for (String word : words) {
      if (HomeTools.KINDS.contains(word)) {
        Kinds.of(word, purpose, exposed).forEach(e -> out.add(e.id()));
      } else if (word.equals(HomeTools.HERE)) {
        exposed.stream()
            .filter(e -> speaker != null && speaker.equals(e.area()))
            .forEach(e -> out.add(e.id()));
      } else {
        for (Named thing : lookup.find(word)) {
          if (thing.family() == Family.NAME) {
            out.add(new EntityId(thing.id()));
          } else {
            Set<AreaId> areas = areasOf(thing);
            exposed.stream()
                .filter(e -> e.area() != null && areas.contains(e.area()))
                .forEach(e -> out.add(e.id()));
          }
        }
      }
    }
    return e -> out.contains(e.id());
  }

  private Set<AreaId> areas(List<String> places) {
    Set<AreaId> onFloors = new LinkedHashSet<>();
    Set<AreaId> named = new LinkedHashSet<>();
    for (String place : places) {
      if (place.equals(HomeTools.HERE)) {
        if (speaker != null) {
          named.add(speaker);
        }
        continue;
      }
      for (Named thing : lookup.find(place)) {
        (thing.family() == Family.FLOOR ? onFloors : named).addAll(areasOf(thing));
      }
    }
    Set<AreaId> both = named.stream().filter(onFloors::contains).collect(Collectors.toSet());
    if (!both.isEmpty()) {
      return both;
    }
    named.addAll(onFloors);
    return named;
  }

  private Set<AreaId> areasOf(Named thing) {
    if (thing.family() == Family.AREA) {
      return Set.of(new AreaId(thing.id()));
    }
    FloorId floor = new FloorId(thing.id());
    return home.areas().stream()
        .filter(a -> floor.equals(a.floor()))
        .map(Area::id)
        .collect(Collectors.toSet());
  }

  /** The place of a selector as people say it; empty for the whole home. */
  private String placeNames(Selector selector) {
    List<String> names = new ArrayList<>();
    for (String place : selector.places()) {
      if (place.equals(HomeTools.HERE)) {
        if (speaker != null) {
          home.area(speaker).ifPresent(a -> names.add(a.name()));
        }
      } else {
        lookup.find(place).stream().findFirst().ifPresent(t -> names.add(t.names().getFirst()));
      }
    }
    return String.join(", ", names);
  }

  private String fullName(Entity entity) {
    AreaId area = entity.area();
    String place = area == null ? "" : home.area(area).map(Area::name).orElse("");
    return place.isEmpty()
            || entity.name().toLowerCase(Locale.ROOT).contains(place.toLowerCase(Locale.ROOT))
        ? entity.name()
        : entity.name() + " (" + place + ")";
  }

  /** Names that share a word with what was asked for. */
  private List<String> similar(String words) {
    Set<String> wanted = Set.of(words.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"));
    return exposed.stream()
        .map(Entity::name)
        .filter(name -> {
          for (String word : name.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
            if (word.length() > 3 && wanted.contains(word) && !GENERIC.contains(word)) {
              return true;
            }
          }
          return false;
        })
        .distinct()
        .limit(3)
        .toList();
  }

  private static final Set<String> GENERIC =
      Set.of("light", "lights", "lamp", "sensor", "switch", "room", "the", "door", "window");
}
