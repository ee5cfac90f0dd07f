package dev.hearth.devices;

/**
 * Identifies a floor, such as {@code first_floor}.
 *
 * @param value a slug: lower-case letters a-z, digits and single underscores, 1 to 64 characters
 */
public record FloorId(String value) {
  /** Checks the form of the slug. */
  public FloorId {
    Slugs.requireSlug("FloorId", value);
  }

  /**
   * The id that a display name leads to.
   *
   * @param name any text; the same text always gives the same id
   * @return the id
   */
  public static FloorId of(String name) {
    return new FloorId(Slugs.slug(name));
  }

  @Override
  public String toString() {
    return value;
  }
}
