/** The current home: queries, change events, and what people decided about its things. */
@NullMarked
package dev.hearth.devices.registry;

import org.jspecify.annotations.NullMarked;
