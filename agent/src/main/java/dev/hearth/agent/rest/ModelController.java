package dev.hearth.agent.rest;

import dev.hearth.agent.library.ModelLibrary;
import dev.hearth.agent.web.InvalidRequestException;
import dev.hearth.inference.store.Catalogue;
import dev.hearth.inference.store.PullSource;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Language models: which are there, and downloads of others. */
@RestController
@RequestMapping(path = "/api/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "models", description = "Language models on this machine, and downloads of others.")
class ModelController {
  private static final int MAX_LENGTH = 2000;

  private final ModelLibrary library;

  ModelController(ModelLibrary library) {
    this.library = library;
  }

  /** What to download. */
  record PullRequest(
      @Schema(
              description = "a name of the catalogue, or an https address of a GGUF file",
              example = "mimo-7b-rl-q4_k_m",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String model,
      @Schema(description = "what it shall be called; left out, after the catalogue or address")
          @Nullable String name,
      @Schema(description = "64 hexadecimal digits; left out, the server has to say them")
          @Nullable String sha256,
      @Schema(description = "false takes a file whose SHA-256 nobody knows", defaultValue = "true")
          @Nullable Boolean verify) {}

  /** Which model to use. */
  record UseRequest(
      @Schema(
              description = "a model that is there, or built-in",
              example = "mimo-7b-rl-q4_k_m",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String model) {}

  @Operation(summary = "The models, running downloads and the catalogue")
  @GetMapping
  ModelsView models() {
    String loaded = library.loaded().orElse(null);
    return new ModelsView(
        library.models().stream().map(model -> ModelsView.Model.of(model, loaded)).toList(),
        library.downloads().stream().map(ModelsView.Transfer::of).toList(),
        Catalogue.entries().stream().map(ModelsView.Offer::of).toList());
  }

  @Operation(
      summary = "Begin to download a model",
      description =
          "Answers at once; GET /api/v1/models tells how far it is. What an earlier download left"
              + " is taken up.")
  @PostMapping(path = "/pull", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  ModelsView.Transfer pull(@RequestBody PullRequest request) {
    String model = request.model();
    if (model == null || model.isBlank() || model.length() > MAX_LENGTH) {
      throw new InvalidRequestException(
          "model", "model is empty or too long: give a name of the catalogue, or an address");
    }
    boolean verify = request.verify() == null || request.verify();
    return ModelsView.Transfer.of(
        library.pull(PullSource.of(model.strip(), request.name(), request.sha256(), verify)));
  }

  @Operation(
      summary = "Choose the model of the next start",
      description =
          "The one that runs stays until then. A model that is named by a setting or an option of"
              + " that start goes before. Answers with the model.")
  @PutMapping(path = "/active", consumes = MediaType.APPLICATION_JSON_VALUE)
  ModelsView.Model use(@RequestBody UseRequest request) {
    String name = request.model();
    if (name == null || name.isBlank()) {
      throw new InvalidRequestException("model", "model is empty: give the name of a model");
    }
    String wanted = name.strip();
    if (!library.use(wanted)) {
      throw new NotFoundException("there is no model \"" + wanted + "\" on this machine");
    }
    String loaded = library.loaded().orElse(null);
    return library.models().stream()
        .filter(model -> model.name().equals(wanted))
        .findFirst()
        .map(model -> ModelsView.Model.of(model, loaded))
        .orElseThrow(() -> new NotFoundException("the model \"" + wanted + "\" was just deleted"));
  }

  @Operation(
      summary = "Stop a download",
      description = "What came is kept; pulling the model again goes on with it.")
  @DeleteMapping("/{name}/download")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void cancel(@PathVariable String name) {
    if (!library.cancel(name)) {
      throw new NotFoundException("no download of \"" + name + "\" runs");
    }
  }

  @Operation(
      summary = "Delete a model",
      description =
          "Also what an unfinished download of that name left. The model that runs is not deleted.")
  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String name) {
    if (!library.remove(name)) {
      throw new NotFoundException("there is no model \"" + name + "\" on this machine");
    }
  }
}
