@NullMarked
package dev.hearth.devices.dialect;

import org.jspecify.annotations.NullMarked;
