package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.INTS;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Types that store one number per value: F32 by column, F16 and BF16 two columns of a row in an
 * int, the first in the lower half. The three differ in the load alone.
 */
final class FloatPanels {

  /** Columns that a body takes a turn; rows are a multiple of it. */
  static final int TURN = 4;

  private FloatPanels() {}

  /** F32. */
  static final class Single extends VectorPanels {

    Single() {
      super(WeightType.F32, PanelSteps.NONE);
    }

    @Override
    long numberBytes(int columns) {
      return (long) LINE * columns;
    }

    @Override
    void packNumbers(MemorySegment weight, long at, int columns, MemorySegment panel, long to) {
      for (int c = 0; c < columns; c++) {
        int bits = weight.get(Layouts.INT, at + (long) Float.BYTES * c);
        panel.set(Layouts.INT, to + (long) LINE * c, bits);
      }
    }

    @Override
    void dot(
        MemorySegment panel,
        long at,
        int count,
        float[] x,
        int xAt,
        float[] sums,
        int sumsAt,
        int to,
        float[] work) {
      FloatVector s0 = FloatVector.fromArray(FLOATS, work, to);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = s1;
      FloatVector s3 = s1;
      int turns = count / TURN;
      for (int i = 0; i < turns; i++) {
        int p = xAt + TURN * i;

        s0 =
            FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i, LITTLE)
                .fma(FloatVector.broadcast(FLOATS, x[p]), s0);
        s1 =
            FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i + LINE, LITTLE)
                .fma(FloatVector.broadcast(FLOATS, x[p + 1]), s1);
        s2 =
            FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i + 2 * LINE, LITTLE)
                .fma(FloatVector.broadcast(FLOATS, x[p + 2]), s2);
        s3 =
            FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i + 3 * LINE, LITTLE)
                .fma(FloatVector.broadcast(FLOATS, x[p + 3]), s3);
      }
      s0.add(s1).add(s2.add(s3)).intoArray(work, to);
    }

    @Override
    void twoDots(
        MemorySegment panel,
        long at,
        int count,
        float[] x,
        int xAt,
        int yAt,
        float[] sums,
        int sumsAt,
        int moreAt,
        int to,
        float[] work) {
      FloatVector s0 = FloatVector.fromArray(FLOATS, work, to);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = s1;
      FloatVector s3 = s1;
      FloatVector t0 = FloatVector.fromArray(FLOATS, work, ROWS + to);
      FloatVector t1 = FloatVector.zero(FLOATS);
      FloatVector t2 = t1;
      FloatVector t3 = t1;
      int turns = count / TURN;
      for (int i = 0; i < turns; i++) {
        int p = xAt + TURN * i;
        int q = yAt + TURN * i;

        FloatVector w0 = FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i, LITTLE);
        s0 = w0.fma(FloatVector.broadcast(FLOATS, x[p]), s0);
        t0 = w0.fma(FloatVector.broadcast(FLOATS, x[q]), t0);
        FloatVector w1 =
            FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i + LINE, LITTLE);
        s1 = w1.fma(FloatVector.broadcast(FLOATS, x[p + 1]), s1);
        t1 = w1.fma(FloatVector.broadcast(FLOATS, x[q + 1]), t1);
        FloatVector w2 =
            FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i + 2 * LINE, LITTLE);
        s2 = w2.fma(FloatVector.broadcast(FLOATS, x[p + 2]), s2);
        t2 = w2.fma(FloatVector.broadcast(FLOATS, x[q + 2]), t2);
        FloatVector w3 =
            FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i + 3 * LINE, LITTLE);
        s3 = w3.fma(FloatVector.broadcast(FLOATS, x[p + 3]), s3);
        t3 = w3.fma(FloatVector.broadcast(FLOATS, x[q + 3]), t3);
      }
      s0.add(s1).add(s2.add(s3)).intoArray(work, to);
      t0.add(t1).add(t2.add(t3)).intoArray(work, ROWS + to);
    }

    @Override
    void fill(
        MemorySegment panel,
        long numbers,
        int columns,
        int from,
        int count,
        float[] tile,
        int tileAt,
        int stride,
        float[] work) {
      long at = numbers + (long) LINE * from;
      int turns = count / TURN;
      for (int i = 0; i < turns; i++) {
        int t = tileAt + TURN * i * stride;

        FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i, LITTLE).intoArray(tile, t);
        FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i + LINE, LITTLE)
            .intoArray(tile, t + stride);
        FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i + 2 * LINE, LITTLE)
            .intoArray(tile, t + 2 * stride);
        FloatVector.fromMemorySegment(FLOATS, panel, at + 4L * LINE * i + 3 * LINE, LITTLE)
            .intoArray(tile, t + 3 * stride);
      }
    }
  }

  /** Two numbers of 16 bits in an int. */
  abstract static class Pairs extends VectorPanels {

    Pairs(WeightType type) {
      super(type, PanelSteps.NONE);
    }

    @Override
    final long numberBytes(int columns) {
      return (long) LINE / 2 * columns;
    }

    @Override
    final void packNumbers(
        MemorySegment weight, long at, int columns, MemorySegment panel, long to) {
      for (int pair = 0; pair < columns / 2; pair++) {
        int bits = weight.get(Layouts.INT, at + (long) Integer.BYTES * pair);
        panel.set(Layouts.INT, to + (long) LINE * pair, bits);
      }
    }
  }

  /**
   * F16. Exponent and mantissa are moved into place and the product with 2^112 corrects the
   * exponent's bias, subnormals included; infinities and NaN come out as large finite numbers.
   */
  static final class Half extends Pairs {

    private static final int HALF = 0x8FFF_E000;
    private static final float REBIAS = 0x1p112f;

    Half() {
      super(WeightType.F16);
    }

    @Override
    void dot(
        MemorySegment panel,
        long at,
        int count,
        float[] x,
        int xAt,
        float[] sums,
        int sumsAt,
        int to,
        float[] work) {
      FloatVector s0 = FloatVector.fromArray(FLOATS, work, to);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = s1;
      FloatVector s3 = s1;
      int turns = count / TURN;
      for (int i = 0; i < turns; i++) {
        int p = xAt + TURN * i;
        IntVector v = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i, LITTLE);
        IntVector u = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i + LINE, LITTLE);
        s0 =
            v.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(HALF)
                .reinterpretAsFloats()
                .mul(REBIAS)
                .fma(FloatVector.broadcast(FLOATS, x[p]), s0);
        s1 =
            v.lanewise(VectorOperators.ASHR, 3)
                .and(HALF)
                .reinterpretAsFloats()
                .mul(REBIAS)
                .fma(FloatVector.broadcast(FLOATS, x[p + 1]), s1);
        s2 =
            u.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(HALF)
                .reinterpretAsFloats()
                .mul(REBIAS)
                .fma(FloatVector.broadcast(FLOATS, x[p + 2]), s2);
        s3 =
            u.lanewise(VectorOperators.ASHR, 3)
                .and(HALF)
                .reinterpretAsFloats()
                .mul(REBIAS)
                .fma(FloatVector.broadcast(FLOATS, x[p + 3]), s3);
      }
      s0.add(s1).add(s2.add(s3)).intoArray(work, to);
    }

    @Override
    void twoDots(
        MemorySegment panel,
        long at,
        int count,
        float[] x,
        int xAt,
        int yAt,
        float[] sums,
        int sumsAt,
        int moreAt,
        int to,
        float[] work) {
      FloatVector s0 = FloatVector.fromArray(FLOATS, work, to);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = s1;
      FloatVector s3 = s1;
      FloatVector t0 = FloatVector.fromArray(FLOATS, work, ROWS + to);
      FloatVector t1 = FloatVector.zero(FLOATS);
      FloatVector t2 = t1;
      FloatVector t3 = t1;
      int turns = count / TURN;
      for (int i = 0; i < turns; i++) {
        int p = xAt + TURN * i;
        int q = yAt + TURN * i;
        IntVector v = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i, LITTLE);
        IntVector u = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i + LINE, LITTLE);
        FloatVector w0 =
            v.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(HALF)
                .reinterpretAsFloats()
                .mul(REBIAS);
        s0 = w0.fma(FloatVector.broadcast(FLOATS, x[p]), s0);
        t0 = w0.fma(FloatVector.broadcast(FLOATS, x[q]), t0);
        FloatVector w1 =
            v.lanewise(VectorOperators.ASHR, 3).and(HALF).reinterpretAsFloats().mul(REBIAS);
        s1 = w1.fma(FloatVector.broadcast(FLOATS, x[p + 1]), s1);
        t1 = w1.fma(FloatVector.broadcast(FLOATS, x[q + 1]), t1);
        FloatVector w2 =
            u.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(HALF)
                .reinterpretAsFloats()
                .mul(REBIAS);
        s2 = w2.fma(FloatVector.broadcast(FLOATS, x[p + 2]), s2);
        t2 = w2.fma(FloatVector.broadcast(FLOATS, x[q + 2]), t2);
        FloatVector w3 =
            u.lanewise(VectorOperators.ASHR, 3).and(HALF).reinterpretAsFloats().mul(REBIAS);
        s3 = w3.fma(FloatVector.broadcast(FLOATS, x[p + 3]), s3);
        t3 = w3.fma(FloatVector.broadcast(FLOATS, x[q + 3]), t3);
      }
      s0.add(s1).add(s2.add(s3)).intoArray(work, to);
      t0.add(t1).add(t2.add(t3)).intoArray(work, ROWS + to);
    }

    @Override
    void fill(
        MemorySegment panel,
        long numbers,
        int columns,
        int from,
        int count,
        float[] tile,
        int tileAt,
        int stride,
        float[] work) {
      long at = numbers + (long) LINE / 2 * from;
      int turns = count / TURN;
      for (int i = 0; i < turns; i++) {
        int t = tileAt + TURN * i * stride;
        IntVector v = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i, LITTLE);
        IntVector u = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i + LINE, LITTLE);
        v.lanewise(VectorOperators.LSHL, 16)
            .lanewise(VectorOperators.ASHR, 3)
            .and(HALF)
            .reinterpretAsFloats()
            .mul(REBIAS)
            .intoArray(tile, t);
        v.lanewise(VectorOperators.ASHR, 3)
            .and(HALF)
            .reinterpretAsFloats()
            .mul(REBIAS)
            .intoArray(tile, t + stride);
        u.lanewise(VectorOperators.LSHL, 16)
            .lanewise(VectorOperators.ASHR, 3)
            .and(HALF)
            .reinterpretAsFloats()
            .mul(REBIAS)
            .intoArray(tile, t + 2 * stride);
        u.lanewise(VectorOperators.ASHR, 3)
            .and(HALF)
            .reinterpretAsFloats()
            .mul(REBIAS)
            .intoArray(tile, t + 3 * stride);
      }
    }
  }

  /** BF16. */
  static final class Brain extends Pairs {

    private static final int UPPER = 0xFFFF_0000;

    Brain() {
      super(WeightType.BF16);
    }

    @Override
    void dot(
        MemorySegment panel,
        long at,
        int count,
        float[] x,
        int xAt,
        float[] sums,
        int sumsAt,
        int to,
        float[] work) {
      FloatVector s0 = FloatVector.fromArray(FLOATS, work, to);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = s1;
      FloatVector s3 = s1;
      int turns = count / TURN;
      for (int i = 0; i < turns; i++) {
        int p = xAt + TURN * i;
        IntVector v = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i, LITTLE);
        IntVector u = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i + LINE, LITTLE);
        s0 =
            v.lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats()
                .fma(FloatVector.broadcast(FLOATS, x[p]), s0);
        s1 = v.and(UPPER).reinterpretAsFloats().fma(FloatVector.broadcast(FLOATS, x[p + 1]), s1);
        s2 =
            u.lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats()
                .fma(FloatVector.broadcast(FLOATS, x[p + 2]), s2);
        s3 = u.and(UPPER).reinterpretAsFloats().fma(FloatVector.broadcast(FLOATS, x[p + 3]), s3);
      }
      s0.add(s1).add(s2.add(s3)).intoArray(work, to);
    }

    @Override
    void twoDots(
        MemorySegment panel,
        long at,
        int count,
        float[] x,
        int xAt,
        int yAt,
        float[] sums,
        int sumsAt,
        int moreAt,
        int to,
        float[] work) {
      FloatVector s0 = FloatVector.fromArray(FLOATS, work, to);
      FloatVector s1 = FloatVector.zero(FLOATS);
      FloatVector s2 = s1;
      FloatVector s3 = s1;
      FloatVector t0 = FloatVector.fromArray(FLOATS, work, ROWS + to);
      FloatVector t1 = FloatVector.zero(FLOATS);
      FloatVector t2 = t1;
      FloatVector t3 = t1;
      int turns = count / TURN;
      for (int i = 0; i < turns; i++) {
        int p = xAt + TURN * i;
        int q = yAt + TURN * i;
        IntVector v = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i, LITTLE);
        IntVector u = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i + LINE, LITTLE);
        FloatVector w0 = v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
        s0 = w0.fma(FloatVector.broadcast(FLOATS, x[p]), s0);
        t0 = w0.fma(FloatVector.broadcast(FLOATS, x[q]), t0);
        FloatVector w1 = v.and(UPPER).reinterpretAsFloats();
        s1 = w1.fma(FloatVector.broadcast(FLOATS, x[p + 1]), s1);
        t1 = w1.fma(FloatVector.broadcast(FLOATS, x[q + 1]), t1);
        FloatVector w2 = u.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
        s2 = w2.fma(FloatVector.broadcast(FLOATS, x[p + 2]), s2);
        t2 = w2.fma(FloatVector.broadcast(FLOATS, x[q + 2]), t2);
        FloatVector w3 = u.and(UPPER).reinterpretAsFloats();
        s3 = w3.fma(FloatVector.broadcast(FLOATS, x[p + 3]), s3);
        t3 = w3.fma(FloatVector.broadcast(FLOATS, x[q + 3]), t3);
      }
      s0.add(s1).add(s2.add(s3)).intoArray(work, to);
      t0.add(t1).add(t2.add(t3)).intoArray(work, ROWS + to);
    }

    @Override
    void fill(
        MemorySegment panel,
        long numbers,
        int columns,
        int from,
        int count,
        float[] tile,
        int tileAt,
        int stride,
        float[] work) {
      long at = numbers + (long) LINE / 2 * from;
      int turns = count / TURN;
      for (int i = 0; i < turns; i++) {
        int t = tileAt + TURN * i * stride;
        IntVector v = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i, LITTLE);
        IntVector u = IntVector.fromMemorySegment(INTS, panel, at + 2L * LINE * i + LINE, LITTLE);
        v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(tile, t);
        v.and(UPPER).reinterpretAsFloats().intoArray(tile, t + stride);
        u.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(tile, t + 2 * stride);
        u.and(UPPER).reinterpretAsFloats().intoArray(tile, t + 3 * stride);
      }
    }
  }
}
