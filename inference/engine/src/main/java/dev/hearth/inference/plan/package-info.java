/**
 * The decoder described once: operations over slots and weights, without arithmetic. Prefill is the
 * plan with n tokens, decode with one.
 */
@NullMarked
package dev.hearth.inference.plan;

import org.jspecify.annotations.NullMarked;
