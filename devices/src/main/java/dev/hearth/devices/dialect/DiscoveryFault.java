package dev.hearth.devices.dialect;

import dev.hearth.devices.EntityId;
import dev.hearth.devices.Names;
import org.jspecify.annotations.Nullable;

/**
 * Why one entity of an announcement cannot be used.
 *
 * @param entity the entity, which stays as it was announced before; null when the announcement does
 *     not tell
 * @param message where it is, key, value and remedy
 */
public record DiscoveryFault(@Nullable EntityId entity, String message) {
  /** Makes the message a {@linkplain Names#line line}. */
  public DiscoveryFault {
    message = Names.line(message);
  }
}
