/**
 * A connection to an MQTT broker that comes up by itself and stays up, on Eclipse Paho. No other
 * package uses Paho.
 */
@NullMarked
package dev.hearth.devices.mqtt;

import org.jspecify.annotations.NullMarked;
