package dev.hearth.devices;

/**
 * Identifies a device, such as {@code id_0x00158d0001}.
 *
 * @param value a slug: lower-case letters a-z, digits and single underscores, 1 to 64 characters
 */
public record DeviceId(String value) {
  /** Checks the form of the slug. */
  public DeviceId {
    Slugs.requireSlug("DeviceId", value);
  }

  /**
   * The id that a display name leads to.
   *
   * @param name any text; the same text always gives the same id
   * @return the id
   */
  public static DeviceId of(String name) {
    return new DeviceId(Slugs.slug(name));
  }

  @Override
  public String toString() {
    return value;
  }
}
