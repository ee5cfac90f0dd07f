package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.HALVES;
import static dev.hearth.inference.cpu.VectorKernels.INTS;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Kernels of the types that store one number per value. The three differ in the load alone; they
 * are written out because a load behind an interface, or in a helper that the compiler declines to
 * inline, would make objects of the vectors.
 */
final class VectorFloatKernels {

  private VectorFloatKernels() {}

  /**
   * Halves in the low 16 bits of each lane to floats: exponent and mantissa are moved into place
   * and the product with 2^112 corrects the exponent's bias, subnormals included. Infinities and
   * NaN come out as large finite numbers; weights and caches hold neither.
   */
  static FloatVector halfToFloat(IntVector half) {
    IntVector magnitude = half.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
    IntVector sign = half.and(0x8000).lanewise(VectorOperators.LSHL, 16);
    return magnitude
        .reinterpretAsFloats()
        .mul(0x1p112f)
        .reinterpretAsInts()
        .or(sign)
        .reinterpretAsFloats();
  }

  private static FloatVector loadHalf(MemorySegment weight, long at) {
    ShortVector half = ShortVector.fromMemorySegment(HALVES, weight, at, VectorRows.LITTLE);
    return halfToFloat((IntVector) half.convertShape(VectorOperators.S2I, INTS, 0));
  }

  private static FloatVector loadBrain(MemorySegment weight, long at) {
    ShortVector upper = ShortVector.fromMemorySegment(HALVES, weight, at, VectorRows.LITTLE);
    return ((IntVector) upper.convertShape(VectorOperators.S2I, INTS, 0))
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }

  /** F32. */
  static final class Single extends VectorRows {

    Single() {
      super(WeightType.F32);
    }

