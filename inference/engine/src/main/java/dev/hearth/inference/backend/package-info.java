/** The contract that a backend fulfils: run a plan over sequences with their KV caches. */
@NullMarked
package dev.hearth.inference.backend;

import org.jspecify.annotations.NullMarked;
