package dev.hearth.agent.rest;

import dev.hearth.inference.store.Catalogue;
import dev.hearth.inference.store.Download;
import dev.hearth.inference.store.ModelFolder;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** The language models, as sent. */
record ModelsView(
    List<Model> models,
    @Schema(description = "downloads that run, and how earlier ones of this start ended")
        List<Transfer> downloads,
    @Schema(description = "models that can be pulled by name") List<Offer> catalogue) {

  /** A model that is there. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Model(
      @Schema(example = "mimo-7b-rl-q4_k_m") String name,
      @Schema(description = "size; null for the built-in one before its first start")
          @Nullable Long bytes,
      @Schema(description = "whether the next start uses it, if nothing else is said then")
          boolean active,
      @Schema(description = "whether it is the one that runs") boolean loaded) {

    static Model of(ModelFolder.Model model, @Nullable String loaded) {
      return new Model(
          model.name(),
          model.file() == null ? null : model.bytes(),
          model.active(),
          model.name().equals(loaded));
    }
  }

  /** A download. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Transfer(
      @Schema(example = "mimo-7b-rl-q4_k_m") String name,
      @Schema(description = "where it comes from, without a query") String url,
      @Schema(allowableValues = {"running", "retrying", "verifying", "done", "failed", "cancelled"})
          String state,
      @Schema(description = "bytes that are there; while verifying, bytes that were checked")
          long bytes,
      @Schema(description = "bytes of the whole file; null while unknown") @Nullable Long total,
      long bytesPerSecond,
      @Schema(description = "why it failed, or what it waits for") @Nullable String error) {

    static Transfer of(Download.Snapshot snapshot) {
      return new Transfer(
          snapshot.name(),
          snapshot.uri(),
          snapshot.state().name().toLowerCase(Locale.ROOT),
          snapshot.bytes(),
          snapshot.total(),
          snapshot.bytesPerSecond(),
          snapshot.detail());
    }
  }

  /** A model of the catalogue. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Offer(
      String name,
      String description,
      String url,
      @Schema(description = "size, about") long aboutBytes,
      String licence) {

    static Offer of(Catalogue.Entry entry) {
      return new Offer(
          entry.name(),
          entry.description(),
          entry.uri().toString(),
          entry.aboutBytes(),
          entry.licence());
    }
  }
}
