package dev.hearth.devices;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device says about one of its entities.
 *
 * @param id stable id
 * @param name full friendly name, cleaned
 * @param aliases other names, cleaned
 * @param kind what sort of thing it is
 * @param deviceClass Home Assistant's device class, or null
 * @param device the device it belongs to
 * @param capabilities what it can do or report
 * @param visible false for settings and diagnostics, which nobody talks about
 * @param availability what is known about its reach from the start
 */
public record EntityDescription(
    EntityId id,
    String name,
    List<String> aliases,
    Kind kind,
    @Nullable String deviceClass,
    DeviceDescription device,
    List<Capability> capabilities,
    boolean visible,
    Availability availability) {
  /** Copies the lists. */
  public EntityDescription {
    aliases = List.copyOf(aliases);
    capabilities = List.copyOf(capabilities);
  }
}
