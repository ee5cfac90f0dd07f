/**
 * The CPU backend: an interpreter of plans with scalar reference kernels and Vector API twins. The
 * only user of {@code jdk.incubator.vector}, and it runs without that module too.
 */
@NullMarked
package dev.hearth.inference.cpu;

import org.jspecify.annotations.NullMarked;
