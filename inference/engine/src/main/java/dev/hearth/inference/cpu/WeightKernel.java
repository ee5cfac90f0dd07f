package dev.hearth.inference.cpu;

import java.lang.foreign.MemorySegment;

/** The kernels of one weight type. */
interface WeightKernel {

  /** Whether {@link #matVec} reads the 8-bit form of the activation. */
  boolean quantised();

  /**
   * Matrix-vector product over some rows: {@code out[outAt + r] = row(r) · x}.
   *
   * @param weight stored rows
   * @param columns length of a row
   * @param from first row
   * @param to row after the last
   * @param x activation as wide as {@code columns}
   * @param row row of the activation
   * @param out receives the results, row r at {@code outAt + r}
   */
  void matVec(
      MemorySegment weight,
      int columns,
      int from,
      int to,
      Activation x,
      int row,
      float[] out,
      int outAt);

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
