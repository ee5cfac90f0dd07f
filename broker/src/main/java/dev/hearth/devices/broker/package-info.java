/**
 * The MQTT broker of the default set-up: HiveMQ Community Edition inside this process, on loopback
 * only, with a password, behind {@link dev.hearth.devices.broker.EmbeddedBroker}.
 *
 * <p>Nothing outside this package knows which broker it is.
 */
@NullMarked
package dev.hearth.devices.broker;

import org.jspecify.annotations.NullMarked;
