@NullMarked
package dev.hearth.devices.dialect.zigbee2mqtt;

import org.jspecify.annotations.NullMarked;
