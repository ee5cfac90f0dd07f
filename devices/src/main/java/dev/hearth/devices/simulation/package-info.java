/**
 * A simulated home: devices that announce themselves by Home Assistant's discovery, move, drift and
 * fail like real ones, and speak MQTT to any broker.
 *
 * <p>It knows nothing of the code that talks to devices: the two meet on the broker only, so that a
 * test of one is a test against something independent.
 */
@NullMarked
package dev.hearth.devices.simulation;

import org.jspecify.annotations.NullMarked;
