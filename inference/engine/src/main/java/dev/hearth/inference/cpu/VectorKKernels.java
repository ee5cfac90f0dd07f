package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.INTS;
import static dev.hearth.inference.cpu.VectorKernels.LANES;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Types of 256 values with scales of sub-blocks. All products of scales and numbers are exact in
 * single precision (at most 11 + 7 + 6 bits).
 */
final class VectorKKernels {

  private static final int BLOCK = 256;
  private static final int PARTS = 8;
  private static final int QUARTERS = BLOCK / VectorRows.STRIDE;

  /** Lanes of the minima where a vector holds scales and minima. */
  private static final VectorMask<Float> MINIMA = VectorMask.fromLong(FLOATS, 0xFF00);

  private VectorKKernels() {}

  /** The eight 6-bit scales of Q4_K and Q5_K as the bytes of a long, the first in the lowest. */
  private static long scales(MemorySegment weight, long at) {
    int first = weight.get(Layouts.INT, at + 4);
    int third = weight.get(Layouts.INT, at + 12);
    return (first & 0x3F3F3F3F)
        | (long) ((third & 0x0F0F0F0F) | (first >>> 2 & 0x30303030)) << Integer.SIZE;
  }

  /** The eight 6-bit minima likewise. */
  private static long minima(MemorySegment weight, long at) {
    int second = weight.get(Layouts.INT, at + 8);
    int third = weight.get(Layouts.INT, at + 12);
    return (second & 0x3F3F3F3F)
        | (long) ((third >>> 4 & 0x0F0F0F0F) | (second >>> 2 & 0x30303030)) << Integer.SIZE;
  }

  /**
   * The eight scales and, from index 8, the negative minima of a block of Q4_K or Q5_K, as factors.
   */
  private static void steps(MemorySegment weight, long at, float[] steps, int to) {
    float d = VectorRows.half(weight, at);
    float dmin = -VectorRows.half(weight, at + 2);
    long scales = scales(weight, at);
    long minima = minima(weight, at);
    if (LANES == 2 * PARTS) {
      ((FloatVector)
              LongVector.broadcast(LongVector.SPECIES_128, scales)
                  .withLane(1, minima)
                  .reinterpretAsBytes()
                  .convertShape(VectorOperators.B2F, FLOATS, 0))
          .mul(FloatVector.broadcast(FLOATS, d).blend(dmin, MINIMA))
          .intoArray(steps, to);
    } else {
      for (int part = 0; part < PARTS; part++) {
        steps[to + part] = d * (int) ((scales >>> (8 * part)) & 63);
        steps[to + PARTS + part] = dmin * (int) ((minima >>> (8 * part)) & 63);
      }
    }
  }

  /** Q4_K. */
  static final class Q4K extends VectorRows {

    private static final long BYTES_OF_BLOCK = WeightType.Q4_K.blockBytes();

    Q4K() {
      super(WeightType.Q4_K);
    }

    @Override
    float dot(
        MemorySegment weight, long at, int count, float[] x, int xAt, int piece, float[] work) {
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        steps(weight, at + BYTES_OF_BLOCK * block, work, GROUP * (block + 1));
      }
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        for (int block = 0; block < blocks; block++) {
          long w = at + BYTES_OF_BLOCK * block;
          int s = GROUP * (block + 1);
          long v = w + 16 + piece + 32L * quarter;
          int q = xAt + STRIDE * quarter + BLOCK * block;
          FloatVector step0 = FloatVector.broadcast(FLOATS, work[s + 2 * quarter]);
          FloatVector step1 = FloatVector.broadcast(FLOATS, work[s + 2 * quarter + 1]);
          FloatVector low0 = FloatVector.broadcast(FLOATS, work[s + PARTS + 2 * quarter]);
          FloatVector low1 = FloatVector.broadcast(FLOATS, work[s + PARTS + 2 * quarter + 1]);
          IntVector bytes0 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          IntVector bytes1 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v + 16, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          acc0 =
              ((FloatVector) bytes0.and(0xF).convert(VectorOperators.I2F, 0))
                  .fma(step0, low0)
                  .fma(FloatVector.fromArray(FLOATS, x, q), acc0);
          acc1 =
              ((FloatVector) bytes1.and(0xF).convert(VectorOperators.I2F, 0))
                  .fma(step0, low0)
                  .fma(FloatVector.fromArray(FLOATS, x, q + 16), acc1);
          acc2 =
              ((FloatVector)
                      bytes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                  .fma(step1, low1)
                  .fma(FloatVector.fromArray(FLOATS, x, q + 32), acc2);
          acc3 =
              ((FloatVector)
                      bytes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                  .fma(step1, low1)
                  .fma(FloatVector.fromArray(FLOATS, x, q + 48), acc3);
        }
      }
      acc0.add(acc1).add(acc2.add(acc3)).intoArray(work, GROUP);
      return total(work);
    }

