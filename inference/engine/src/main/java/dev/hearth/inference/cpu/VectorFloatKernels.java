package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.HALVES;
import static dev.hearth.inference.cpu.VectorKernels.INTS;
import static dev.hearth.inference.cpu.VectorKernels.LANES;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Kernels of the types that store one number per value. The three dot products differ in the load
 * alone; they are written out because a load behind an interface, or in a helper that the compiler
 * declines to inline, would make objects of the vectors.
 */
final class VectorFloatKernels {

  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

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
    ShortVector half = ShortVector.fromMemorySegment(HALVES, weight, at, LITTLE);
    return halfToFloat((IntVector) half.convertShape(VectorOperators.S2I, INTS, 0));
  }

  private static FloatVector loadBrain(MemorySegment weight, long at) {
    ShortVector upper = ShortVector.fromMemorySegment(HALVES, weight, at, LITTLE);
    return ((IntVector) upper.convertShape(VectorOperators.S2I, INTS, 0))
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }

  /** F32. */
  static final class Single extends RowKernel {

    Single() {
      super(WeightType.F32);
    }

    @Override
    float dot(MemorySegment weight, long at, float[] x, int xAt, int count) {
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      FloatVector acc2 = FloatVector.zero(FLOATS);
      FloatVector acc3 = FloatVector.zero(FLOATS);
      int i = 0;
      for (int bound = count - 4 * LANES; i <= bound; i += 4 * LANES) {
        int p = xAt + i;
        long from = at + 4L * i;
        acc0 =
            FloatVector.fromMemorySegment(FLOATS, weight, from, LITTLE)
                .fma(FloatVector.fromArray(FLOATS, x, p), acc0);
        acc1 =
            FloatVector.fromMemorySegment(FLOATS, weight, from + 4L * LANES, LITTLE)
                .fma(FloatVector.fromArray(FLOATS, x, p + LANES), acc1);
        acc2 =
            FloatVector.fromMemorySegment(FLOATS, weight, from + 8L * LANES, LITTLE)
                .fma(FloatVector.fromArray(FLOATS, x, p + 2 * LANES), acc2);
        acc3 =
            FloatVector.fromMemorySegment(FLOATS, weight, from + 12L * LANES, LITTLE)
                .fma(FloatVector.fromArray(FLOATS, x, p + 3 * LANES), acc3);
      }
      float sum = acc0.add(acc1).add(acc2.add(acc3)).reduceLanes(VectorOperators.ADD);
      for (; i < count; i++) {
        sum += weight.get(Layouts.FLOAT, at + 4L * i) * x[xAt + i];
      }
      return sum;
    }

    @Override
    public void dequantise(MemorySegment weight, long offset, float[] out, int outAt, int count) {
      MemorySegment.copy(weight, Layouts.FLOAT, offset, out, outAt, count);
    }
  }

  /** F16. */
  static final class Half extends RowKernel {

    Half() {
      super(WeightType.F16);
    }

    @Override
    float dot(MemorySegment weight, long at, float[] x, int xAt, int count) {
      FloatVector acc = FloatVector.zero(FLOATS);
      int bound = FLOATS.loopBound(count);
      for (int i = 0; i < bound; i += LANES) {
        // As in halfToFloat, written out; the processor overlaps the rounds of the loop.
        IntVector half =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, at + 2L * i, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        IntVector sign = half.and(0x8000).lanewise(VectorOperators.LSHL, 16);
        FloatVector magnitude =
            half.and(0x7FFF).lanewise(VectorOperators.LSHL, 13).reinterpretAsFloats().mul(0x1p112f);
        FloatVector w = magnitude.reinterpretAsInts().or(sign).reinterpretAsFloats();
        acc = w.fma(FloatVector.fromArray(FLOATS, x, xAt + i), acc);
      }
      float sum = acc.reduceLanes(VectorOperators.ADD);
      for (int i = bound; i < count; i++) {
        sum += Float.float16ToFloat(weight.get(Layouts.SHORT, at + 2L * i)) * x[xAt + i];
      }
      return sum;
    }

    @Override
    public void dequantise(MemorySegment weight, long offset, float[] out, int outAt, int count) {
      int bound = FLOATS.loopBound(count);
      for (int i = 0; i < bound; i += LANES) {
        loadHalf(weight, offset + 2L * i).intoArray(out, outAt + i);
      }
      WeightType.F16
          .codec()
          .dequantise(weight, offset + 2L * bound, out, outAt + bound, count - bound);
    }
  }

  /** BF16. */
  static final class Brain extends RowKernel {

    Brain() {
      super(WeightType.BF16);
    }

    @Override
    float dot(MemorySegment weight, long at, float[] x, int xAt, int count) {
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      int i = 0;
      for (int bound = count - 2 * LANES; i <= bound; i += 2 * LANES) {
        IntVector w0 =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, at + 2L * i, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        IntVector w1 =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, weight, at + 2L * (i + LANES), LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        acc0 =
            w0.lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats()
                .fma(FloatVector.fromArray(FLOATS, x, xAt + i), acc0);
        acc1 =
            w1.lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats()
                .fma(FloatVector.fromArray(FLOATS, x, xAt + i + LANES), acc1);
      }
      float sum = acc0.add(acc1).reduceLanes(VectorOperators.ADD);
      for (; i < count; i++) {
        sum += Float.intBitsToFloat(weight.get(Layouts.SHORT, at + 2L * i) << 16) * x[xAt + i];
      }
      return sum;
    }

    @Override
    public void dequantise(MemorySegment weight, long offset, float[] out, int outAt, int count) {
      int bound = FLOATS.loopBound(count);
      for (int i = 0; i < bound; i += LANES) {
        loadBrain(weight, offset + 2L * i).intoArray(out, outAt + i);
      }
      WeightType.BF16
          .codec()
          .dequantise(weight, offset + 2L * bound, out, outAt + bound, count - bound);
    }
  }

  /** Matrix-vector product by dot products of rows. */
  abstract static class RowKernel implements WeightKernel {

    private final WeightType type;

    RowKernel(WeightType type) {
      this.type = type;
    }

    abstract float dot(MemorySegment weight, long at, float[] x, int xAt, int count);

    @Override
    public final boolean quantised() {
      return false;
    }

    @Override
    public final void matVec(
        MemorySegment weight,
        int columns,
        int from,
        int to,
        Activation x,
        int row,
        float[] out,
        int outAt) {
      long rowBytes = type.bytes(columns);
      for (int r = from; r < to; r++) {
        out[outAt + r] = dot(weight, r * rowBytes, x.values, row * columns, columns);
      }
    }
  }
}
