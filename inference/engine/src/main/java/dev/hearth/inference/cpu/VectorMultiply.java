package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Register blocks of the matrix product {@code C += A B}: rows of A against two (or one) vectors of
 * B's columns. Eight independent sums hide the latency of the fused multiply-add, and each vector
 * of B is read once for four rows. Packed rows need one address for all of them: 1.5 times as fast.
 */
final class VectorMultiply {

  /**
   * Distance between rows of B and of C for packed rows. A constant, or the compiler runs out of
   * registers for addresses and checks each index: a sixth slower.
   */
  private static final int WIDE = Kernels.TILE_COLUMNS;

  private VectorMultiply() {}

  /** Four rows x two vectors. */
  static void four(
      float[] a,
      int aAt,
      int aStride,
      float[] b,
      int bAt,
      int bStride,
      float[] c,
      int cAt,
      int cStride,
      int k) {
    int c1 = cAt + cStride;
    int c2 = c1 + cStride;
    int c3 = c2 + cStride;
    FloatVector acc00 = FloatVector.fromArray(FLOATS, c, cAt);
    FloatVector acc01 = FloatVector.fromArray(FLOATS, c, cAt + LANES);
    FloatVector acc10 = FloatVector.fromArray(FLOATS, c, c1);
    FloatVector acc11 = FloatVector.fromArray(FLOATS, c, c1 + LANES);
    FloatVector acc20 = FloatVector.fromArray(FLOATS, c, c2);
    FloatVector acc21 = FloatVector.fromArray(FLOATS, c, c2 + LANES);
    FloatVector acc30 = FloatVector.fromArray(FLOATS, c, c3);
    FloatVector acc31 = FloatVector.fromArray(FLOATS, c, c3 + LANES);
    int a1 = aAt + aStride;
    int a2 = a1 + aStride;
    int a3 = a2 + aStride;
    for (int p = 0, q = bAt; p < k; p++, q += bStride) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, q);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, q + LANES);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aAt + p]);
      acc00 = x0.fma(b0, acc00);
      acc01 = x0.fma(b1, acc01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      acc10 = x1.fma(b0, acc10);
      acc11 = x1.fma(b1, acc11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      acc20 = x2.fma(b0, acc20);
      acc21 = x2.fma(b1, acc21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
      acc30 = x3.fma(b0, acc30);
      acc31 = x3.fma(b1, acc31);
    }
    acc00.intoArray(c, cAt);
    acc01.intoArray(c, cAt + LANES);
    acc10.intoArray(c, c1);
    acc11.intoArray(c, c1 + LANES);
    acc20.intoArray(c, c2);
    acc21.intoArray(c, c2 + LANES);
    acc30.intoArray(c, c3);
    acc31.intoArray(c, c3 + LANES);
  }

  /**
   * Eight packed rows x two vectors: step p of A is at {@code aAt + {@value Activation#TILE} p}.
   */
  static void eightPacked(float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int k) {
    FloatVector acc00 = FloatVector.fromArray(FLOATS, c, cAt);
    FloatVector acc01 = FloatVector.fromArray(FLOATS, c, cAt + LANES);
    FloatVector acc10 = FloatVector.fromArray(FLOATS, c, cAt + WIDE);
    FloatVector acc11 = FloatVector.fromArray(FLOATS, c, cAt + WIDE + LANES);
    FloatVector acc20 = FloatVector.fromArray(FLOATS, c, cAt + 2 * WIDE);
    FloatVector acc21 = FloatVector.fromArray(FLOATS, c, cAt + 2 * WIDE + LANES);
    FloatVector acc30 = FloatVector.fromArray(FLOATS, c, cAt + 3 * WIDE);
    FloatVector acc31 = FloatVector.fromArray(FLOATS, c, cAt + 3 * WIDE + LANES);
    FloatVector acc40 = FloatVector.fromArray(FLOATS, c, cAt + 4 * WIDE);
    FloatVector acc41 = FloatVector.fromArray(FLOATS, c, cAt + 4 * WIDE + LANES);
    FloatVector acc50 = FloatVector.fromArray(FLOATS, c, cAt + 5 * WIDE);
    FloatVector acc51 = FloatVector.fromArray(FLOATS, c, cAt + 5 * WIDE + LANES);
    FloatVector acc60 = FloatVector.fromArray(FLOATS, c, cAt + 6 * WIDE);
    FloatVector acc61 = FloatVector.fromArray(FLOATS, c, cAt + 6 * WIDE + LANES);
    FloatVector acc70 = FloatVector.fromArray(FLOATS, c, cAt + 7 * WIDE);
    FloatVector acc71 = FloatVector.fromArray(FLOATS, c, cAt + 7 * WIDE + LANES);
    for (int p = 0; p < k; p++) {
      int q = bAt + p * WIDE;
      int r = aAt + p * Activation.TILE;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, q);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, q + LANES);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[r]);
      acc00 = x0.fma(b0, acc00);
      acc01 = x0.fma(b1, acc01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[r + 1]);
      acc10 = x1.fma(b0, acc10);
      acc11 = x1.fma(b1, acc11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[r + 2]);
      acc20 = x2.fma(b0, acc20);
      acc21 = x2.fma(b1, acc21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[r + 3]);
      acc30 = x3.fma(b0, acc30);
      acc31 = x3.fma(b1, acc31);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[r + 4]);
      acc40 = x4.fma(b0, acc40);
      acc41 = x4.fma(b1, acc41);
      FloatVector x5 = FloatVector.broadcast(FLOATS, a[r + 5]);
      acc50 = x5.fma(b0, acc50);
      acc51 = x5.fma(b1, acc51);
      FloatVector x6 = FloatVector.broadcast(FLOATS, a[r + 6]);
      acc60 = x6.fma(b0, acc60);
      acc61 = x6.fma(b1, acc61);
      FloatVector x7 = FloatVector.broadcast(FLOATS, a[r + 7]);
      acc70 = x7.fma(b0, acc70);
      acc71 = x7.fma(b1, acc71);
    }
    acc00.intoArray(c, cAt);
    acc01.intoArray(c, cAt + LANES);
    acc10.intoArray(c, cAt + WIDE);
    acc11.intoArray(c, cAt + WIDE + LANES);
    acc20.intoArray(c, cAt + 2 * WIDE);
    acc21.intoArray(c, cAt + 2 * WIDE + LANES);
    acc30.intoArray(c, cAt + 3 * WIDE);
    acc31.intoArray(c, cAt + 3 * WIDE + LANES);
    acc40.intoArray(c, cAt + 4 * WIDE);
    acc41.intoArray(c, cAt + 4 * WIDE + LANES);
    acc50.intoArray(c, cAt + 5 * WIDE);
    acc51.intoArray(c, cAt + 5 * WIDE + LANES);
    acc60.intoArray(c, cAt + 6 * WIDE);
    acc61.intoArray(c, cAt + 6 * WIDE + LANES);
    acc70.intoArray(c, cAt + 7 * WIDE);
    acc71.intoArray(c, cAt + 7 * WIDE + LANES);
  }

  /**
   * The same with the difference of two B's, which is written too: additions and stores have time
   * beside the multiply-adds.
   */
  static void eightDifference(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      int minusAt,
      int differenceAt,
      float[] c,
      int cAt,
      int k) {
    FloatVector acc00 = FloatVector.fromArray(FLOATS, c, cAt);
    FloatVector acc01 = FloatVector.fromArray(FLOATS, c, cAt + LANES);
    FloatVector acc10 = FloatVector.fromArray(FLOATS, c, cAt + WIDE);
    FloatVector acc11 = FloatVector.fromArray(FLOATS, c, cAt + WIDE + LANES);
    FloatVector acc20 = FloatVector.fromArray(FLOATS, c, cAt + 2 * WIDE);
    FloatVector acc21 = FloatVector.fromArray(FLOATS, c, cAt + 2 * WIDE + LANES);
    FloatVector acc30 = FloatVector.fromArray(FLOATS, c, cAt + 3 * WIDE);
    FloatVector acc31 = FloatVector.fromArray(FLOATS, c, cAt + 3 * WIDE + LANES);
    FloatVector acc40 = FloatVector.fromArray(FLOATS, c, cAt + 4 * WIDE);
    FloatVector acc41 = FloatVector.fromArray(FLOATS, c, cAt + 4 * WIDE + LANES);
    FloatVector acc50 = FloatVector.fromArray(FLOATS, c, cAt + 5 * WIDE);
    FloatVector acc51 = FloatVector.fromArray(FLOATS, c, cAt + 5 * WIDE + LANES);
    FloatVector acc60 = FloatVector.fromArray(FLOATS, c, cAt + 6 * WIDE);
    FloatVector acc61 = FloatVector.fromArray(FLOATS, c, cAt + 6 * WIDE + LANES);
    FloatVector acc70 = FloatVector.fromArray(FLOATS, c, cAt + 7 * WIDE);
    FloatVector acc71 = FloatVector.fromArray(FLOATS, c, cAt + 7 * WIDE + LANES);
    for (int p = 0; p < k; p++) {
      int q = bAt + p * WIDE;
      int r = aAt + p * Activation.TILE;
      int m = minusAt + p * WIDE;
      int d = differenceAt + p * WIDE;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, q).sub(FloatVector.fromArray(FLOATS, b, m));
      FloatVector b1 =
          FloatVector.fromArray(FLOATS, b, q + LANES)
              .sub(FloatVector.fromArray(FLOATS, b, m + LANES));
      b0.intoArray(b, d);
      b1.intoArray(b, d + LANES);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[r]);
      acc00 = x0.fma(b0, acc00);
      acc01 = x0.fma(b1, acc01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[r + 1]);
      acc10 = x1.fma(b0, acc10);
      acc11 = x1.fma(b1, acc11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[r + 2]);
      acc20 = x2.fma(b0, acc20);
      acc21 = x2.fma(b1, acc21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[r + 3]);
      acc30 = x3.fma(b0, acc30);
      acc31 = x3.fma(b1, acc31);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[r + 4]);
      acc40 = x4.fma(b0, acc40);
      acc41 = x4.fma(b1, acc41);
      FloatVector x5 = FloatVector.broadcast(FLOATS, a[r + 5]);
      acc50 = x5.fma(b0, acc50);
      acc51 = x5.fma(b1, acc51);
      FloatVector x6 = FloatVector.broadcast(FLOATS, a[r + 6]);
      acc60 = x6.fma(b0, acc60);
      acc61 = x6.fma(b1, acc61);
      FloatVector x7 = FloatVector.broadcast(FLOATS, a[r + 7]);
      acc70 = x7.fma(b0, acc70);
      acc71 = x7.fma(b1, acc71);
    }
    acc00.intoArray(c, cAt);
    acc01.intoArray(c, cAt + LANES);
    acc10.intoArray(c, cAt + WIDE);
    acc11.intoArray(c, cAt + WIDE + LANES);
    acc20.intoArray(c, cAt + 2 * WIDE);
    acc21.intoArray(c, cAt + 2 * WIDE + LANES);
    acc30.intoArray(c, cAt + 3 * WIDE);
    acc31.intoArray(c, cAt + 3 * WIDE + LANES);
    acc40.intoArray(c, cAt + 4 * WIDE);
    acc41.intoArray(c, cAt + 4 * WIDE + LANES);
    acc50.intoArray(c, cAt + 5 * WIDE);
    acc51.intoArray(c, cAt + 5 * WIDE + LANES);
    acc60.intoArray(c, cAt + 6 * WIDE);
    acc61.intoArray(c, cAt + 6 * WIDE + LANES);
    acc70.intoArray(c, cAt + 7 * WIDE);
    acc71.intoArray(c, cAt + 7 * WIDE + LANES);
  }

  /** Four packed rows x two vectors: step p of A is at {@code aAt + {@value Activation#TILE} p}. */
  static void fourPacked(float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int k) {
    FloatVector acc00 = FloatVector.fromArray(FLOATS, c, cAt);
    FloatVector acc01 = FloatVector.fromArray(FLOATS, c, cAt + LANES);
    FloatVector acc10 = FloatVector.fromArray(FLOATS, c, cAt + WIDE);
    FloatVector acc11 = FloatVector.fromArray(FLOATS, c, cAt + WIDE + LANES);
    FloatVector acc20 = FloatVector.fromArray(FLOATS, c, cAt + 2 * WIDE);
    FloatVector acc21 = FloatVector.fromArray(FLOATS, c, cAt + 2 * WIDE + LANES);
    FloatVector acc30 = FloatVector.fromArray(FLOATS, c, cAt + 3 * WIDE);
    FloatVector acc31 = FloatVector.fromArray(FLOATS, c, cAt + 3 * WIDE + LANES);
    for (int p = 0; p < k; p++) {
      int q = bAt + p * WIDE;
      int r = aAt + p * Activation.TILE;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, q);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, q + LANES);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[r]);
      acc00 = x0.fma(b0, acc00);
      acc01 = x0.fma(b1, acc01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[r + 1]);
      acc10 = x1.fma(b0, acc10);
      acc11 = x1.fma(b1, acc11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[r + 2]);
      acc20 = x2.fma(b0, acc20);
      acc21 = x2.fma(b1, acc21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[r + 3]);
      acc30 = x3.fma(b0, acc30);
      acc31 = x3.fma(b1, acc31);
    }
    acc00.intoArray(c, cAt);
    acc01.intoArray(c, cAt + LANES);
    acc10.intoArray(c, cAt + WIDE);
    acc11.intoArray(c, cAt + WIDE + LANES);
    acc20.intoArray(c, cAt + 2 * WIDE);
    acc21.intoArray(c, cAt + 2 * WIDE + LANES);
    acc30.intoArray(c, cAt + 3 * WIDE);
    acc31.intoArray(c, cAt + 3 * WIDE + LANES);
  }

  /** One row x two vectors; four sums, two for even and two for odd steps. */
  static void one(float[] a, int aAt, float[] b, int bAt, int bStride, float[] c, int cAt, int k) {
    FloatVector acc0 = FloatVector.fromArray(FLOATS, c, cAt);
    FloatVector acc1 = FloatVector.fromArray(FLOATS, c, cAt + LANES);
    FloatVector acc2 = FloatVector.zero(FLOATS);
    FloatVector acc3 = acc2;
    int q = bAt;
    int p = 0;
    for (; p + 2 <= k; p += 2, q += 2 * bStride) {
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aAt + p]);
      acc0 = x0.fma(FloatVector.fromArray(FLOATS, b, q), acc0);
      acc1 = x0.fma(FloatVector.fromArray(FLOATS, b, q + LANES), acc1);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[aAt + p + 1]);
      acc2 = x1.fma(FloatVector.fromArray(FLOATS, b, q + bStride), acc2);
      acc3 = x1.fma(FloatVector.fromArray(FLOATS, b, q + bStride + LANES), acc3);
    }
    if (p < k) {
      FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + p]);
      acc0 = x.fma(FloatVector.fromArray(FLOATS, b, q), acc0);
      acc1 = x.fma(FloatVector.fromArray(FLOATS, b, q + LANES), acc1);
    }
    acc0.add(acc2).intoArray(c, cAt);
    acc1.add(acc3).intoArray(c, cAt + LANES);
  }

  /** Eight rows x one vector. */
  static void eightNarrow(
      float[] a,
      int aAt,
      int aStride,
      float[] b,
      int bAt,
      int bStride,
      float[] c,
      int cAt,
      int cStride,
      int k) {
    FloatVector acc0 = FloatVector.fromArray(FLOATS, c, cAt);
    FloatVector acc1 = FloatVector.fromArray(FLOATS, c, cAt + cStride);
    FloatVector acc2 = FloatVector.fromArray(FLOATS, c, cAt + 2 * cStride);
    FloatVector acc3 = FloatVector.fromArray(FLOATS, c, cAt + 3 * cStride);
    FloatVector acc4 = FloatVector.fromArray(FLOATS, c, cAt + 4 * cStride);
    FloatVector acc5 = FloatVector.fromArray(FLOATS, c, cAt + 5 * cStride);
    FloatVector acc6 = FloatVector.fromArray(FLOATS, c, cAt + 6 * cStride);
    FloatVector acc7 = FloatVector.fromArray(FLOATS, c, cAt + 7 * cStride);
    int a1 = aAt + aStride;
    int a2 = a1 + aStride;
    int a3 = a2 + aStride;
    int a4 = a3 + aStride;
    int a5 = a4 + aStride;
    int a6 = a5 + aStride;
    int a7 = a6 + aStride;
    for (int p = 0, q = bAt; p < k; p++, q += bStride) {
      FloatVector y = FloatVector.fromArray(FLOATS, b, q);
      acc0 = FloatVector.broadcast(FLOATS, a[aAt + p]).fma(y, acc0);
      acc1 = FloatVector.broadcast(FLOATS, a[a1 + p]).fma(y, acc1);
      acc2 = FloatVector.broadcast(FLOATS, a[a2 + p]).fma(y, acc2);
      acc3 = FloatVector.broadcast(FLOATS, a[a3 + p]).fma(y, acc3);
      acc4 = FloatVector.broadcast(FLOATS, a[a4 + p]).fma(y, acc4);
      acc5 = FloatVector.broadcast(FLOATS, a[a5 + p]).fma(y, acc5);
      acc6 = FloatVector.broadcast(FLOATS, a[a6 + p]).fma(y, acc6);
      acc7 = FloatVector.broadcast(FLOATS, a[a7 + p]).fma(y, acc7);
    }
    acc0.intoArray(c, cAt);
    acc1.intoArray(c, cAt + cStride);
    acc2.intoArray(c, cAt + 2 * cStride);
    acc3.intoArray(c, cAt + 3 * cStride);
    acc4.intoArray(c, cAt + 4 * cStride);
    acc5.intoArray(c, cAt + 5 * cStride);
    acc6.intoArray(c, cAt + 6 * cStride);
    acc7.intoArray(c, cAt + 7 * cStride);
  }

  /** One row x one vector. */
  static void narrow(
      float[] a, int aAt, float[] b, int bAt, int bStride, float[] c, int cAt, int k) {
    FloatVector acc = FloatVector.fromArray(FLOATS, c, cAt);
    for (int p = 0, q = bAt; p < k; p++, q += bStride) {
      FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + p]);
      acc = x.fma(FloatVector.fromArray(FLOATS, b, q), acc);
    }
    acc.intoArray(c, cAt);
  }
}
