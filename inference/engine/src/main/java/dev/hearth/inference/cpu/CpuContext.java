package dev.hearth.inference.cpu;

/**
 * What the steps of a session share.
 *
 * @param kernels the arithmetic
 * @param workers the threads
 * @param scratch buffers, one per thread
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose, never compared
record CpuContext(Kernels kernels, Workers workers, Scratch[] scratch) {}
