package dev.hearth.inference.cpu;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;

/**
 * The arithmetic of the CPU backend. There are two twins that agree within rounding: {@link
 * ScalarKernels}, the readable reference, and {@link VectorKernels}.
 */
interface Kernels {

  /**
   * Columns of B in products of packed rows: two strips, a multiple of twice every vector width.
   */
  int TILE_COLUMNS = 2 * PanelKernel.STRIP;

  /** Name for logs, such as {@code vector-512}. */
  String name();

  /**
   * Told when loading a large model is well under way and the kernels may be compiled meanwhile.
   */
  default void warmUp() {}

  /** Told when a session is open and loading no longer needs the processor. */
  default void opened() {}

  /** Whether kernels take two activations faster than one after the other. */
  default boolean pairs() {
    return true;
  }

  /** The kernels of a weight type for rows of this length. */
  PanelKernel weight(WeightType type, int columns);

  /** {@code out = in / sqrt(mean(in²) + epsilon) * gain} over {@code width} values. */
  void rmsNorm(
      float[] in, int inAt, float[] gain, float epsilon, float[] out, int outAt, int width);

  /**
   * Rotates pairs (i, i + half) of one head.
   *
   * @param x holds the head from {@code at}
   * @param cosines cosine of each pair's angle from {@code angleAt}
   * @param sines sine likewise
   * @param half half of the head's width
   */
  void rotate(float[] x, int at, float[] cosines, float[] sines, int angleAt, int half);

  /** {@code out = silu(gate) * up} over {@code count} values from {@code at} of each. */
  void gatedUnit(float[] gate, float[] up, float[] out, int at, int count);

  /** {@code out = a + b} over {@code count} values; {@code out} may be either of them. */
  void add(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count);

  /** {@code out = a - b} over {@code count} values; {@code out} may be either of them. */
  void subtract(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count);

  /** In place {@code x = softmax(scale * x)} over {@code count} values from {@code at}. */
  void softmax(float[] x, int at, int count, float scale);

  /**
   * Matrix product {@code C += A B}, all row-major with a distance between rows.
   *
   * @param a m x k from {@code aAt}
   * @param b k x n from {@code bAt}
   * @param c m x n from {@code cAt}
   */
  void multiply(
      float[] a,
      int aAt,
      int aStride,
      float[] b,
      int bAt,
      int bStride,
      float[] c,
      int cAt,
      int cStride,
      int m,
      int k,
      int n);

  /**
   * The same with A packed, row i of step p at {@code aAt + 8 p + i} (see {@link
   * Activation#packed}), and a B and C of {@link #TILE_COLUMNS} columns without gaps.
   *
   * @param m rows of A, at most {@link Activation#TILE}; the packed form has that many, so C must
   *     have room for them too
   */
  void multiplyPacked(float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int m, int k);

  /**
   * Product of eight packed rows with a difference of two matrices, which it writes too: {@code D =
   * B - M}, {@code C += A D}. All as {@link #multiplyPacked} has them.
   *
   * @param b holds B from {@code bAt}, M from {@code minusAt} and receives D from {@code
   *     differenceAt}, which may be the place of either
   */
  default void multiplyDifference(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      int minusAt,
      int differenceAt,
      float[] c,
      int cAt,
      int k) {
    subtract(b, bAt, b, minusAt, b, differenceAt, k * TILE_COLUMNS);
    multiplyPacked(a, aAt, b, differenceAt, c, cAt, Activation.TILE, k);
  }

  /**
   * Half-precision values to floats.
   *
   * @param in holds them from byte {@code inAt}
   */
  void widenHalves(MemorySegment in, long inAt, float[] out, int outAt, int count);

  /**
   * Signed bytes to floats.
   *
   * @param in holds them from byte {@code inAt}
   */
  void widenBytes(MemorySegment in, long inAt, float[] out, int outAt, int count);
}
