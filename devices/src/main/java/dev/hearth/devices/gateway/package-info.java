/** Puts the pieces together: one connection, one registry, one executor. */
@NullMarked
package dev.hearth.devices.gateway;

import org.jspecify.annotations.NullMarked;
