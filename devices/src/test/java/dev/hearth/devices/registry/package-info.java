@NullMarked
package dev.hearth.devices.registry;

import org.jspecify.annotations.NullMarked;
