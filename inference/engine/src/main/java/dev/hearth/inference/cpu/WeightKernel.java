package dev.hearth.inference.cpu;

import java.lang.foreign.MemorySegment;

/** The kernels of one weight type. */
interface WeightKernel {

  /** What the work space is longer than a row. */
  int EXTRA = 32;

  /**
   * Products of some stored rows with one or a few activations: {@code out[c * outStride + r] =
   * row(r) · x(c)}. Each row is read once, and an activation's results are the same bits whatever
   * the number of activations.
   *
   * @param weight stored rows
   * @param columns length of a row
   * @param from first row
   * @param to row after the last
   * @param x activations one after the other, each {@code columns} long
   * @param count number of activations
   * @param out receives the results
   * @param outStride distance between the results of two activations
   * @param line work space of {@code columns} and {@link #EXTRA} values
   */
  void matVec(
      MemorySegment weight,
      int columns,
      int from,
      int to,
      float[] x,
      int count,
      float[] out,
      int outStride,
      float[] line);

  /**
   * Dequantises consecutive values.
   *
   * @param weight stored values
   * @param offset byte of the first block
   * @param out receives them from {@code outAt}
   * @param count multiple of the block size
   */
  void dequantise(MemorySegment weight, long offset, float[] out, int outAt, int count);
}
