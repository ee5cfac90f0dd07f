@NullMarked
package dev.hearth.devices;

import org.jspecify.annotations.NullMarked;
