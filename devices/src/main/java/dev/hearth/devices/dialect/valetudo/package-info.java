/**
 * What Valetudo robots say beside their announcements in Home Assistant's way: the rooms of their
 * map, as Valetudo's documentation of MQTT describes them.
 */
@NullMarked
package dev.hearth.devices.dialect.valetudo;

import org.jspecify.annotations.NullMarked;
