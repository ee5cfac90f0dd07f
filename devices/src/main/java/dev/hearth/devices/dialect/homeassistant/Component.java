package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.Capability;
import java.util.List;

/**
 * What a component's class makes of a configuration.
 *
 * @param capabilities what the entity can do or report
 * @param codec how to talk to it
 */
record Component(List<Capability> capabilities, HomeAssistantCodec codec) {}
