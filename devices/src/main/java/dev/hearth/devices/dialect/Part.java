package dev.hearth.devices.dialect;

import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Slugs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a device that becomes one entity.
 *
 * @param kind what sort of thing it is
 * @param object its name within the device, for ids
 * @param name what people call it, cleaned
 * @param deviceClass Home Assistant's device class, or null
 * @param visible whether it is no mere detail
 * @param capabilities what it can do or report
 * @param codec how to talk to it
 */
public record Part(
    Kind kind,
    String object,
    String name,
    @Nullable String deviceClass,
    boolean visible,
    List<Capability> capabilities,
    Codec codec) {
  /** Copies the list. */
  public Part {
    capabilities = List.copyOf(capabilities);
  }

  /**
   * The entity.
   *
   * @param owner what tells the device from all others, such as {@code tasmota_A0B1C2D3E4F5}
   * @param device what the device says of itself
   * @return the entity, of which nothing is heard yet
   */
  public Discovered discovered(String owner, DeviceDescription device) {
    String unique = owner + "_" + object;
    return new Discovered(
        kind.component() + "." + unique,
        new EntityDescription(
            new EntityId(kind.component() + "." + Slugs.slug(unique)),
            name,
            List.of(),
            kind,
            deviceClass,
            device,
            capabilities,
            visible,
            Availability.UNKNOWN),
        codec);
  }

  /**
   * What tells whether anything of it changed, for a codec is another each time.
   *
   * @return equal for equal parts
   */
  public Object looks() {
    return List.of(kind, object, name, visible, capabilities);
  }
}
