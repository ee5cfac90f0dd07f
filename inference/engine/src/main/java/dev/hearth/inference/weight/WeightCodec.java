package dev.hearth.inference.weight;

import java.lang.foreign.MemorySegment;

/** Reads and writes the stored form of one weight type; the reference that kernels agree with. */
public interface WeightCodec {

  /**
   * Dequantises consecutive values.
   *
   * @param source stored bytes, little-endian
   * @param offset byte where the first block begins
   * @param target receives the values
   * @param at index of the first value in {@code target}
   * @param count number of values, a multiple of the block size
   */
  void dequantise(MemorySegment source, long offset, float[] target, int at, int count);

  /**
   * Quantises consecutive values, rounding to nearest.
   *
   * @param source the values
   * @param at index of the first one
   * @param count number of values, a multiple of the block size
   * @param target receives the stored bytes, little-endian
   * @param offset byte where the first block begins
   */
  void quantise(float[] source, int at, int count, MemorySegment target, long offset);
}
