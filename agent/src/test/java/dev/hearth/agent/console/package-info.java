/** Tests. */
@NullMarked
package dev.hearth.agent.console;

import org.jspecify.annotations.NullMarked;