    @Override
    void twoDots(
        MemorySegment weight,
        long at,
        int count,
        float[] x,
        int xAt,
        int yAt,
        int piece,
        float[] work) {
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector bcc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector bcc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector bcc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      FloatVector bcc3 = FloatVector.zero(FLOATS);
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        steps(weight, at + BYTES_OF_BLOCK * block, work, GROUP * (block + 1));
      }
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        for (int block = 0; block < blocks; block++) {
          long w = at + BYTES_OF_BLOCK * block;
          int s = GROUP * (block + 1);
          long v = w + 16 + piece + 32L * quarter;
          int q = xAt + STRIDE * quarter + BLOCK * block;
          int r = yAt + STRIDE * quarter + BLOCK * block;
          FloatVector step0 = FloatVector.broadcast(FLOATS, work[s + 2 * quarter]);
          FloatVector step1 = FloatVector.broadcast(FLOATS, work[s + 2 * quarter + 1]);
          FloatVector low0 = FloatVector.broadcast(FLOATS, work[s + PARTS + 2 * quarter]);
          FloatVector low1 = FloatVector.broadcast(FLOATS, work[s + PARTS + 2 * quarter + 1]);
          IntVector bytes0 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          IntVector bytes1 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v + 16, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          FloatVector w0 =
              ((FloatVector) bytes0.and(0xF).convert(VectorOperators.I2F, 0)).fma(step0, low0);
          acc0 = w0.fma(FloatVector.fromArray(FLOATS, x, q), acc0);
          bcc0 = w0.fma(FloatVector.fromArray(FLOATS, x, r), bcc0);
          FloatVector w1 =
              ((FloatVector) bytes1.and(0xF).convert(VectorOperators.I2F, 0)).fma(step0, low0);
          acc1 = w1.fma(FloatVector.fromArray(FLOATS, x, q + 16), acc1);
          bcc1 = w1.fma(FloatVector.fromArray(FLOATS, x, r + 16), bcc1);
          FloatVector w2 =
              ((FloatVector)
                      bytes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                  .fma(step1, low1);
          acc2 = w2.fma(FloatVector.fromArray(FLOATS, x, q + 32), acc2);
          bcc2 = w2.fma(FloatVector.fromArray(FLOATS, x, r + 32), bcc2);
          FloatVector w3 =
              ((FloatVector)
                      bytes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                  .fma(step1, low1);
          acc3 = w3.fma(FloatVector.fromArray(FLOATS, x, q + 48), acc3);
          bcc3 = w3.fma(FloatVector.fromArray(FLOATS, x, r + 48), bcc3);
        }
      }
      acc0.add(acc1).add(acc2.add(acc3)).intoArray(work, GROUP);
      work[SUMS] += total(work);
      bcc0.add(bcc1).add(bcc2.add(bcc3)).intoArray(work, GROUP);
      work[SUMS + 1] += total(work);
    }

