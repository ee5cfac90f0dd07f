package dev.hearth.agent.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hearth.agent.web.InvalidRequestException;
import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Names;
import dev.hearth.devices.Risk;
import dev.hearth.devices.registry.EntityOverride;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.registry.StoredHome;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What is in the home, and the decisions about it. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "home", description = "Entities, areas and floors.")
class HomeController {
  private final HomeRegistry registry;

  HomeController(HomeRegistry registry) {
    this.registry = registry;
  }

  /**
   * What may be decided about an entity. What is left out stays as it is; null takes a decision
   * back. No record: to that both look the same.
   */
  static final class EntityChange {
    private final List<BiFunction<HomeController, EntityOverride, EntityOverride>> wishes =
        new ArrayList<>();

    @JsonProperty
    @Schema(description = "what to call it", example = "Reading lamp")
    void setName(@Nullable String name) {
      wishes.add((home, now) -> now.withName(name == null ? null : name(name)));
    }

    @JsonProperty
    @Schema(description = "id or name of its area", example = "kitchen")
    void setArea(@Nullable String area) {
      wishes.add((home, now) -> now.withArea(area == null ? null : home.area("area", area).id()));
    }

    @JsonProperty
    @Schema(description = "other names, at most 20; replaces earlier ones")
    void setAliases(@Nullable List<@Nullable String> aliases) {
      wishes.add((home, now) -> now.withAliases(aliases == null ? null : names(aliases)));
    }

    @JsonProperty
    @Schema(description = "whether the agent may see and control it")
    void setExposed(@Nullable Boolean exposed) {
      wishes.add((home, now) -> now.withExposed(exposed));
    }

    @JsonProperty
    @Schema(
        description = "guarded: commands wait for a confirmation; unlocking always does",
        allowableValues = {"normal", "guarded"})
    void setRisk(@Nullable String risk) {
      wishes.add((home, now) -> now.withRisk(risk == null ? null : risk(risk)));
    }

    private EntityOverride onto(EntityOverride now, HomeController home) {
      EntityOverride after = now;
      for (BiFunction<HomeController, EntityOverride, EntityOverride> wish : wishes) {
        after = wish.apply(home, after);
      }
      return after;
    }
  }

