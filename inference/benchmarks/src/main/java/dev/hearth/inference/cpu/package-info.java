/** Benchmarks of the CPU backend's kernels; in its package because the kernels are not public. */
@NullMarked
package dev.hearth.inference.cpu;

import org.jspecify.annotations.NullMarked;
