@NullMarked
package dev.hearth.devices.command;

import org.jspecify.annotations.NullMarked;
