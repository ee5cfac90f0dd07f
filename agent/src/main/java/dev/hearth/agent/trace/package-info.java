/** One record per utterance. */
@NullMarked
package dev.hearth.agent.trace;

import org.jspecify.annotations.NullMarked;
