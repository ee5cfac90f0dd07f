package dev.hearth.devices.dialect.shelly;

import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Slugs;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Discovered;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes one entity.
 *
 * @param kind what sort of thing it is
 * @param object its name within the device, for ids
 * @param name what people call it
 * @param deviceClass Home Assistant's device class, or null
 * @param visible whether it is no mere detail
 * @param capabilities what it can do or report
 * @param codec how to talk to it
 */
record Part(
    Kind kind,
    String object,
    String name,
    @Nullable String deviceClass,
    boolean visible,
    List<Capability> capabilities,
    Codec codec) {

  /**
   * The entity.
   *
   * @param device id of its device
   */
  Discovered discovered(String device, DeviceDescription described) {
    String unique = "shelly_" + device + "_" + object;
    return new Discovered(
        kind.component() + "." + unique,
        new EntityDescription(
            new EntityId(kind.component() + "." + Slugs.slug(unique)),
            name,
            List.of(),
            kind,
            deviceClass,
            described,
            capabilities,
            visible,
            Availability.UNKNOWN),
        codec);
  }
}
