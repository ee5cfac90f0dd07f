package dev.hearth.agent.rest;

import dev.hearth.devices.Area;
import dev.hearth.devices.AreaId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An area, as sent. */
record AreaView(
    @Schema(example = "kitchen") String id,
    @Schema(example = "Kitchen") String name,
    @Schema(description = "id of its floor", example = "ground_floor") @Nullable String floor,
    List<String> aliases,
    @Schema(description = "ids of the areas that one can step into from here")
        List<String> adjoining) {
  static AreaView of(Area area) {
    return new AreaView(
        area.id().value(),
        area.name(),
        area.floor() == null ? null : area.floor().value(),
        area.aliases(),
        area.adjoining().stream().map(AreaId::value).toList());
  }
}
