package dev.hearth.devices;

/**
 * Identifies an entity: {@code <component>.<slug>}, such as {@code light.kitchen_ceiling}. Unique
 * in the home and stable between restarts, because the slug comes from what the device calls itself
 * (its unique id), never from a display name.
 *
 * @param value component (lower-case letters and underscores), a dot, a slug
 */
public record EntityId(String value) {
  /** Checks the form {@code component.slug}. */
  public EntityId {
    int dot = value.indexOf('.');
    if (dot <= 0 || !value.substring(0, dot).matches("[a-z_]{1,32}")) {
      throw new IllegalArgumentException(
          "Entity id '" + value + "' is not of the form component.slug, such as light.kitchen");
    }
    Slugs.requireSlug("EntityId", value.substring(dot + 1));
  }

  /**
   * The component before the dot.
   *
   * @return such as {@code light}
   */
  public String component() {
    return value.substring(0, value.indexOf('.'));
  }

  @Override
  public String toString() {
    return value;
  }
}
