package dev.hearth.inference.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The operations without a matrix, as TornadoVM compiles them to OpenCL.
 *
 * <p>What its compiler (5.2.0) bears decides the form: no branch around a loop (values that leave
 * the loop are wrong after the branches join), thread indices read once into locals, no local array
 * as an argument, no argument with the name of an OpenCL type. Rows that nobody wants may be
 * computed: their places exist and are never read.
 */
final class RowKernels {

  /** Most lanes of a work group. */
  static final int MAX_LANES = 64;

  /** Widest head of attention. */
  static final int MAX_HEAD = 256;

  /** Takes part in attention as minus infinity, which relaxed arithmetic does not know. */
  static final float NOTHING = -1e30f;

  private RowKernels() {}

  /** One work group a part (group x) of a row (group y); parts are as wide as the gain. */
  static void rmsNorm(
      KernelContext context,
      FloatArray in,
      FloatArray gain,
      FloatArray out,
      int parts,
      int width,
      float epsilon) {
    float[] sums = context.allocateFloatLocalArray(MAX_LANES);
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int part = context.groupIdx;
    int row = context.groupIdy;
    int at = (row * parts + part) * width;
    float sum = 0;
    for (int i = lane; i < width; i += lanes) {
      float x = in.get(at + i);
      sum += x * x;
    }
    sums[lane] = sum;
    for (int half = lanes / 2; half > 0; half /= 2) {
      context.localBarrier();
      if (lane < half) {
        sums[lane] += sums[lane + half];
      }
    }
    context.localBarrier();
    float scale = 1 / TornadoMath.sqrt(sums[0] / width + epsilon);
    for (int i = lane; i < width; i += lanes) {
      out.set(at + i, in.get(at + i) * scale * gain.get(i));
    }
  }

  /**
   * Products of some rows of a matrix, which {@code weights} holds one after another: one work
   * group such a row (group y), for all rows of the pass that want logits.
   */
  static void listed(
      KernelContext context,
      IntArray pass,
      FloatArray in,
      FloatArray weights,
      FloatArray out,
      int columns,
      int most) {
    float[] sums = context.allocateFloatLocalArray(MAX_LANES);
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int which = context.groupIdy;
    int rows = pass.get(Pass.LOGITS);
    for (int row = 0; row < rows; row++) {
      float sum = 0;
      for (int i = lane; i < columns; i += lanes) {
        sum += in.get(row * columns + i) * weights.get(which * columns + i);
      }
      sums[lane] = sum;
      for (int half = lanes / 2; half > 0; half /= 2) {
        context.localBarrier();
        if (lane < half) {
          sums[lane] += sums[lane + half];
        }
      }
      if (lane == 0) {
        out.set(row * most + which, sums[0]);
      }
      context.localBarrier();
    }
  }

  /**
   * The greatest logit of the tokens of a mask, of equals the one with the lowest id: one work
   * group a stretch (group x) of a row (group y), whose value and id (-1 for no allowed token) go
   * to {@code out}. Lanes side by side read ids side by side.
   */
  static void greatest(
      KernelContext context,
      FloatArray logits,
      IntArray masks,
      FloatArray out,
      int vocabulary,
      int stretches) {
    float[] tops = context.allocateFloatLocalArray(MAX_LANES);
    int[] ids = context.allocateIntLocalArray(MAX_LANES);
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int stretch = context.groupIdx;
    int row = context.groupIdy;
    int words = (vocabulary + 31) / 32;
    int best = -1;
    float top = NOTHING;
    for (int id = stretch * lanes + lane; id < vocabulary; id += stretches * lanes) {
      float x = logits.get(row * vocabulary + id);
      int bit = (masks.get(row * words + id / 32) >>> (id % 32)) & 1;
      if (bit == 1 && (best < 0 || x > top)) {
        best = id;
        top = x;
      }
    }
    tops[lane] = top;
    ids[lane] = best;
    for (int half = lanes / 2; half > 0; half /= 2) {
      context.localBarrier();
      if (lane < half) {
        int id = ids[lane + half];
        float x = tops[lane + half];
        int own = ids[lane];
        float ownTop = tops[lane];
        if (id >= 0 && (own < 0 || x > ownTop || (x == ownTop && id < own))) {
          ids[lane] = id;
          tops[lane] = x;
        }
      }
    }
    if (lane == 0) {
      int at = 2 * (row * stretches + stretch);
      out.set(at, tops[0]);
      out.set(at + 1, (float) ids[0]);
    }
  }

  /**
   * Moves the picked rows to the front. One thread a value (x) for all rows: they move one after
   * another, never onto one that is still to move.
   */
  static void keepRows(
      KernelContext context, IntArray pass, FloatArray slot, int stage, int picks, int width) {
    int i = context.globalIdx;
    int rows = pass.get(stage);
    for (int row = 0; row < rows; row++) {
      int from = pass.get(picks + row);
      slot.set(row * width + i, slot.get(from * width + i));
    }
  }

  /** One thread a value (x) of a row (y): the first part, then the second. */
  static void join(
      KernelContext context, FloatArray in, FloatArray out, int offset, int width, int outWidth) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    out.set(row * outWidth + offset + i, in.get(row * width + i));
  }
}
