/** Measures whole models from the command line. */
@NullMarked
package dev.hearth.inference.benchmarks;

import org.jspecify.annotations.NullMarked;
