/**
 * The language of the home: floors, areas, devices, entities with capabilities, their states, and
 * the commands that change them. Plain immutable values that know nothing of MQTT.
 */
@NullMarked
package dev.hearth.devices;

import org.jspecify.annotations.NullMarked;
