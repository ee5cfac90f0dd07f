/** Picks tokens from logits. */
@NullMarked
package dev.hearth.inference.sampling;

import org.jspecify.annotations.NullMarked;
