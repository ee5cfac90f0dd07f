/**
 * The loop: prefix reuse, prefill, masked decode, forced text, stop rules, and the queue of
 * concurrent requests.
 */
@NullMarked
package dev.hearth.inference.generate;

import org.jspecify.annotations.NullMarked;
