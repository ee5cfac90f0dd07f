package dev.hearth.devices.registry;

import dev.hearth.devices.AreaId;
import dev.hearth.devices.Risk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that people decided about an entity. What is null was not decided and is as the device
 * or its kind says.
 *
 * @param name what it is called
 * @param area where it is
 * @param aliases other names, in any language, instead of those that the device tells
 * @param exposed whether the agent may see and control it
 * @param risk whether commands to it wait for a confirmation
 */
public record EntityOverride(
    @Nullable String name,
    @Nullable AreaId area,
    @Nullable List<String> aliases,
    @Nullable Boolean exposed,
    @Nullable Risk risk) {
  /** Nothing decided. */
  public static final EntityOverride NONE = new EntityOverride(null, null, null, null, null);

  /** Copies the list. */
  public EntityOverride {
    aliases = aliases == null ? null : List.copyOf(aliases);
  }

  /**
   * The same with another name.
   *
   * @param name the name, or null to take back the decision
   * @return the copy
   */
  public EntityOverride withName(@Nullable String name) {
    return new EntityOverride(name, area, aliases, exposed, risk);
  }

  /**
   * The same with another area.
   *
   * @param area the area, or null to take back the decision
   * @return the copy
   */
  public EntityOverride withArea(@Nullable AreaId area) {
    return new EntityOverride(name, area, aliases, exposed, risk);
  }

  /**
   * The same with other aliases.
   *
   * @param aliases the aliases, or null to take back the decision
   * @return the copy
   */
  public EntityOverride withAliases(@Nullable List<String> aliases) {
    return new EntityOverride(name, area, aliases, exposed, risk);
  }

  /**
   * The same, shown or hidden.
   *
   * @param exposed true to show it to the agent, or null to take back the decision
   * @return the copy
   */
  public EntityOverride withExposed(@Nullable Boolean exposed) {
    return new EntityOverride(name, area, aliases, exposed, risk);
  }

  /**
   * The same with another risk class.
   *
   * @param risk the class, or null to take back the decision
   * @return the copy
   */
  public EntityOverride withRisk(@Nullable Risk risk) {
    return new EntityOverride(name, area, aliases, exposed, risk);
  }
}
