package dev.hearth.agent.rest;

import dev.hearth.agent.web.InvalidRequestException;
import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Names;
import dev.hearth.devices.registry.EntityPatch;
import dev.hearth.devices.registry.HomeRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is in the home, and the decisions about it. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "home", description = "Entities and areas.")
class HomeController {
  private static final int MAX_ALIASES = 20;

  private final HomeRegistry registry;

  HomeController(HomeRegistry registry) {
    this.registry = registry;
  }

  /** What may be decided about an entity; what is left out stays as it is. */
  record EntityChange(
      @Schema(description = "id or name of its area", example = "kitchen") @Nullable String area,
      @Schema(description = "other names, at most 20; replaces earlier ones")
          @Nullable List<@Nullable String> aliases,
      @Schema(description = "whether the agent may see and control it")
          @Nullable Boolean exposed) {}

  /** An area as it shall be. */
  record AreaChange(
      @Schema(example = "Kitchen", requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String name,
      @Schema(description = "id or name of its floor", example = "ground_floor")
          @Nullable String floor,
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

  @Operation(summary = "Change an entity's area, aliases or exposure")
  @PatchMapping(path = "/entities/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  EntityView change(@PathVariable String id, @RequestBody EntityChange change) {
    Entity entity = find(id);
    AreaId area = change.area() == null ? null : area(change.area());
    List<String> aliases = change.aliases() == null ? null : names(change.aliases());
    return EntityView.of(
        registry.update(entity.id(), new EntityPatch(area, aliases, change.exposed())));
  }

  @Operation(summary = "All areas")
  @GetMapping("/areas")
  List<AreaView> areas() {
    return registry.home().areas().stream().map(AreaView::of).toList();
  }

  @Operation(summary = "Add or replace an area")
  @PutMapping(path = "/areas/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<AreaView> put(@PathVariable String id, @RequestBody AreaChange change) {
    AreaId areaId;
    try {
      areaId = new AreaId(id);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("id", message(e));
    }
    String name = change.name() == null ? "" : Names.clean(change.name());
    if (name.isEmpty()) {
      throw new InvalidRequestException("name", "name is empty: what is the area called?");
    }
    FloorId floor = change.floor() == null ? null : floor(change.floor());
    List<String> aliases = change.aliases() == null ? List.of() : names(change.aliases());
    boolean known = registry.home().area(areaId).isPresent();
    Area kept = registry.putArea(new Area(areaId, name, floor, aliases));
    return ResponseEntity.status(known ? HttpStatus.OK : HttpStatus.CREATED)
        .body(AreaView.of(kept));
  }

  private Entity find(String id) {
    return registry.home().entities().stream()
        .filter(entity -> entity.id().value().equals(id))
        .findFirst()
        .orElseThrow(() -> new NotFoundException("there is no entity \"" + id + "\" in this home"));
  }

  private AreaId area(String given) {
    String wanted = fold(given);
    return registry.home().areas().stream()
        .filter(a -> fold(a.id().value()).equals(wanted) || fold(a.name()).equals(wanted))
        .map(Area::id)
        .findFirst()
        .orElseThrow(() ->
            new InvalidRequestException(
                "area",
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

  private static List<String> names(List<@Nullable String> given) {
    if (given.size() > MAX_ALIASES) {
      throw new InvalidRequestException(
          "aliases",
          "aliases has " + given.size() + " entries; at most " + MAX_ALIASES + " are allowed");
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
