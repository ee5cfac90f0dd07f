/** Tests of the simulated home. */
@NullMarked
package dev.hearth.devices.simulation;

import org.jspecify.annotations.NullMarked;
