/** Commands out, evidence back: what each device answered, and no more than that. */
@NullMarked
package dev.hearth.devices.command;

import org.jspecify.annotations.NullMarked;