    @Override
    void fill(MemorySegment weight, long at, int count, float[] out, int outAt, int piece) {
      float[] work = new float[GROUP];
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        long w = at + BYTES_OF_BLOCK * block;
        int p = outAt + piece + BLOCK * block;
        steps(weight, w, work, 0);
        for (int quarter = 0; quarter < QUARTERS; quarter++) {
          long v = w + 16 + piece + 32L * quarter;
          int q = p + STRIDE * quarter;
          FloatVector step0 = FloatVector.broadcast(FLOATS, work[2 * quarter]);
          FloatVector step1 = FloatVector.broadcast(FLOATS, work[2 * quarter + 1]);
          FloatVector low0 = FloatVector.broadcast(FLOATS, work[PARTS + 2 * quarter]);
          FloatVector low1 = FloatVector.broadcast(FLOATS, work[PARTS + 2 * quarter + 1]);
          IntVector bytes0 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          IntVector bytes1 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v + 16, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          ((FloatVector) bytes0.and(0xF).convert(VectorOperators.I2F, 0))
              .fma(step0, low0)
              .intoArray(out, q);
          ((FloatVector) bytes1.and(0xF).convert(VectorOperators.I2F, 0))
              .fma(step0, low0)
              .intoArray(out, q + 16);
          ((FloatVector) bytes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
              .fma(step1, low1)
              .intoArray(out, q + 32);
          ((FloatVector) bytes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
              .fma(step1, low1)
              .intoArray(out, q + 48);
        }
      }
    }
  }

  /** Q5_K. */
  static final class Q5K extends VectorRows {

    private static final long BYTES_OF_BLOCK = WeightType.Q5_K.blockBytes();

    Q5K() {
      super(WeightType.Q5_K);
    }