  /** An area as it shall be. */
  record AreaChange(
      @Schema(example = "Kitchen", requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String name,
      @Schema(description = "id or name of its floor", example = "ground_floor")
          @Nullable String floor,
      @Schema(description = "other names, at most 20") @Nullable List<@Nullable String> aliases,
      @Schema(
              description =
                  "ids or names of the areas that one can step into from here; they"
                      + " adjoin it too")
          @Nullable List<@Nullable String> adjoining) {}

  /** A floor as it shall be. */
  record FloorChange(
      @Schema(example = "Ground floor", requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String name,
      @Schema(description = "0 is the ground floor, cellars are negative", defaultValue = "0")
          @Nullable Integer level,
      @Schema(description = "other names, at most 20") @Nullable List<@Nullable String> aliases) {}

  @Operation(summary = "All entities with their states")
  @GetMapping("/entities")
  List<EntityView> entities() {
    return registry.home().entities().stream().map(EntityView::of).toList();
  }

  @Operation(summary = "One entity")
  @GetMapping("/entities/{id}")
  EntityView entity(@PathVariable String id) {
    return EntityView.of(find(id));
  }

  @Operation(
      summary = "Decide about an entity's name, area, aliases, exposure and risk",
      description = "What is left out stays as it is; null takes a decision back.")
  @PatchMapping(path = "/entities/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  EntityView change(@PathVariable String id, @RequestBody EntityChange change) {
    return EntityView.of(registry.update(find(id).id(), now -> change.onto(now, this)));
  }

  @Operation(
      summary = "Forget what was decided about an entity",
      description =
          "It is again as its device and its kind say; also for one that is not here now.")
  @DeleteMapping("/entities/{id}/decisions")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forget(@PathVariable String id) {
    EntityId entity =
        registry.decisions().entities().keySet().stream()
            .filter(decided -> decided.value().equals(id))
            .findFirst()
            .orElseGet(() -> find(id).id());
    registry.decide(decided -> decided.with(Map.of(entity, EntityOverride.NONE)));
  }

  @Operation(summary = "All areas")
  @GetMapping("/areas")
  List<AreaView> areas() {
    return registry.home().areas().stream().map(AreaView::of).toList();
  }

  @Operation(summary = "Add or replace an area")
  @PutMapping(path = "/areas/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<AreaView> put(@PathVariable String id, @RequestBody AreaChange change) {
    AreaId areaId = id(id, AreaId::new);
    String name = name(change.name());
    FloorId floor = change.floor() == null ? null : floor(change.floor());
    List<AreaId> adjoining = new ArrayList<>();
    for (String each : change.adjoining() == null ? List.<String>of() : change.adjoining()) {
      adjoining.add(area("adjoining", each == null ? "" : each).id());
    }
    boolean known = registry.home().area(areaId).isPresent();
    Area kept = registry.putArea(new Area(areaId, name, floor, names(change.aliases()), adjoining));
    return ResponseEntity.status(known ? HttpStatus.OK : HttpStatus.CREATED)
        .body(AreaView.of(kept));
  }

  @Operation(
      summary = "Delete an area",
      description =
          "Entities that somebody put there are where their device says, those whose device says"
              + " this area are in none. A device does not make the area again; putting it does.")
  @DeleteMapping("/areas/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void deleteArea(@PathVariable String id) {
    AreaId area =
        registry.home().areas().stream()
            .map(Area::id)
            .filter(known -> known.value().equals(id))
            .findFirst()
            .orElseThrow(() -> missing("area", id));
    registry.decide(decided -> decided.without(area));
  }

  @Operation(summary = "All floors, lowest first")
  @GetMapping("/floors")
  List<FloorView> floors() {
    return registry.home().floors().stream().map(FloorView::of).toList();
  }

  @Operation(summary = "Add or replace a floor")
  @PutMapping(path = "/floors/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<FloorView> put(@PathVariable String id, @RequestBody FloorChange change) {
    FloorId floorId = id(id, FloorId::new);
    int level = change.level() == null ? 0 : change.level();
    boolean known = registry.home().floor(floorId).isPresent();
    Floor kept =
        registry.putFloor(new Floor(floorId, name(change.name()), level, names(change.aliases())));
    return ResponseEntity.status(known ? HttpStatus.OK : HttpStatus.CREATED)
        .body(FloorView.of(kept));
  }

  @Operation(summary = "Delete a floor", description = "Its areas stay, on no floor.")
  @DeleteMapping("/floors/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void deleteFloor(@PathVariable String id) {
    FloorId floor =
        registry.home().floors().stream()
            .map(Floor::id)
            .filter(known -> known.value().equals(id))
            .findFirst()
            .orElseThrow(() -> missing("floor", id));
    registry.decide(decided -> decided.without(floor));
  }

  private static <T> T id(String given, Function<String, T> toId) {
    try {
      return toId.apply(given);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("id", message(e));
    }
  }

  private static NotFoundException missing(String what, String id) {
    return new NotFoundException(
        "there is no %s \"%s\" in this home".formatted(what, Names.line(id)));
  }

  private static String name(@Nullable String given) {
    String name = given == null ? "" : Names.clean(given);
    if (name.isEmpty()) {
      throw new InvalidRequestException("name", "name is empty: what is it called?");
    }
    return name;
  }

  private static Risk risk(String given) {
    return Risk.ofWord(given)
        .orElseThrow(() ->
            new InvalidRequestException(
                "risk",
                "risk \"%s\" is unknown; known are: normal, guarded".formatted(Names.line(given))));
  }

  private Entity find(String id) {
    return registry.home().entities().stream()
        .filter(entity -> entity.id().value().equals(id))
        .findFirst()
        .orElseThrow(() -> missing("entity", id));
  }

  private Area area(String field, String given) {
    String wanted = fold(given);
    return registry.home().areas().stream()
        .filter(a -> fold(a.id().value()).equals(wanted) || fold(a.name()).equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new InvalidRequestException(
                field,
                "area \"%s\" is unknown here; known are: %s"
                    .formatted(
                        Names.clean(given),
                        registry.home().areas().stream()
                            .map(a -> a.id().value())
                            .collect(Collectors.joining(", ")))));
  }

  private FloorId floor(String given) {
    String wanted = fold(given);
    return registry.home().floors().stream()
        .filter(f -> fold(f.id().value()).equals(wanted) || fold(f.name()).equals(wanted))
        .map(Floor::id)
        .findFirst()
        .orElseThrow(() ->
            new InvalidRequestException(
                "floor",
                "floor \"%s\" is unknown here; known are: %s"
                    .formatted(
                        Names.clean(given),
                        registry.home().floors().stream()
                            .map(f -> f.id().value())
                            .collect(Collectors.joining(", ")))));
  }

  private static List<String> names(@Nullable List<@Nullable String> given) {
    if (given == null) {
      return List.of();
    }
    if (given.size() > StoredHome.MAX_ALIASES) {
      throw new InvalidRequestException(
          "aliases",
          "aliases has "
              + given.size()
              + " entries; at most "
              + StoredHome.MAX_ALIASES
              + " are allowed");
    }
    return given.stream()
        .map(alias -> {
          String clean = alias == null ? "" : Names.clean(alias);
          if (clean.isEmpty()) {
            throw new InvalidRequestException("aliases", "aliases holds an empty name");
          }
          return clean;
        })
        .toList();
  }

  private static String fold(String name) {
    return name.strip().replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  static String message(Throwable e) {
    return e.getMessage() == null ? "not valid" : e.getMessage();
  }
}
