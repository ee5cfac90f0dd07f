package dev.hearth.devices.registry;

import dev.hearth.devices.AreaId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision about an entity. What is null stays as it is.
 *
 * @param area where it is
 * @param aliases other names; replaces earlier decided ones
 * @param exposed whether the agent may see and control it
 */
public record EntityPatch(
    @Nullable AreaId area, @Nullable List<String> aliases, @Nullable Boolean exposed) {
  /** Copies the list. */
  public EntityPatch {
    aliases = aliases == null ? null : List.copyOf(aliases);
  }

  /**
   * Moves an entity.
   *
   * @param area where it is
   * @return a patch of that alone
   */
  public static EntityPatch inArea(AreaId area) {
    return new EntityPatch(area, null, null);
  }

  /**
   * Gives an entity other names.
   *
   * @param aliases the names
   * @return a patch of that alone
   */
  public static EntityPatch withAliases(List<String> aliases) {
    return new EntityPatch(null, aliases, null);
  }

  /**
   * Shows or hides an entity.
   *
   * @param exposed true to show it to the agent
   * @return a patch of that alone
   */
  public static EntityPatch withExposed(boolean exposed) {
    return new EntityPatch(null, null, exposed);
  }
}
