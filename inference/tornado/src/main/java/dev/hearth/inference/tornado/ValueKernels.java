package dev.hearth.inference.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Matrix products and table look-ups for the types that store one number a value, dequantised as
 * they are read. {@link RowKernels} says what the compiler bears.
 *
 * <p>A product takes {@link Pass#TILE} rows at once and a last single row by a loop of its own, so
 * that a decode step does no more than it must.
 */
final class ValueKernels {

  /** Nothing is added to a product. */
  static final int PLAIN = 0;

  /** The bias is added to a product. */
  static final int BIASED = 1;

  /** A product is added to what the target holds. */
  static final int ADDED = 2;

  /** A product is multiplied by silu of what the target holds: the gated unit. */
  static final int GATED = 3;

  private ValueKernels() {}

  /** F32: one work group an output (group x) of a tile of rows (group y). */
  static void matMulF32(
      KernelContext context,
      IntArray pass,
      FloatArray in,
      FloatArray weights,
      FloatArray bias,
      FloatArray out,
      int stage,
      int columns,
      int outputs,
      int mode) {
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int output = context.groupIdx;
    int tile = context.groupIdy;
    int base = output * columns;
    int at = tile * Pass.TILE * columns;
    int single = pass.get(stage) - tile * Pass.TILE < 2 ? columns : 0;
    int several = columns - single;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int i = lane; i < single; i += lanes) {
      s0 += weights.get(base + i) * in.get(at + i);
    }
    for (int i = lane; i < several; i += lanes) {
      float w = weights.get(base + i);
      s0 += w * in.get(at + i);
      s1 += w * in.get(at + columns + i);
      s2 += w * in.get(at + 2 * columns + i);
      s3 += w * in.get(at + 3 * columns + i);
    }
    store(context, lane, lanes, output, tile, s0, s1, s2, s3, bias, out, outputs, mode);
  }

  /** Rows of a table of F32: one thread a value (x) of a row (y). */
  static void embedF32(
      KernelContext context, IntArray pass, FloatArray weights, FloatArray out, int columns) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    int base = pass.get(Pass.TOKENS + row) * columns;
    out.set(row * columns + i, weights.get(base + i));
  }

  /** F16: one work group an output (group x) of a tile of rows (group y). */
  static void matMulF16(
      KernelContext context,
      IntArray pass,
      FloatArray in,
      ShortArray weights,
      FloatArray exponents,
      FloatArray bias,
      FloatArray out,
      int stage,
      int columns,
      int outputs,
      int mode) {
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int output = context.groupIdx;
    int tile = context.groupIdy;
    int base = output * columns;
    int at = tile * Pass.TILE * columns;
    int single = pass.get(stage) - tile * Pass.TILE < 2 ? columns : 0;
    int several = columns - single;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int i = lane; i < single; i += lanes) {
      s0 += half(weights, exponents, base + i) * in.get(at + i);
    }
    for (int i = lane; i < several; i += lanes) {
      float w = half(weights, exponents, base + i);
      s0 += w * in.get(at + i);
      s1 += w * in.get(at + columns + i);
      s2 += w * in.get(at + 2 * columns + i);
      s3 += w * in.get(at + 3 * columns + i);
    }
    store(context, lane, lanes, output, tile, s0, s1, s2, s3, bias, out, outputs, mode);
  }

  /** Rows of a table of F16: one thread a value (x) of a row (y). */
  static void embedF16(
      KernelContext context,
      IntArray pass,
      ShortArray weights,
      FloatArray exponents,
      FloatArray out,
      int columns) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    int base = pass.get(Pass.TOKENS + row) * columns;
    out.set(row * columns + i, half(weights, exponents, base + i));
  }

  /** BF16: one work group an output (group x) of a tile of rows (group y). */
  static void matMulBF16(
      KernelContext context,
      IntArray pass,
      FloatArray in,
      ShortArray weights,
      FloatArray exponents,
      FloatArray bias,
      FloatArray out,
      int stage,
      int columns,
      int outputs,
      int mode) {
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int output = context.groupIdx;
    int tile = context.groupIdy;
    int base = output * columns;
    int at = tile * Pass.TILE * columns;
    int single = pass.get(stage) - tile * Pass.TILE < 2 ? columns : 0;
    int several = columns - single;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int i = lane; i < single; i += lanes) {
      s0 += brain(weights, exponents, base + i) * in.get(at + i);
    }
    for (int i = lane; i < several; i += lanes) {
      float w = brain(weights, exponents, base + i);
      s0 += w * in.get(at + i);
      s1 += w * in.get(at + columns + i);
      s2 += w * in.get(at + 2 * columns + i);
      s3 += w * in.get(at + 3 * columns + i);
    }
    store(context, lane, lanes, output, tile, s0, s1, s2, s3, bias, out, outputs, mode);
  }

  /** Rows of a table of BF16: one thread a value (x) of a row (y). */
  static void embedBF16(
      KernelContext context,
      IntArray pass,
      ShortArray weights,
      FloatArray exponents,
      FloatArray out,
      int columns) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    int base = pass.get(Pass.TOKENS + row) * columns;
    out.set(row * columns + i, brain(weights, exponents, base + i));
  }

  /** Q8_0: one work group an output (group x) of a tile of rows (group y). */
  static void matMulQ8_0(
      KernelContext context,
      IntArray pass,
      FloatArray in,
      ByteArray weights,
      FloatArray scales,
      FloatArray bias,
      FloatArray out,
      int stage,
      int columns,
      int outputs,
      int mode) {
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int output = context.groupIdx;
    int tile = context.groupIdy;
    int base = output * columns;
    int at = tile * Pass.TILE * columns;
    int single = pass.get(stage) - tile * Pass.TILE < 2 ? columns : 0;
    int several = columns - single;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int i = lane; i < single; i += lanes) {
      s0 += scales.get((base + i) / 32) * weights.get(base + i) * in.get(at + i);
    }
    for (int i = lane; i < several; i += lanes) {
      float w = scales.get((base + i) / 32) * weights.get(base + i);
      s0 += w * in.get(at + i);
      s1 += w * in.get(at + columns + i);
      s2 += w * in.get(at + 2 * columns + i);
      s3 += w * in.get(at + 3 * columns + i);
    }
    store(context, lane, lanes, output, tile, s0, s1, s2, s3, bias, out, outputs, mode);
  }

  /** Rows of a table of Q8_0: one thread a value (x) of a row (y). */
  static void embedQ8_0(
      KernelContext context,
      IntArray pass,
      ByteArray weights,
      FloatArray scales,
      FloatArray out,
      int columns) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    int base = pass.get(Pass.TOKENS + row) * columns;
    out.set(row * columns + i, scales.get((base + i) / 32) * weights.get(base + i));
  }

  /**
   * An F16 number by a table of what an exponent with its sign stands for: 64 first numbers, then
   * 64 steps. (There is no half precision on many devices, and no way to read bits as a float.)
   */
  private static float half(ShortArray weights, FloatArray exponents, int at) {
    int bits = weights.get(at);
    int exponent = (bits >> 10) & 63;
    return exponents.get(exponent) + (bits & 1023) * exponents.get(64 + exponent);
  }

  /** A BF16 number likewise: 512 first numbers, then 512 steps. */
  private static float brain(ShortArray weights, FloatArray exponents, int at) {
    int bits = weights.get(at);
    int exponent = (bits >> 7) & 511;
    return exponents.get(exponent) + (bits & 127) * exponents.get(512 + exponent);
  }

  /** Sums the lanes' parts of {@link Pass#TILE} rows and stores them. */
  static void store(
      KernelContext context,
      int lane,
      int lanes,
      int output,
      int tile,
      float s0,
      float s1,
      float s2,
      float s3,
      FloatArray bias,
      FloatArray out,
      int outputs,
      int mode) {
    float[] sums = context.allocateFloatLocalArray(4 * RowKernels.MAX_LANES);
    sums[lane] = s0;
    sums[RowKernels.MAX_LANES + lane] = s1;
    sums[2 * RowKernels.MAX_LANES + lane] = s2;
    sums[3 * RowKernels.MAX_LANES + lane] = s3;
    for (int half = lanes / 2; half > 0; half /= 2) {
      context.localBarrier();
      if (lane < half) {
        sums[lane] += sums[lane + half];
        sums[RowKernels.MAX_LANES + lane] += sums[RowKernels.MAX_LANES + lane + half];
        sums[2 * RowKernels.MAX_LANES + lane] += sums[2 * RowKernels.MAX_LANES + lane + half];
        sums[3 * RowKernels.MAX_LANES + lane] += sums[3 * RowKernels.MAX_LANES + lane + half];
      }
    }
    context.localBarrier();
    if (lane < Pass.TILE) {
      int at = (tile * Pass.TILE + lane) * outputs + output;
      float result = sums[RowKernels.MAX_LANES * lane];
      if (mode == BIASED) {
        result = result + bias.get(output);
      }
      if (mode == ADDED) {
        result = result + out.get(at);
      }
      if (mode == GATED) {
        float gate = out.get(at);
        result = result * gate / (1 + TornadoMath.exp(TornadoMath.min(-gate, 80f)));
      }
      out.set(at, result);
    }
  }
}
