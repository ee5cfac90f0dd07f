package dev.hearth.inference.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Matrix products and table look-ups for the types that store two numbers in a byte, dequantised as
 * they are read; {@code low} and {@code high} give the values of a byte's halves. {@link
 * ValueKernels} says how a product goes about its rows.
 *
 * <p>The stored blocks are taken apart when they are loaded ({@link DeviceWeight}): lower four bits
 * of all values, further bits, whole-numbered scales, scales in single precision.
 */
final class PairKernels {

  private PairKernels() {}

  /** Q4_0: one work group an output (group x) of a tile of rows (group y). */
  static void matMulQ4_0(
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
    int pairs = columns / 2;
    int base = output * pairs;
    int first = tile * Pass.TILE * columns;
    int single = pass.get(stage) - tile * Pass.TILE < 2 ? pairs : 0;
    int several = pairs - single;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int i = lane; i < single; i += lanes) {
      int at = first + i / 16 * 32 + i % 16;
      s0 += lowQ4_0(weights, scales, base + i) * in.get(at);
      s0 += highQ4_0(weights, scales, base + i) * in.get(at + 16);
    }
    for (int i = lane; i < several; i += lanes) {
      int at = first + i / 16 * 32 + i % 16;
      float low = lowQ4_0(weights, scales, base + i);
      float high = highQ4_0(weights, scales, base + i);
      s0 += low * in.get(at) + high * in.get(at + 16);
      s1 += low * in.get(at + columns) + high * in.get(at + columns + 16);
      s2 += low * in.get(at + 2 * columns) + high * in.get(at + 2 * columns + 16);
      s3 += low * in.get(at + 3 * columns) + high * in.get(at + 3 * columns + 16);
    }
    ValueKernels.store(
        context, lane, lanes, output, tile, s0, s1, s2, s3, bias, out, outputs, mode);
  }

  /** Rows of a table of Q4_0: one thread a pair of values (x) of a row (y). */
  static void embedQ4_0(
      KernelContext context,
      IntArray pass,
      ByteArray weights,
      FloatArray scales,
      FloatArray out,
      int columns) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    int base = pass.get(Pass.TOKENS + row) * (columns / 2);
    int at = row * columns + i / 16 * 32 + i % 16;
    out.set(at, lowQ4_0(weights, scales, base + i));
    out.set(at + 16, highQ4_0(weights, scales, base + i));
  }

  /** Number x scale; numbers i and i + 16 of a block share a byte. */
  private static float lowQ4_0(ByteArray weights, FloatArray scales, int at) {
    return scales.get(at / 16) * ((weights.get(at) & 15) - 8);
  }

  private static float highQ4_0(ByteArray weights, FloatArray scales, int at) {
    return scales.get(at / 16) * (((weights.get(at) >> 4) & 15) - 8);
  }

  /** Q4_K: one work group an output (group x) of a tile of rows (group y). */
  static void matMulQ4_K(
      KernelContext context,
      IntArray pass,
      FloatArray in,
      ByteArray weights,
      ByteArray parts,
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
    int pairs = columns / 2;
    int base = output * pairs;
    int first = tile * Pass.TILE * columns;
    int single = pass.get(stage) - tile * Pass.TILE < 2 ? pairs : 0;
    int several = pairs - single;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int i = lane; i < single; i += lanes) {
      int at = first + i / 32 * 64 + i % 32;
      s0 += lowQ4_K(weights, parts, scales, base + i) * in.get(at);
      s0 += highQ4_K(weights, parts, scales, base + i) * in.get(at + 32);
    }
    for (int i = lane; i < several; i += lanes) {
      int at = first + i / 32 * 64 + i % 32;
      float low = lowQ4_K(weights, parts, scales, base + i);
      float high = highQ4_K(weights, parts, scales, base + i);
      s0 += low * in.get(at) + high * in.get(at + 32);
      s1 += low * in.get(at + columns) + high * in.get(at + columns + 32);
      s2 += low * in.get(at + 2 * columns) + high * in.get(at + 2 * columns + 32);
      s3 += low * in.get(at + 3 * columns) + high * in.get(at + 3 * columns + 32);
    }
    ValueKernels.store(
        context, lane, lanes, output, tile, s0, s1, s2, s3, bias, out, outputs, mode);
  }

  /** Rows of a table of Q4_K: one thread a pair of values (x) of a row (y). */
  static void embedQ4_K(
      KernelContext context,
      IntArray pass,
      ByteArray weights,
      ByteArray parts,
      FloatArray scales,
      FloatArray out,
      int columns) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    int base = pass.get(Pass.TOKENS + row) * (columns / 2);
    int at = row * columns + i / 32 * 64 + i % 32;
    out.set(at, lowQ4_K(weights, parts, scales, base + i));
    out.set(at + 32, highQ4_K(weights, parts, scales, base + i));
  }

  /** Number x step - minimum; numbers i of sub-blocks 2 p and 2 p + 1 share a byte. */
  private static float lowQ4_K(ByteArray weights, ByteArray parts, FloatArray scales, int at) {
    int block = at / 128;
    int part = 16 * block + at % 128 / 32 * 2;
    float step = scales.get(2 * block) * parts.get(part);
    return step * (weights.get(at) & 15) - scales.get(2 * block + 1) * parts.get(part + 8);
  }

  private static float highQ4_K(ByteArray weights, ByteArray parts, FloatArray scales, int at) {
    int block = at / 128;
    int part = 16 * block + at % 128 / 32 * 2 + 1;
    float step = scales.get(2 * block) * parts.get(part);
    return step * ((weights.get(at) >> 4) & 15) - scales.get(2 * block + 1) * parts.get(part + 8);
  }

  /** Q5_K: one work group an output (group x) of a tile of rows (group y). */
  static void matMulQ5_K(
      KernelContext context,
      IntArray pass,
      FloatArray in,
      ByteArray weights,
      ByteArray upper,
      ByteArray parts,
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
    int pairs = columns / 2;
    int base = output * pairs;
    int first = tile * Pass.TILE * columns;
    int single = pass.get(stage) - tile * Pass.TILE < 2 ? pairs : 0;
    int several = pairs - single;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int i = lane; i < single; i += lanes) {
      int at = first + i / 32 * 64 + i % 32;
      s0 += lowQ5_K(weights, upper, parts, scales, base + i) * in.get(at);
      s0 += highQ5_K(weights, upper, parts, scales, base + i) * in.get(at + 32);
    }
    for (int i = lane; i < several; i += lanes) {
      int at = first + i / 32 * 64 + i % 32;
      float low = lowQ5_K(weights, upper, parts, scales, base + i);
      float high = highQ5_K(weights, upper, parts, scales, base + i);
      s0 += low * in.get(at) + high * in.get(at + 32);
      s1 += low * in.get(at + columns) + high * in.get(at + columns + 32);
      s2 += low * in.get(at + 2 * columns) + high * in.get(at + 2 * columns + 32);
      s3 += low * in.get(at + 3 * columns) + high * in.get(at + 3 * columns + 32);
    }
    ValueKernels.store(
        context, lane, lanes, output, tile, s0, s1, s2, s3, bias, out, outputs, mode);
  }

  /** Rows of a table of Q5_K: one thread a pair of values (x) of a row (y). */
  static void embedQ5_K(
      KernelContext context,
      IntArray pass,
      ByteArray weights,
      ByteArray upper,
      ByteArray parts,
      FloatArray scales,
      FloatArray out,
      int columns) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    int base = pass.get(Pass.TOKENS + row) * (columns / 2);
    int at = row * columns + i / 32 * 64 + i % 32;
    out.set(at, lowQ5_K(weights, upper, parts, scales, base + i));
    out.set(at + 32, highQ5_K(weights, upper, parts, scales, base + i));
  }

  /** As Q4_K with a fifth bit: bit p of byte i for sub-block p. */
  private static float lowQ5_K(
      ByteArray weights, ByteArray upper, ByteArray parts, FloatArray scales, int at) {
    int block = at / 128;
    int part = 16 * block + at % 128 / 32 * 2;
    int fifth = (upper.get(32 * block + at % 32) >> (part % 16)) & 1;
    float step = scales.get(2 * block) * parts.get(part);
    int number = (weights.get(at) & 15) + 16 * fifth;
    return step * number - scales.get(2 * block + 1) * parts.get(part + 8);
  }

  private static float highQ5_K(
      ByteArray weights, ByteArray upper, ByteArray parts, FloatArray scales, int at) {
    int block = at / 128;
    int part = 16 * block + at % 128 / 32 * 2 + 1;
    int fifth = (upper.get(32 * block + at % 32) >> (part % 16)) & 1;
    float step = scales.get(2 * block) * parts.get(part);
    int number = ((weights.get(at) >> 4) & 15) + 16 * fifth;
    return step * number - scales.get(2 * block + 1) * parts.get(part + 8);
  }

  /** Q6_K: one work group an output (group x) of a tile of rows (group y). */
  static void matMulQ6_K(
      KernelContext context,
      IntArray pass,
      FloatArray in,
      ByteArray weights,
      ByteArray upper,
      ByteArray parts,
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
    int pairs = columns / 2;
    int base = output * pairs;
    int first = tile * Pass.TILE * columns;
    int single = pass.get(stage) - tile * Pass.TILE < 2 ? pairs : 0;
    int several = pairs - single;
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int i = lane; i < single; i += lanes) {
      int at = first + i / 64 * 128 + i % 64;
      s0 += lowQ6_K(weights, upper, parts, scales, base + i) * in.get(at);
      s0 += highQ6_K(weights, upper, parts, scales, base + i) * in.get(at + 64);
    }
    for (int i = lane; i < several; i += lanes) {
      int at = first + i / 64 * 128 + i % 64;
      float low = lowQ6_K(weights, upper, parts, scales, base + i);
      float high = highQ6_K(weights, upper, parts, scales, base + i);
      s0 += low * in.get(at) + high * in.get(at + 64);
      s1 += low * in.get(at + columns) + high * in.get(at + columns + 64);
      s2 += low * in.get(at + 2 * columns) + high * in.get(at + 2 * columns + 64);
      s3 += low * in.get(at + 3 * columns) + high * in.get(at + 3 * columns + 64);
    }
    ValueKernels.store(
        context, lane, lanes, output, tile, s0, s1, s2, s3, bias, out, outputs, mode);
  }

  /** Rows of a table of Q6_K: one thread a pair of values (x) of a row (y). */
  static void embedQ6_K(
      KernelContext context,
      IntArray pass,
      ByteArray weights,
      ByteArray upper,
      ByteArray parts,
      FloatArray scales,
      FloatArray out,
      int columns) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    int base = pass.get(Pass.TOKENS + row) * (columns / 2);
    int at = row * columns + i / 64 * 128 + i % 64;
    out.set(at, lowQ6_K(weights, upper, parts, scales, base + i));
    out.set(at + 64, highQ6_K(weights, upper, parts, scales, base + i));
  }

  /**
   * Number x scale; of 128 values, numbers i and i + 64 share a byte, with two bits more in byte i
   * % 32.
   */
  private static float lowQ6_K(
      ByteArray weights, ByteArray upper, ByteArray parts, FloatArray scales, int at) {
    int half = at / 64;
    int i = at % 64;
    int bits = (upper.get(32 * half + i % 32) >> (i / 32 * 2)) & 3;
    float step = scales.get(half / 2) * parts.get(8 * half + i / 16);
    return step * ((weights.get(at) & 15) + 16 * bits - 32);
  }

  private static float highQ6_K(
      ByteArray weights, ByteArray upper, ByteArray parts, FloatArray scales, int at) {
    int half = at / 64;
    int i = at % 64;
    int bits = (upper.get(32 * half + i % 32) >> (i / 32 * 2 + 4)) & 3;
    float step = scales.get(half / 2) * parts.get(8 * half + 4 + i / 16);
    return step * (((weights.get(at) >> 4) & 15) + 16 * bits - 32);
  }
}
