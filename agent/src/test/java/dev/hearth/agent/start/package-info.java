/** Tests. */
@NullMarked
package dev.hearth.agent.start;

import org.jspecify.annotations.NullMarked;