    @Override
    float dot(
        MemorySegment weight, long at, int count, float[] x, int xAt, int piece, float[] work) {
      FloatVector acc0 = FloatVector.broadcast(FLOATS, zero(weight, at));
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      long v = at + 4L * piece;
      for (int i = 0; i < count; i += STRIDE) {
        long w = v + 4L * i;
        int p = xAt + i;
        acc0 =
            FloatVector.fromMemorySegment(FLOATS, weight, w, LITTLE)
                .fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        acc1 =
            FloatVector.fromMemorySegment(FLOATS, weight, w + 64, LITTLE)
                .fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
        acc2 =
            FloatVector.fromMemorySegment(FLOATS, weight, w + 128, LITTLE)
                .fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
        acc3 =
            FloatVector.fromMemorySegment(FLOATS, weight, w + 192, LITTLE)
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
      FloatVector acc0 = FloatVector.broadcast(FLOATS, zero(weight, at));
      FloatVector bcc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector bcc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector bcc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      FloatVector bcc3 = FloatVector.zero(FLOATS);
      long v = at + 4L * piece;
      for (int i = 0; i < count; i += STRIDE) {
        long w = v + 4L * i;
        int p = xAt + i;
        int o = yAt + i;
        FloatVector w0 = FloatVector.fromMemorySegment(FLOATS, weight, w, LITTLE);
        acc0 = w0.fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        bcc0 = w0.fma(FloatVector.fromArray(FLOATS, x, o), bcc0);
        FloatVector w1 = FloatVector.fromMemorySegment(FLOATS, weight, w + 64, LITTLE);
        acc1 = w1.fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
        bcc1 = w1.fma(FloatVector.fromArray(FLOATS, x, o + 16), bcc1);
        FloatVector w2 = FloatVector.fromMemorySegment(FLOATS, weight, w + 128, LITTLE);
        acc2 = w2.fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
        bcc2 = w2.fma(FloatVector.fromArray(FLOATS, x, o + 32), bcc2);
        FloatVector w3 = FloatVector.fromMemorySegment(FLOATS, weight, w + 192, LITTLE);
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
      for (int i = piece + (int) zero(weight, at); i < count; i += GROUP) {
        FloatVector.fromMemorySegment(FLOATS, weight, at + 4L * i, LITTLE)
            .intoArray(out, outAt + i);
      }
    }
  }

  /** F16. */
  static final class Half extends VectorRows {

    Half() {
      super(WeightType.F16);
    }

    @Override
    float dot(
        MemorySegment weight, long at, int count, float[] x, int xAt, int piece, float[] work) {
      FloatVector acc0 = FloatVector.broadcast(FLOATS, zero(weight, at));
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      long v = at + 2L * piece;
      for (int i = 0; i < count; i += STRIDE) {
        long w = v + 2L * i;
        int p = xAt + i;
        // As in halfToFloat, written out: as a helper it was not inlined everywhere.
        IntVector half0 =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, w, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        acc0 =
            half0
                .and(0x7FFF)
                .lanewise(VectorOperators.LSHL, 13)
                .reinterpretAsFloats()
                .mul(0x1p112f)
                .reinterpretAsInts()
                .or(half0.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                .reinterpretAsFloats()
                .fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        IntVector half1 =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, w + 32, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        acc1 =
            half1
                .and(0x7FFF)
                .lanewise(VectorOperators.LSHL, 13)
                .reinterpretAsFloats()
                .mul(0x1p112f)
                .reinterpretAsInts()
                .or(half1.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                .reinterpretAsFloats()
                .fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
        IntVector half2 =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, w + 64, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        acc2 =
            half2
                .and(0x7FFF)
                .lanewise(VectorOperators.LSHL, 13)
                .reinterpretAsFloats()
                .mul(0x1p112f)
                .reinterpretAsInts()
                .or(half2.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                .reinterpretAsFloats()
                .fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
        IntVector half3 =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, w + 96, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        acc3 =
            half3
                .and(0x7FFF)
                .lanewise(VectorOperators.LSHL, 13)
                .reinterpretAsFloats()
                .mul(0x1p112f)
                .reinterpretAsInts()
                .or(half3.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                .reinterpretAsFloats()
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
      FloatVector acc0 = FloatVector.broadcast(FLOATS, zero(weight, at));
      FloatVector bcc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector bcc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector bcc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      FloatVector bcc3 = FloatVector.zero(FLOATS);
      long v = at + 2L * piece;
      for (int i = 0; i < count; i += STRIDE) {
        long w = v + 2L * i;
        int p = xAt + i;
        int o = yAt + i;
        // As in halfToFloat, written out: as a helper it was not inlined everywhere.
        IntVector half0 =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, w, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        FloatVector w0 =
            half0
                .and(0x7FFF)
                .lanewise(VectorOperators.LSHL, 13)
                .reinterpretAsFloats()
                .mul(0x1p112f)
                .reinterpretAsInts()
                .or(half0.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                .reinterpretAsFloats();
        acc0 = w0.fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        bcc0 = w0.fma(FloatVector.fromArray(FLOATS, x, o), bcc0);
        IntVector half1 =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, w + 32, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        FloatVector w1 =
            half1
                .and(0x7FFF)
                .lanewise(VectorOperators.LSHL, 13)
                .reinterpretAsFloats()
                .mul(0x1p112f)
                .reinterpretAsInts()
                .or(half1.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                .reinterpretAsFloats();
        acc1 = w1.fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
        bcc1 = w1.fma(FloatVector.fromArray(FLOATS, x, o + 16), bcc1);
        IntVector half2 =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, w + 64, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        FloatVector w2 =
            half2
                .and(0x7FFF)
                .lanewise(VectorOperators.LSHL, 13)
                .reinterpretAsFloats()
                .mul(0x1p112f)
                .reinterpretAsInts()
                .or(half2.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                .reinterpretAsFloats();
        acc2 = w2.fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
        bcc2 = w2.fma(FloatVector.fromArray(FLOATS, x, o + 32), bcc2);
        IntVector half3 =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, w + 96, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        FloatVector w3 =
            half3
                .and(0x7FFF)
                .lanewise(VectorOperators.LSHL, 13)
                .reinterpretAsFloats()
                .mul(0x1p112f)
                .reinterpretAsInts()
                .or(half3.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                .reinterpretAsFloats();
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
      for (int i = piece + (int) zero(weight, at); i < count; i += GROUP) {
        loadHalf(weight, at + 2L * i).intoArray(out, outAt + i);
      }
    }
  }

  /** BF16. */
  static final class Brain extends VectorRows {

    Brain() {
      super(WeightType.BF16);
    }

    @Override
    float dot(
        MemorySegment weight, long at, int count, float[] x, int xAt, int piece, float[] work) {
      FloatVector acc0 = FloatVector.broadcast(FLOATS, zero(weight, at));
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      long v = at + 2L * piece;
      for (int i = 0; i < count; i += STRIDE) {
        long w = v + 2L * i;
        int p = xAt + i;
        acc0 = loadBrain(weight, w).fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        acc1 = loadBrain(weight, w + 32).fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
        acc2 = loadBrain(weight, w + 64).fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
        acc3 = loadBrain(weight, w + 96).fma(FloatVector.fromArray(FLOATS, x, p + 48), acc3);
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
      FloatVector acc0 = FloatVector.broadcast(FLOATS, zero(weight, at));
      FloatVector bcc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector bcc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector bcc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      FloatVector bcc3 = FloatVector.zero(FLOATS);
      long v = at + 2L * piece;
      for (int i = 0; i < count; i += STRIDE) {
        long w = v + 2L * i;
        int p = xAt + i;
        int o = yAt + i;
        FloatVector w0 = loadBrain(weight, w);
        acc0 = w0.fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        bcc0 = w0.fma(FloatVector.fromArray(FLOATS, x, o), bcc0);
        FloatVector w1 = loadBrain(weight, w + 32);
        acc1 = w1.fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
        bcc1 = w1.fma(FloatVector.fromArray(FLOATS, x, o + 16), bcc1);
        FloatVector w2 = loadBrain(weight, w + 64);
        acc2 = w2.fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
        bcc2 = w2.fma(FloatVector.fromArray(FLOATS, x, o + 32), bcc2);
        FloatVector w3 = loadBrain(weight, w + 96);
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
      for (int i = piece + (int) zero(weight, at); i < count; i += GROUP) {
        loadBrain(weight, at + 2L * i).intoArray(out, outAt + i);
      }
    }
  }
}
