@NullMarked
package dev.hearth.devices.mqtt;

import org.jspecify.annotations.NullMarked;
