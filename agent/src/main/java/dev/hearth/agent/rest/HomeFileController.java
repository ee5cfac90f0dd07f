package dev.hearth.agent.rest;

import dev.hearth.agent.home.HomeFiles;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The home as one file. */
@RestController
@RequestMapping("/api/v1/home.yaml")
@Tag(name = "home")
class HomeFileController {
  private static final String YAML = "application/yaml";

  private final HomeFiles files;

  HomeFileController(HomeFiles files) {
    this.files = files;
  }

  @Operation(summary = "Floors, areas and what was decided about entities, as one YAML file")
  @GetMapping(produces = YAML)
  ResponseEntity<byte[]> export() {
    return ResponseEntity.ok(files.export().getBytes(StandardCharsets.UTF_8));
  }

  @Operation(
      summary = "Take a YAML file over",
      description =
          "What it names wins, what it does not name stays, null takes a decision back. All of it or"
              + " nothing: faults are told with their lines. UTF-8, at most 1 MiB.")
  @PutMapping(
      consumes = {YAML, "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN_VALUE},
      produces = MediaType.APPLICATION_JSON_VALUE)
  HomeFiles.Imported importFile(@RequestBody(required = false) byte @Nullable [] file) {
    return files.importFile(file);
  }

  @Operation(hidden = true)
  @PutMapping(
      consumes = {YAML, "application/x-yaml", "text/yaml", MediaType.TEXT_PLAIN_VALUE},
      produces = MediaType.TEXT_PLAIN_VALUE)
  ResponseEntity<String> importForText(@RequestBody(required = false) byte @Nullable [] file) {
    return ResponseEntity.ok()
        .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
        .body(files.importFile(file).sentence() + "\n");
  }
}
