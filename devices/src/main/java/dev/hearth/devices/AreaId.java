package dev.hearth.devices;

/**
 * Identifies a area, such as {@code living_room}.
 *
 * @param value a slug: lower-case letters a-z, digits and single underscores, 1 to 64 characters
 */
public record AreaId(String value) {
  /** Checks the form of the slug. */
  public AreaId {
    Slugs.requireSlug("AreaId", value);
  }

  /**
   * The id that a display name leads to.
   *
   * @param name any text; the same text always gives the same id
   * @return the id
   */
  public static AreaId of(String name) {
    return new AreaId(Slugs.slug(name));
  }

  @Override
  public String toString() {
    return value;
  }
}
