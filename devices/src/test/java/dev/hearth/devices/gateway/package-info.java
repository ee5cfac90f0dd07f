@NullMarked
package dev.hearth.devices.gateway;

import org.jspecify.annotations.NullMarked;
