package dev.hearth.agent.rest;

import dev.hearth.devices.Floor;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A floor, as sent. */
record FloorView(
    @Schema(example = "ground_floor") String id,
    @Schema(example = "Ground floor") String name,
    @Schema(description = "0 is the ground floor, cellars are negative") int level,
    List<String> aliases) {
  static FloorView of(Floor floor) {
    return new FloorView(floor.id().value(), floor.name(), floor.level(), floor.aliases());
  }
}
