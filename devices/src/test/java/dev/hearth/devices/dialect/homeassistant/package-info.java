@NullMarked
package dev.hearth.devices.dialect.homeassistant;

import org.jspecify.annotations.NullMarked;
