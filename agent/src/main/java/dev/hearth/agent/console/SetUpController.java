package dev.hearth.agent.console;

import dev.hearth.agent.home.HomeFiles;
import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Floor;
import dev.hearth.devices.FloorId;
import dev.hearth.devices.Risk;
import dev.hearth.devices.registry.EntityOverride;
import dev.hearth.devices.registry.HomeRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseBody;

/**
 * The page on which an operator decides about floors, areas and entities, and what its script asks
 * for. Every change answers with the whole home as it is then.
 */
@Controller
class SetUpController {
  private final HomeRegistry registry;
  private final HomeFiles files;

  SetUpController(HomeRegistry registry, HomeFiles files) {
    this.registry = registry;
    this.files = files;
  }

  /** A floor as the form has it. */
  record FloorForm(@Nullable String name, int level, @Nullable List<@Nullable String> aliases) {}

  /** An area as the form has it. */
  record AreaForm(
      @Nullable String name,
      @Nullable String floor,
      @Nullable List<@Nullable String> aliases,
      @Nullable List<@Nullable String> adjoining) {}

  /** All that is decided about an entity; null is as the device says. */
  record EntityForm(
      @Nullable String name,
      @Nullable String area,
      @Nullable List<@Nullable String> aliases,
      @Nullable Boolean exposed,
      @Nullable String risk) {}

  @GetMapping("/set-up")
  String page() {
    return "set-up";
  }

  @GetMapping("/console/set-up")
  @ResponseBody
  SetUp home() {
    return SetUp.of(registry.home(), registry.decisions());
  }

  @PostMapping("/console/set-up/floors")
  @ResponseBody
  SetUp addFloor(@RequestBody FloorForm form) {
    return putFloor(
        free(name(form.name()), id -> registry.home().floor(FloorId.of(id)).isPresent()), form);
  }

  @PutMapping("/console/set-up/floors/{id}")
  @ResponseBody
  SetUp putFloor(@PathVariable String id, @RequestBody FloorForm form) {
    registry.putFloor(
        new Floor(FloorId.of(id), name(form.name()), form.level(), texts(form.aliases())));
    return home();
  }

  @DeleteMapping("/console/set-up/floors/{id}")
  @ResponseBody
  SetUp deleteFloor(@PathVariable String id) {
    registry.decide(decided -> decided.without(new FloorId(id)));
    return home();
  }

  @PostMapping("/console/set-up/areas")
  @ResponseBody
  SetUp addArea(@RequestBody AreaForm form) {
    return putArea(
        free(name(form.name()), id -> registry.home().area(AreaId.of(id)).isPresent()), form);
  }

  /** A text that makes an id which nothing has: the name, or the name and a number. */
  private static String free(String name, Predicate<String> taken) {
    String free = name;
    for (int i = 2; taken.test(free); i++) {
      free = i + " " + name;
    }
    return free;
  }

  @PutMapping("/console/set-up/areas/{id}")
  @ResponseBody
  SetUp putArea(@PathVariable String id, @RequestBody AreaForm form) {
    registry.putArea(
        new Area(
            AreaId.of(id),
            name(form.name()),
            form.floor() == null ? null : new FloorId(form.floor()),
            texts(form.aliases()),
            texts(form.adjoining()).stream().map(AreaId::new).toList()));
    return home();
  }

  @DeleteMapping("/console/set-up/areas/{id}")
  @ResponseBody
  SetUp deleteArea(@PathVariable String id) {
    registry.decide(decided -> decided.without(new AreaId(id)));
    return home();
  }

  @PutMapping("/console/set-up/entities/{id}")
  @ResponseBody
  SetUp putEntity(@PathVariable String id, @RequestBody EntityForm form) {
    EntityOverride decision =
        new EntityOverride(
            form.name(),
            form.area() == null ? null : new AreaId(form.area()),
            form.aliases() == null ? null : texts(form.aliases()),
            form.exposed(),
            form.risk() == null ? null : risk(form.risk()));
    registry.decide(decided -> decided.with(Map.of(new EntityId(id), decision)));
    return home();
  }

  private static String name(@Nullable String given) {
    return Objects.requireNonNullElse(given, "");
  }

  private static List<String> texts(@Nullable List<@Nullable String> given) {
    return given == null ? List.of() : given.stream().filter(Objects::nonNull).toList();
  }

  private static Risk risk(String word) {
    return Risk.ofWord(word)
        .orElseThrow(() ->
            new IllegalArgumentException("risk is '" + word + "'; it must be normal or guarded"));
  }

  @GetMapping("/console/home.yaml")
  ResponseEntity<byte[]> exportFile() {
    return ResponseEntity.ok()
        .header(HttpHeaders.CONTENT_TYPE, "application/yaml")
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=home.yaml")
        .body(files.export().getBytes(StandardCharsets.UTF_8));
  }

  @PutMapping(path = "/console/home.yaml", consumes = "application/yaml")
  @ResponseBody
  Map<String, String> importFile(@RequestBody(required = false) byte @Nullable [] file) {
    return Map.of("told", files.importFile(file).sentence());
  }
}
