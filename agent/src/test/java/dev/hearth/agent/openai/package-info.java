/** Tests. */
@NullMarked
package dev.hearth.agent.openai;

import org.jspecify.annotations.NullMarked;
