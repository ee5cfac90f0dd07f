package dev.hearth.devices.registry;

import dev.hearth.devices.AreaId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that people decided about an entity so far. What is null was never decided.
 *
 * @param area where it is
 * @param aliases other names
 * @param exposed whether the agent may see and control it
 */
public record EntityOverride(
    @Nullable AreaId area, @Nullable List<String> aliases, @Nullable Boolean exposed) {
  /** Nothing decided. */
  public static final EntityOverride NONE = new EntityOverride(null, null, null);

  /** Copies the list. */
  public EntityOverride {
    aliases = aliases == null ? null : List.copyOf(aliases);
  }

  EntityOverride patched(EntityPatch patch) {
    return new EntityOverride(
        patch.area() == null ? area : patch.area(),
        patch.aliases() == null ? aliases : patch.aliases(),
        patch.exposed() == null ? exposed : patch.exposed());
  }
}
