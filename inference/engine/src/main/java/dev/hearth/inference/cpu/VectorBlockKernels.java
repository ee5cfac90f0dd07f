package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.INTS;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Types of 32 values with one scale. A scale times a number of so few bits is exact in single
 * precision, so a fused {@code scale * number + offset} gives the codec's values too.
 */
final class VectorBlockKernels {

  private static final int BLOCK = 32;

  private VectorBlockKernels() {}

  /** Q8_0. */
  static final class Q80 extends VectorRows {

    private static final long BYTES_OF_BLOCK = WeightType.Q8_0.blockBytes();

    Q80() {
      super(WeightType.Q8_0);
    }

    @Override
    float dot(
        MemorySegment weight, long at, int count, float[] x, int xAt, int piece, float[] work) {
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      int pairs = count / STRIDE;
      for (int pair = 0; pair < pairs; pair++) {
        long w = at + 2 * BYTES_OF_BLOCK * pair;
        long v = w + 2 + piece;
        int p = xAt + STRIDE * pair;
        FloatVector step0 = FloatVector.broadcast(FLOATS, half(weight, w));
        FloatVector step1 = FloatVector.broadcast(FLOATS, half(weight, w + BYTES_OF_BLOCK));
        acc0 =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, weight, v, LITTLE)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .mul(step0)
                .fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        acc1 =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, weight, v + 16, LITTLE)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .mul(step0)
                .fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
        acc2 =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, weight, v + BYTES_OF_BLOCK, LITTLE)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .mul(step1)
                .fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
        acc3 =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, weight, v + BYTES_OF_BLOCK + 16, LITTLE)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .mul(step1)
                .fma(FloatVector.fromArray(FLOATS, x, p + 48), acc3);
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
      int pairs = count / STRIDE;
      for (int pair = 0; pair < pairs; pair++) {
        long w = at + 2 * BYTES_OF_BLOCK * pair;
        long v = w + 2 + piece;
        int p = xAt + STRIDE * pair;
        int o = yAt + STRIDE * pair;
        FloatVector step0 = FloatVector.broadcast(FLOATS, half(weight, w));
        FloatVector step1 = FloatVector.broadcast(FLOATS, half(weight, w + BYTES_OF_BLOCK));
        FloatVector w0 =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, weight, v, LITTLE)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .mul(step0);
        acc0 = w0.fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        bcc0 = w0.fma(FloatVector.fromArray(FLOATS, x, o), bcc0);
        FloatVector w1 =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, weight, v + 16, LITTLE)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .mul(step0);
        acc1 = w1.fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
        bcc1 = w1.fma(FloatVector.fromArray(FLOATS, x, o + 16), bcc1);
        FloatVector w2 =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, weight, v + BYTES_OF_BLOCK, LITTLE)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .mul(step1);
        acc2 = w2.fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
        bcc2 = w2.fma(FloatVector.fromArray(FLOATS, x, o + 32), bcc2);
        FloatVector w3 =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, weight, v + BYTES_OF_BLOCK + 16, LITTLE)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .mul(step1);
        acc3 = w3.fma(FloatVector.fromArray(FLOATS, x, p + 48), acc3);
        bcc3 = w3.fma(FloatVector.fromArray(FLOATS, x, o + 48), bcc3);
      }
      acc0.add(acc1).add(acc2.add(acc3)).intoArray(work, GROUP);
      work[SUMS] += total(work);
      bcc0.add(bcc1).add(bcc2.add(bcc3)).intoArray(work, GROUP);
      work[SUMS + 1] += total(work);
    }

    @Override
    void fill(MemorySegment weight, long at, int count, float[] out, int outAt, int piece) {
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        long w = at + BYTES_OF_BLOCK * block;
        int to = outAt + piece + BLOCK * block;
        FloatVector step = FloatVector.broadcast(FLOATS, half(weight, w));
        ((FloatVector)
                ByteVector.fromMemorySegment(BYTES, weight, w + 2 + piece, LITTLE)
                    .convertShape(VectorOperators.B2F, FLOATS, 0))
            .mul(step)
            .intoArray(out, to);
        ((FloatVector)
                ByteVector.fromMemorySegment(BYTES, weight, w + 18 + piece, LITTLE)
                    .convertShape(VectorOperators.B2F, FLOATS, 0))
            .mul(step)
            .intoArray(out, to + 16);
      }
    }
  }

  /** Q4_0. */
  static final class Q40 extends VectorRows {

    private static final long BYTES_OF_BLOCK = WeightType.Q4_0.blockBytes();

    Q40() {
      super(WeightType.Q4_0);
    }

    @Override
    float dot(
        MemorySegment weight, long at, int count, float[] x, int xAt, int piece, float[] work) {
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      int pairs = count / STRIDE;
      for (int pair = 0; pair < pairs; pair++) {
        long w = at + 2 * BYTES_OF_BLOCK * pair;
        long v = w + 2 + piece;
        int p = xAt + STRIDE * pair;
        float scale0 = half(weight, w);
        float scale1 = half(weight, w + BYTES_OF_BLOCK);
        FloatVector step0 = FloatVector.broadcast(FLOATS, scale0);
        FloatVector step1 = FloatVector.broadcast(FLOATS, scale1);
        FloatVector low0 = FloatVector.broadcast(FLOATS, -8 * scale0);
        FloatVector low1 = FloatVector.broadcast(FLOATS, -8 * scale1);
        IntVector bytes0 =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, weight, v, LITTLE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        IntVector bytes1 =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, weight, v + BYTES_OF_BLOCK, LITTLE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        acc0 =
            ((FloatVector) bytes0.and(0xF).convert(VectorOperators.I2F, 0))
                .fma(step0, low0)
                .fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        acc1 =
            ((FloatVector) bytes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(step0, low0)
                .fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
        acc2 =
            ((FloatVector) bytes1.and(0xF).convert(VectorOperators.I2F, 0))
                .fma(step1, low1)
                .fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
        acc3 =
            ((FloatVector) bytes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(step1, low1)
                .fma(FloatVector.fromArray(FLOATS, x, p + 48), acc3);
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
      int pairs = count / STRIDE;
      for (int pair = 0; pair < pairs; pair++) {
        long w = at + 2 * BYTES_OF_BLOCK * pair;
        long v = w + 2 + piece;
        int p = xAt + STRIDE * pair;
        int o = yAt + STRIDE * pair;
        float scale0 = half(weight, w);
        float scale1 = half(weight, w + BYTES_OF_BLOCK);
        FloatVector step0 = FloatVector.broadcast(FLOATS, scale0);
        FloatVector step1 = FloatVector.broadcast(FLOATS, scale1);
        FloatVector low0 = FloatVector.broadcast(FLOATS, -8 * scale0);
        FloatVector low1 = FloatVector.broadcast(FLOATS, -8 * scale1);
        IntVector bytes0 =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, weight, v, LITTLE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        IntVector bytes1 =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, weight, v + BYTES_OF_BLOCK, LITTLE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        FloatVector w0 =
            ((FloatVector) bytes0.and(0xF).convert(VectorOperators.I2F, 0)).fma(step0, low0);
        acc0 = w0.fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        bcc0 = w0.fma(FloatVector.fromArray(FLOATS, x, o), bcc0);
        FloatVector w1 =
            ((FloatVector) bytes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(step0, low0);
        acc1 = w1.fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
        bcc1 = w1.fma(FloatVector.fromArray(FLOATS, x, o + 16), bcc1);
        FloatVector w2 =
            ((FloatVector) bytes1.and(0xF).convert(VectorOperators.I2F, 0)).fma(step1, low1);
        acc2 = w2.fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
        bcc2 = w2.fma(FloatVector.fromArray(FLOATS, x, o + 32), bcc2);
        FloatVector w3 =
            ((FloatVector) bytes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(step1, low1);
        acc3 = w3.fma(FloatVector.fromArray(FLOATS, x, p + 48), acc3);
        bcc3 = w3.fma(FloatVector.fromArray(FLOATS, x, o + 48), bcc3);
      }
      acc0.add(acc1).add(acc2.add(acc3)).intoArray(work, GROUP);
      work[SUMS] += total(work);
      bcc0.add(bcc1).add(bcc2.add(bcc3)).intoArray(work, GROUP);
      work[SUMS + 1] += total(work);
    }

    @Override
    void fill(MemorySegment weight, long at, int count, float[] out, int outAt, int piece) {
      int blocks = count / BLOCK;
      for (int block = 0; block < blocks; block++) {
        long w = at + BYTES_OF_BLOCK * block;
        int to = outAt + piece + BLOCK * block;
        float scale = half(weight, w);
        FloatVector step = FloatVector.broadcast(FLOATS, scale);
        FloatVector low = FloatVector.broadcast(FLOATS, -8 * scale);
        IntVector bytes =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, weight, w + 2 + piece, LITTLE)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        ((FloatVector) bytes.and(0xF).convert(VectorOperators.I2F, 0))
            .fma(step, low)
            .intoArray(out, to);
        ((FloatVector) bytes.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
            .fma(step, low)
            .intoArray(out, to + 16);
      }
    }
  }
}
