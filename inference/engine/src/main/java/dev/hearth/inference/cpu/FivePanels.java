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
 * Q5_K: an int holds the lower four bits of 8 columns of a row, the first lowest; behind all of
 * them, another the fifth bits of 32 columns. A number reads as 32 + number.
 */
final class FivePanels extends VectorPanels {

  /** What a number reads as more than it is. */
  static final int SURPLUS = 32;

  private static final int NUMBER = 0x003C_0000;
  private static final int UPPER = 0x0040_0000;
  private static final int BASE = 0x4200_0000;
  private static final long LOWEST = 0x0101_0101_0101_0101L;

  FivePanels() {
    super(WeightType.Q5_K, new PanelSteps.Affine(WeightType.Q5_K, SURPLUS));
  }

  @Override
  long numberBytes(int columns) {
    return (long) LINE / 8 * columns + (long) LINE / 32 * columns;
  }

  @Override
  void packNumbers(MemorySegment weight, long at, int columns, MemorySegment panel, long to) {
    NibblePanels.packK(weight, at + 48, type.blockBytes(), columns, panel, to);
    long uppers = to + (long) LINE / 8 * columns;
    for (int part = 0; part < columns / 32; part++) {
      long from = at + type.bytes(256L * (part / 8)) + 16;
      int bits = 0;
      for (int i = 0; i < 4; i++) {
        long eight = weight.get(Layouts.LONG, from + 8L * i);
        bits |= (int) Long.compress(eight, LOWEST << (part % 8)) << (8 * i);
      }
      panel.set(Layouts.INT, uppers + (long) LINE * part, bits);
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
    long uppers = at + (long) LINE / 8 * count;
    FloatVector total = FloatVector.fromArray(FLOATS, work, to);
    FloatVector lows = FloatVector.zero(FLOATS);
    int groups = count / GROUP;
    for (int i = 0; i < groups; i++) {
      int p = xAt + GROUP * i;
      int s = STEPS + STRIP * (i >> 2);
      IntVector v = IntVector.fromMemorySegment(INTS, panel, at + (long) LINE * i, LITTLE);
      IntVector u =
          IntVector.fromMemorySegment(INTS, panel, uppers + (long) LINE * (i >> 2), LITTLE)
              .lanewise(VectorOperators.LSHR, 8 * (i & 3));
      FloatVector w0 =
          v.lanewise(VectorOperators.LSHL, 18)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 22).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      FloatVector s0 = w0.mul(FloatVector.broadcast(FLOATS, x[p]));
      FloatVector w1 =
          v.lanewise(VectorOperators.LSHL, 14)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 21).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      FloatVector s1 = w1.mul(FloatVector.broadcast(FLOATS, x[p + 1]));
      FloatVector w2 =
          v.lanewise(VectorOperators.LSHL, 10)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 20).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s0 = w2.fma(FloatVector.broadcast(FLOATS, x[p + 2]), s0);
      FloatVector w3 =
          v.lanewise(VectorOperators.LSHL, 6)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 19).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s1 = w3.fma(FloatVector.broadcast(FLOATS, x[p + 3]), s1);
      FloatVector w4 =
          v.lanewise(VectorOperators.LSHL, 2)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 18).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s0 = w4.fma(FloatVector.broadcast(FLOATS, x[p + 4]), s0);
      FloatVector w5 =
          v.lanewise(VectorOperators.LSHR, 2)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 17).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s1 = w5.fma(FloatVector.broadcast(FLOATS, x[p + 5]), s1);
      FloatVector w6 =
          v.lanewise(VectorOperators.LSHR, 6)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 16).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s0 = w6.fma(FloatVector.broadcast(FLOATS, x[p + 6]), s0);
      FloatVector w7 =
          v.lanewise(VectorOperators.LSHR, 10)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 15).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s1 = w7.fma(FloatVector.broadcast(FLOATS, x[p + 7]), s1);
      total = s0.add(s1).fma(FloatVector.fromArray(FLOATS, work, s), total);
      lows =
          FloatVector.broadcast(FLOATS, sums[sumsAt + i])
              .fma(FloatVector.fromArray(FLOATS, work, s + LOWS), lows);
    }
    total.add(lows).intoArray(work, to);
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
    long uppers = at + (long) LINE / 8 * count;
    FloatVector total0 = FloatVector.fromArray(FLOATS, work, to);
    FloatVector total1 = FloatVector.fromArray(FLOATS, work, ROWS + to);
    FloatVector lows0 = FloatVector.zero(FLOATS);
    FloatVector lows1 = FloatVector.zero(FLOATS);
    int groups = count / GROUP;
    for (int i = 0; i < groups; i++) {
      int p = xAt + GROUP * i;
      int q = yAt + GROUP * i;
      int s = STEPS + STRIP * (i >> 2);
      IntVector v = IntVector.fromMemorySegment(INTS, panel, at + (long) LINE * i, LITTLE);
      IntVector u =
          IntVector.fromMemorySegment(INTS, panel, uppers + (long) LINE * (i >> 2), LITTLE)
              .lanewise(VectorOperators.LSHR, 8 * (i & 3));
      FloatVector w0 =
          v.lanewise(VectorOperators.LSHL, 18)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 22).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      FloatVector s0 = w0.mul(FloatVector.broadcast(FLOATS, x[p]));
      FloatVector t0 = w0.mul(FloatVector.broadcast(FLOATS, x[q]));
      FloatVector w1 =
          v.lanewise(VectorOperators.LSHL, 14)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 21).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      FloatVector s1 = w1.mul(FloatVector.broadcast(FLOATS, x[p + 1]));
      FloatVector t1 = w1.mul(FloatVector.broadcast(FLOATS, x[q + 1]));
      FloatVector w2 =
          v.lanewise(VectorOperators.LSHL, 10)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 20).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s0 = w2.fma(FloatVector.broadcast(FLOATS, x[p + 2]), s0);
      t0 = w2.fma(FloatVector.broadcast(FLOATS, x[q + 2]), t0);
      FloatVector w3 =
          v.lanewise(VectorOperators.LSHL, 6)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 19).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s1 = w3.fma(FloatVector.broadcast(FLOATS, x[p + 3]), s1);
      t1 = w3.fma(FloatVector.broadcast(FLOATS, x[q + 3]), t1);
      FloatVector w4 =
          v.lanewise(VectorOperators.LSHL, 2)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 18).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s0 = w4.fma(FloatVector.broadcast(FLOATS, x[p + 4]), s0);
      t0 = w4.fma(FloatVector.broadcast(FLOATS, x[q + 4]), t0);
      FloatVector w5 =
          v.lanewise(VectorOperators.LSHR, 2)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 17).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s1 = w5.fma(FloatVector.broadcast(FLOATS, x[p + 5]), s1);
      t1 = w5.fma(FloatVector.broadcast(FLOATS, x[q + 5]), t1);
      FloatVector w6 =
          v.lanewise(VectorOperators.LSHR, 6)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 16).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s0 = w6.fma(FloatVector.broadcast(FLOATS, x[p + 6]), s0);
      t0 = w6.fma(FloatVector.broadcast(FLOATS, x[q + 6]), t0);
      FloatVector w7 =
          v.lanewise(VectorOperators.LSHR, 10)
              .and(NUMBER)
              .or(u.lanewise(VectorOperators.LSHL, 15).and(UPPER))
              .or(BASE)
              .reinterpretAsFloats();
      s1 = w7.fma(FloatVector.broadcast(FLOATS, x[p + 7]), s1);
      t1 = w7.fma(FloatVector.broadcast(FLOATS, x[q + 7]), t1);
      FloatVector step = FloatVector.fromArray(FLOATS, work, s);
      FloatVector low = FloatVector.fromArray(FLOATS, work, s + LOWS);
      total0 = s0.add(s1).fma(step, total0);
      total1 = t0.add(t1).fma(step, total1);
      lows0 = FloatVector.broadcast(FLOATS, sums[sumsAt + i]).fma(low, lows0);
      lows1 = FloatVector.broadcast(FLOATS, sums[moreAt + i]).fma(low, lows1);
    }
    total0.add(lows0).intoArray(work, to);
    total1.add(lows1).intoArray(work, ROWS + to);
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
    long at = numbers + (long) LINE / 8 * from;
    long uppers = numbers + (long) LINE / 8 * columns + (long) LINE / 32 * from;
    int groups = count / GROUP;
    for (int i = 0; i < groups; i++) {
      int t = tileAt + GROUP * i * stride;
      int s = STEPS + STRIP * (i >> 2);
      FloatVector step = FloatVector.fromArray(FLOATS, work, s);
      FloatVector low = FloatVector.fromArray(FLOATS, work, s + LOWS);
      IntVector v = IntVector.fromMemorySegment(INTS, panel, at + (long) LINE * i, LITTLE);
      IntVector u =
          IntVector.fromMemorySegment(INTS, panel, uppers + (long) LINE * (i >> 2), LITTLE)
              .lanewise(VectorOperators.LSHR, 8 * (i & 3));
      v.lanewise(VectorOperators.LSHL, 18)
          .and(NUMBER)
          .or(u.lanewise(VectorOperators.LSHL, 22).and(UPPER))
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t);
      v.lanewise(VectorOperators.LSHL, 14)
          .and(NUMBER)
          .or(u.lanewise(VectorOperators.LSHL, 21).and(UPPER))
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + stride);
      v.lanewise(VectorOperators.LSHL, 10)
          .and(NUMBER)
          .or(u.lanewise(VectorOperators.LSHL, 20).and(UPPER))
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 2 * stride);
      v.lanewise(VectorOperators.LSHL, 6)
          .and(NUMBER)
          .or(u.lanewise(VectorOperators.LSHL, 19).and(UPPER))
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 3 * stride);
      v.lanewise(VectorOperators.LSHL, 2)
          .and(NUMBER)
          .or(u.lanewise(VectorOperators.LSHL, 18).and(UPPER))
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 4 * stride);
      v.lanewise(VectorOperators.LSHR, 2)
          .and(NUMBER)
          .or(u.lanewise(VectorOperators.LSHL, 17).and(UPPER))
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 5 * stride);
      v.lanewise(VectorOperators.LSHR, 6)
          .and(NUMBER)
          .or(u.lanewise(VectorOperators.LSHL, 16).and(UPPER))
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 6 * stride);
      v.lanewise(VectorOperators.LSHR, 10)
          .and(NUMBER)
          .or(u.lanewise(VectorOperators.LSHL, 15).and(UPPER))
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 7 * stride);
    }
  }
}
