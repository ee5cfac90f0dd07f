package dev.hearth.agent.rest;

import dev.hearth.devices.Area;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An area, as sent. */
record AreaView(
    @Schema(example = "kitchen") String id,
    @Schema(example = "Kitchen") String name,
    @Schema(description = "id of its floor", example = "ground_floor") @Nullable String floor,
    List<String> aliases) {
  static AreaView of(Area area) {
    return new AreaView(
        area.id().value(),
        area.name(),
        area.floor() == null ? null : area.floor().value(),
        area.aliases());
  }
}