    @Override
    float dot(
        MemorySegment weight, long at, int count, float[] x, int xAt, int piece, float[] work) {
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        steps(weight, at + BYTES_OF_BLOCK * block, work, GROUP * (block + 1));
      }
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        for (int block = 0; block < blocks; block++) {
          long w = at + BYTES_OF_BLOCK * block;
          int s = GROUP * (block + 1);
          long v = w + 48 + piece + 32L * quarter;
          int shift = 2 * quarter;
          int q = xAt + STRIDE * quarter + BLOCK * block;
          FloatVector step0 = FloatVector.broadcast(FLOATS, work[s + 2 * quarter]);
          FloatVector step1 = FloatVector.broadcast(FLOATS, work[s + 2 * quarter + 1]);
          FloatVector low0 = FloatVector.broadcast(FLOATS, work[s + PARTS + 2 * quarter]);
          FloatVector low1 = FloatVector.broadcast(FLOATS, work[s + PARTS + 2 * quarter + 1]);
          // The fifth bits of both sub-blocks to the places of bits 4 and 5.
          IntVector fifths0 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, w + 16 + piece, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 4)
                  .lanewise(VectorOperators.LSHR, shift);
          IntVector fifths1 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, w + 32 + piece, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 4)
                  .lanewise(VectorOperators.LSHR, shift);
          IntVector bytes0 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          IntVector bytes1 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v + 16, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          acc0 =
              ((FloatVector) bytes0.and(0xF).or(fifths0.and(0x10)).convert(VectorOperators.I2F, 0))
                  .fma(step0, low0)
                  .fma(FloatVector.fromArray(FLOATS, x, q), acc0);
          acc1 =
              ((FloatVector) bytes1.and(0xF).or(fifths1.and(0x10)).convert(VectorOperators.I2F, 0))
                  .fma(step0, low0)
                  .fma(FloatVector.fromArray(FLOATS, x, q + 16), acc1);
          acc2 =
              ((FloatVector)
                      bytes0
                          .lanewise(VectorOperators.LSHR, 4)
                          .or(fifths0.lanewise(VectorOperators.LSHR, 1).and(0x10))
                          .convert(VectorOperators.I2F, 0))
                  .fma(step1, low1)
                  .fma(FloatVector.fromArray(FLOATS, x, q + 32), acc2);
          acc3 =
              ((FloatVector)
                      bytes1
                          .lanewise(VectorOperators.LSHR, 4)
                          .or(fifths1.lanewise(VectorOperators.LSHR, 1).and(0x10))
                          .convert(VectorOperators.I2F, 0))
                  .fma(step1, low1)
                  .fma(FloatVector.fromArray(FLOATS, x, q + 48), acc3);
        }
      }
      acc0.add(acc1).add(acc2.add(acc3)).intoArray(work, GROUP);
      return total(work);
    }

    @Override
    void twoDots(
        MemorySegment weight,
        long at,
        int count,
        float[] x,
        int xAt,
        int yAt,
        int piece,
        float[] work) {
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector bcc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector bcc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector bcc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      FloatVector bcc3 = FloatVector.zero(FLOATS);
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        steps(weight, at + BYTES_OF_BLOCK * block, work, GROUP * (block + 1));
      }
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        for (int block = 0; block < blocks; block++) {
          long w = at + BYTES_OF_BLOCK * block;
          int s = GROUP * (block + 1);
          long v = w + 48 + piece + 32L * quarter;
          int shift = 2 * quarter;
          int q = xAt + STRIDE * quarter + BLOCK * block;
          int r = yAt + STRIDE * quarter + BLOCK * block;
          FloatVector step0 = FloatVector.broadcast(FLOATS, work[s + 2 * quarter]);
          FloatVector step1 = FloatVector.broadcast(FLOATS, work[s + 2 * quarter + 1]);
          FloatVector low0 = FloatVector.broadcast(FLOATS, work[s + PARTS + 2 * quarter]);
          FloatVector low1 = FloatVector.broadcast(FLOATS, work[s + PARTS + 2 * quarter + 1]);
          // The fifth bits of both sub-blocks to the places of bits 4 and 5.
          IntVector fifths0 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, w + 16 + piece, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 4)
                  .lanewise(VectorOperators.LSHR, shift);
          IntVector fifths1 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, w + 32 + piece, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 4)
                  .lanewise(VectorOperators.LSHR, shift);
          IntVector bytes0 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          IntVector bytes1 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v + 16, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          FloatVector w0 =
              ((FloatVector) bytes0.and(0xF).or(fifths0.and(0x10)).convert(VectorOperators.I2F, 0))
                  .fma(step0, low0);
          acc0 = w0.fma(FloatVector.fromArray(FLOATS, x, q), acc0);
          bcc0 = w0.fma(FloatVector.fromArray(FLOATS, x, r), bcc0);
          FloatVector w1 =
              ((FloatVector) bytes1.and(0xF).or(fifths1.and(0x10)).convert(VectorOperators.I2F, 0))
                  .fma(step0, low0);
          acc1 = w1.fma(FloatVector.fromArray(FLOATS, x, q + 16), acc1);
          bcc1 = w1.fma(FloatVector.fromArray(FLOATS, x, r + 16), bcc1);
          FloatVector w2 =
              ((FloatVector)
                      bytes0
                          .lanewise(VectorOperators.LSHR, 4)
                          .or(fifths0.lanewise(VectorOperators.LSHR, 1).and(0x10))
                          .convert(VectorOperators.I2F, 0))
                  .fma(step1, low1);
          acc2 = w2.fma(FloatVector.fromArray(FLOATS, x, q + 32), acc2);
          bcc2 = w2.fma(FloatVector.fromArray(FLOATS, x, r + 32), bcc2);
          FloatVector w3 =
              ((FloatVector)
                      bytes1
                          .lanewise(VectorOperators.LSHR, 4)
                          .or(fifths1.lanewise(VectorOperators.LSHR, 1).and(0x10))
                          .convert(VectorOperators.I2F, 0))
                  .fma(step1, low1);
          acc3 = w3.fma(FloatVector.fromArray(FLOATS, x, q + 48), acc3);
          bcc3 = w3.fma(FloatVector.fromArray(FLOATS, x, r + 48), bcc3);
        }
      }
      acc0.add(acc1).add(acc2.add(acc3)).intoArray(work, GROUP);
      work[SUMS] += total(work);
      bcc0.add(bcc1).add(bcc2.add(bcc3)).intoArray(work, GROUP);
      work[SUMS + 1] += total(work);
    }

    @Override
    void fill(MemorySegment weight, long at, int count, float[] out, int outAt, int piece) {
      float[] work = new float[GROUP];
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        long w = at + BYTES_OF_BLOCK * block;
        int p = outAt + piece + BLOCK * block;
        steps(weight, w, work, 0);
        for (int quarter = 0; quarter < QUARTERS; quarter++) {
          long v = w + 48 + piece + 32L * quarter;
          int shift = 2 * quarter;
          int q = p + STRIDE * quarter;
          FloatVector step0 = FloatVector.broadcast(FLOATS, work[2 * quarter]);
          FloatVector step1 = FloatVector.broadcast(FLOATS, work[2 * quarter + 1]);
          FloatVector low0 = FloatVector.broadcast(FLOATS, work[PARTS + 2 * quarter]);
          FloatVector low1 = FloatVector.broadcast(FLOATS, work[PARTS + 2 * quarter + 1]);
          // The fifth bits of both sub-blocks to the places of bits 4 and 5.
          IntVector fifths0 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, w + 16 + piece, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 4)
                  .lanewise(VectorOperators.LSHR, shift);
          IntVector fifths1 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, w + 32 + piece, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 4)
                  .lanewise(VectorOperators.LSHR, shift);
          IntVector bytes0 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          IntVector bytes1 =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, weight, v + 16, LITTLE)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          ((FloatVector) bytes0.and(0xF).or(fifths0.and(0x10)).convert(VectorOperators.I2F, 0))
              .fma(step0, low0)
              .intoArray(out, q);
          ((FloatVector) bytes1.and(0xF).or(fifths1.and(0x10)).convert(VectorOperators.I2F, 0))
              .fma(step0, low0)
              .intoArray(out, q + 16);
          ((FloatVector)
                  bytes0
                      .lanewise(VectorOperators.LSHR, 4)
                      .or(fifths0.lanewise(VectorOperators.LSHR, 1).and(0x10))
                      .convert(VectorOperators.I2F, 0))
              .fma(step1, low1)
              .intoArray(out, q + 32);
          ((FloatVector)
                  bytes1
                      .lanewise(VectorOperators.LSHR, 4)
                      .or(fifths1.lanewise(VectorOperators.LSHR, 1).and(0x10))
                      .convert(VectorOperators.I2F, 0))
              .fma(step1, low1)
              .intoArray(out, q + 48);
        }
      }
    }
  }

  /** Q6_K. */
  static final class Q6K extends VectorRows {

    private static final long BYTES_OF_BLOCK = WeightType.Q6_K.blockBytes();

    Q6K() {
      super(WeightType.Q6_K);
    }

    /** The sixteen scales of a block as factors. */
    private static void steps(MemorySegment weight, long at, float[] steps, int to) {
      float d = half(weight, at + 208);
      if (LANES == GROUP) {
        ((FloatVector)
                ByteVector.fromMemorySegment(BYTES, weight, at + 192, LITTLE)
                    .convertShape(VectorOperators.B2F, FLOATS, 0))
            .mul(d)
            .intoArray(steps, to);
      } else {
        for (int i = 0; i < GROUP; i++) {
          steps[to + i] = d * weight.get(ValueLayout.JAVA_BYTE, at + 192 + i);
        }
      }
    }

    @Override
    float dot(
        MemorySegment weight, long at, int count, float[] x, int xAt, int piece, float[] work) {
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        steps(weight, at + BYTES_OF_BLOCK * block, work, GROUP * (block + 1));
      }
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        for (int block = 0; block < blocks; block++) {
          long w = at + BYTES_OF_BLOCK * block;
          int s = GROUP * (block + 1);
          // 64 bytes of lower bits hold two quarters, as do 32 bytes of upper ones.
          long lower = w + piece + 64L * (quarter >> 1);
          long upper = w + 128 + piece + 32L * (quarter >> 1);
          int shift = 4 * (quarter & 1);
          int q = xAt + STRIDE * quarter + BLOCK * block;
          IntVector tops0 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, upper, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHR, shift);
          IntVector tops1 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, upper + 16, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHR, shift);
          acc0 =
              ((FloatVector)
                      ((IntVector)
                              ByteVector.fromMemorySegment(BYTES, weight, lower, LITTLE)
                                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                          .lanewise(VectorOperators.LSHR, shift)
                          .and(0xF)
                          .or(tops0.lanewise(VectorOperators.LSHL, 4).and(0x30))
                          .sub(32)
                          .convert(VectorOperators.I2F, 0))
                  .mul(work[s + 4 * quarter])
                  .fma(FloatVector.fromArray(FLOATS, x, q), acc0);
          acc1 =
              ((FloatVector)
                      ((IntVector)
                              ByteVector.fromMemorySegment(BYTES, weight, lower + 16, LITTLE)
                                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                          .lanewise(VectorOperators.LSHR, shift)
                          .and(0xF)
                          .or(tops1.lanewise(VectorOperators.LSHL, 4).and(0x30))
                          .sub(32)
                          .convert(VectorOperators.I2F, 0))
                  .mul(work[s + 4 * quarter + 1])
                  .fma(FloatVector.fromArray(FLOATS, x, q + 16), acc1);
          acc2 =
              ((FloatVector)
                      ((IntVector)
                              ByteVector.fromMemorySegment(BYTES, weight, lower + 32, LITTLE)
                                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                          .lanewise(VectorOperators.LSHR, shift)
                          .and(0xF)
                          .or(tops0.lanewise(VectorOperators.LSHL, 2).and(0x30))
                          .sub(32)
                          .convert(VectorOperators.I2F, 0))
                  .mul(work[s + 4 * quarter + 2])
                  .fma(FloatVector.fromArray(FLOATS, x, q + 32), acc2);
          acc3 =
              ((FloatVector)
                      ((IntVector)
                              ByteVector.fromMemorySegment(BYTES, weight, lower + 48, LITTLE)
                                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                          .lanewise(VectorOperators.LSHR, shift)
                          .and(0xF)
                          .or(tops1.lanewise(VectorOperators.LSHL, 2).and(0x30))
                          .sub(32)
                          .convert(VectorOperators.I2F, 0))
                  .mul(work[s + 4 * quarter + 3])
                  .fma(FloatVector.fromArray(FLOATS, x, q + 48), acc3);
        }
      }
      acc0.add(acc1).add(acc2.add(acc3)).intoArray(work, GROUP);
      return total(work);
    }

    @Override
    void twoDots(
        MemorySegment weight,
        long at,
        int count,
        float[] x,
        int xAt,
        int yAt,
        int piece,
        float[] work) {
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector bcc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector bcc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector bcc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      FloatVector bcc3 = FloatVector.zero(FLOATS);
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        steps(weight, at + BYTES_OF_BLOCK * block, work, GROUP * (block + 1));
      }
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        for (int block = 0; block < blocks; block++) {
          long w = at + BYTES_OF_BLOCK * block;
          int s = GROUP * (block + 1);
          // 64 bytes of lower bits hold two quarters, as do 32 bytes of upper ones.
          long lower = w + piece + 64L * (quarter >> 1);
          long upper = w + 128 + piece + 32L * (quarter >> 1);
          int shift = 4 * (quarter & 1);
          int q = xAt + STRIDE * quarter + BLOCK * block;
          int r = yAt + STRIDE * quarter + BLOCK * block;
          IntVector tops0 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, upper, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHR, shift);
          IntVector tops1 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, upper + 16, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHR, shift);
          FloatVector w0 =
              ((FloatVector)
                      ((IntVector)
                              ByteVector.fromMemorySegment(BYTES, weight, lower, LITTLE)
                                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                          .lanewise(VectorOperators.LSHR, shift)
                          .and(0xF)
                          .or(tops0.lanewise(VectorOperators.LSHL, 4).and(0x30))
                          .sub(32)
                          .convert(VectorOperators.I2F, 0))
                  .mul(work[s + 4 * quarter]);
          acc0 = w0.fma(FloatVector.fromArray(FLOATS, x, q), acc0);
          bcc0 = w0.fma(FloatVector.fromArray(FLOATS, x, r), bcc0);
          FloatVector w1 =
              ((FloatVector)
                      ((IntVector)
                              ByteVector.fromMemorySegment(BYTES, weight, lower + 16, LITTLE)
                                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                          .lanewise(VectorOperators.LSHR, shift)
                          .and(0xF)
                          .or(tops1.lanewise(VectorOperators.LSHL, 4).and(0x30))
                          .sub(32)
                          .convert(VectorOperators.I2F, 0))
                  .mul(work[s + 4 * quarter + 1]);
          acc1 = w1.fma(FloatVector.fromArray(FLOATS, x, q + 16), acc1);
          bcc1 = w1.fma(FloatVector.fromArray(FLOATS, x, r + 16), bcc1);
          FloatVector w2 =
              ((FloatVector)
                      ((IntVector)
                              ByteVector.fromMemorySegment(BYTES, weight, lower + 32, LITTLE)
                                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                          .lanewise(VectorOperators.LSHR, shift)
                          .and(0xF)
                          .or(tops0.lanewise(VectorOperators.LSHL, 2).and(0x30))
                          .sub(32)
                          .convert(VectorOperators.I2F, 0))
                  .mul(work[s + 4 * quarter + 2]);
          acc2 = w2.fma(FloatVector.fromArray(FLOATS, x, q + 32), acc2);
          bcc2 = w2.fma(FloatVector.fromArray(FLOATS, x, r + 32), bcc2);
          FloatVector w3 =
              ((FloatVector)
                      ((IntVector)
                              ByteVector.fromMemorySegment(BYTES, weight, lower + 48, LITTLE)
                                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                          .lanewise(VectorOperators.LSHR, shift)
                          .and(0xF)
                          .or(tops1.lanewise(VectorOperators.LSHL, 2).and(0x30))
                          .sub(32)
                          .convert(VectorOperators.I2F, 0))
                  .mul(work[s + 4 * quarter + 3]);
          acc3 = w3.fma(FloatVector.fromArray(FLOATS, x, q + 48), acc3);
          bcc3 = w3.fma(FloatVector.fromArray(FLOATS, x, r + 48), bcc3);
        }
      }
      acc0.add(acc1).add(acc2.add(acc3)).intoArray(work, GROUP);
      work[SUMS] += total(work);
      bcc0.add(bcc1).add(bcc2.add(bcc3)).intoArray(work, GROUP);
      work[SUMS + 1] += total(work);
    }

    @Override
    void fill(MemorySegment weight, long at, int count, float[] out, int outAt, int piece) {
      float[] work = new float[GROUP];
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        long w = at + BYTES_OF_BLOCK * block;
        int p = outAt + piece + BLOCK * block;
        steps(weight, w, work, 0);
        for (int quarter = 0; quarter < QUARTERS; quarter++) {
          // 64 bytes of lower bits hold two quarters, as do 32 bytes of upper ones.
          long lower = w + piece + 64L * (quarter >> 1);
          long upper = w + 128 + piece + 32L * (quarter >> 1);
          int shift = 4 * (quarter & 1);
          int q = p + STRIDE * quarter;
          IntVector tops0 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, upper, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHR, shift);
          IntVector tops1 =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, weight, upper + 16, LITTLE)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHR, shift);
          ((FloatVector)
                  ((IntVector)
                          ByteVector.fromMemorySegment(BYTES, weight, lower, LITTLE)
                              .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                      .lanewise(VectorOperators.LSHR, shift)
                      .and(0xF)
                      .or(tops0.lanewise(VectorOperators.LSHL, 4).and(0x30))
                      .sub(32)
                      .convert(VectorOperators.I2F, 0))
              .mul(work[4 * quarter])
              .intoArray(out, q);
          ((FloatVector)
                  ((IntVector)
                          ByteVector.fromMemorySegment(BYTES, weight, lower + 16, LITTLE)
                              .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                      .lanewise(VectorOperators.LSHR, shift)
                      .and(0xF)
                      .or(tops1.lanewise(VectorOperators.LSHL, 4).and(0x30))
                      .sub(32)
                      .convert(VectorOperators.I2F, 0))
              .mul(work[4 * quarter + 1])
              .intoArray(out, q + 16);
          ((FloatVector)
                  ((IntVector)
                          ByteVector.fromMemorySegment(BYTES, weight, lower + 32, LITTLE)
                              .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                      .lanewise(VectorOperators.LSHR, shift)
                      .and(0xF)
                      .or(tops0.lanewise(VectorOperators.LSHL, 2).and(0x30))
                      .sub(32)
                      .convert(VectorOperators.I2F, 0))
              .mul(work[4 * quarter + 2])
              .intoArray(out, q + 32);
          ((FloatVector)
                  ((IntVector)
                          ByteVector.fromMemorySegment(BYTES, weight, lower + 48, LITTLE)
                              .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                      .lanewise(VectorOperators.LSHR, shift)
                      .and(0xF)
                      .or(tops1.lanewise(VectorOperators.LSHL, 2).and(0x30))
                      .sub(32)
                      .convert(VectorOperators.I2F, 0))
              .mul(work[4 * quarter + 3])
              .intoArray(out, q + 48);
        }
      }
    }
  }
}
