/**
 * What Z-Wave JS UI can do beside announcing its nodes in Home Assistant's way: read a value from a
 * node, as its documentation of the MQTT API describes it.
 */
@NullMarked
package dev.hearth.devices.dialect.zwavejs;

import org.jspecify.annotations.NullMarked;
