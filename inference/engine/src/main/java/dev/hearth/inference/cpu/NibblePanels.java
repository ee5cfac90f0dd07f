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
 * Q4_0 and Q4_K: an int holds 8 columns of a row, the first in the lowest bits. A number reads as
 * 16 + number.
 */
final class NibblePanels extends VectorPanels {

  /** What a number reads as more than it is. */
  static final int SURPLUS = 16;

  private static final int NUMBER = 0x0078_0000;
  private static final int BASE = 0x4180_0000;
  private static final long LOW = 0x0F0F_0F0F_0F0F_0F0FL;

  NibblePanels(WeightType type, PanelSteps steps) {
    super(type, steps);
  }

  @Override
  long numberBytes(int columns) {
    return (long) LINE / 8 * columns;
  }

  @Override
  void packNumbers(MemorySegment weight, long at, int columns, MemorySegment panel, long to) {
    if (type == WeightType.Q4_0) {
      for (int block = 0; block < columns / 32; block++) {
        pack32(weight, at + type.bytes(32L * block) + 2, panel, to + 4L * LINE * block);
      }
    } else {
      packK(weight, at + 16, type.blockBytes(), columns, panel, to);
    }
  }

  /** The numbers of 256-value blocks: 32 bytes for 64 values, first half in the lower bits. */
  static void packK(
      MemorySegment weight, long at, int stride, int columns, MemorySegment panel, long to) {
    for (int part = 0; part < columns / 64; part++) {
      long from = at + (long) stride * (part / 4) + 32L * (part % 4);
      for (int half = 0; half < 2; half++) {
        long mask = LOW << (4 * half);
        long out = to + (long) LINE * (8L * part + 4L * half);
        for (int i = 0; i < 4; i++) {
          int numbers = (int) Long.compress(weight.get(Layouts.LONG, from + 8L * i), mask);
          panel.set(Layouts.INT, out + (long) LINE * i, numbers);
        }
      }
    }
  }

  /** The numbers of a 32-value block: 16 bytes, first half in the lower bits. */
  private static void pack32(MemorySegment weight, long at, MemorySegment panel, long to) {
    for (int i = 0; i < 2; i++) {
      long bytes = weight.get(Layouts.LONG, at + 8L * i);
      panel.set(Layouts.INT, to + (long) LINE * i, (int) Long.compress(bytes, LOW));
      panel.set(Layouts.INT, to + (long) LINE * (i + 2), (int) Long.compress(bytes, LOW << 4));
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
    FloatVector total = FloatVector.fromArray(FLOATS, work, to);
    FloatVector lows = FloatVector.zero(FLOATS);
    int groups = count / GROUP;
    for (int i = 0; i < groups; i++) {
      int p = xAt + GROUP * i;
      int s = STEPS + STRIP * (i >> 2);
      IntVector v = IntVector.fromMemorySegment(INTS, panel, at + (long) LINE * i, LITTLE);
      FloatVector w0 =
          v.lanewise(VectorOperators.LSHL, 19).and(NUMBER).or(BASE).reinterpretAsFloats();
      FloatVector s0 = w0.mul(FloatVector.broadcast(FLOATS, x[p]));
      FloatVector w1 =
          v.lanewise(VectorOperators.LSHL, 15).and(NUMBER).or(BASE).reinterpretAsFloats();
      FloatVector s1 = w1.mul(FloatVector.broadcast(FLOATS, x[p + 1]));
      FloatVector w2 =
          v.lanewise(VectorOperators.LSHL, 11).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w2.fma(FloatVector.broadcast(FLOATS, x[p + 2]), s0);
      FloatVector w3 =
          v.lanewise(VectorOperators.LSHL, 7).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w3.fma(FloatVector.broadcast(FLOATS, x[p + 3]), s1);
      FloatVector w4 =
          v.lanewise(VectorOperators.LSHL, 3).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w4.fma(FloatVector.broadcast(FLOATS, x[p + 4]), s0);
      FloatVector w5 =
          v.lanewise(VectorOperators.LSHR, 1).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w5.fma(FloatVector.broadcast(FLOATS, x[p + 5]), s1);
      FloatVector w6 =
          v.lanewise(VectorOperators.LSHR, 5).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w6.fma(FloatVector.broadcast(FLOATS, x[p + 6]), s0);
      FloatVector w7 =
          v.lanewise(VectorOperators.LSHR, 9).and(NUMBER).or(BASE).reinterpretAsFloats();
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
      FloatVector w0 =
          v.lanewise(VectorOperators.LSHL, 19).and(NUMBER).or(BASE).reinterpretAsFloats();
      FloatVector s0 = w0.mul(FloatVector.broadcast(FLOATS, x[p]));
      FloatVector t0 = w0.mul(FloatVector.broadcast(FLOATS, x[q]));
      FloatVector w1 =
          v.lanewise(VectorOperators.LSHL, 15).and(NUMBER).or(BASE).reinterpretAsFloats();
      FloatVector s1 = w1.mul(FloatVector.broadcast(FLOATS, x[p + 1]));
      FloatVector t1 = w1.mul(FloatVector.broadcast(FLOATS, x[q + 1]));
      FloatVector w2 =
          v.lanewise(VectorOperators.LSHL, 11).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w2.fma(FloatVector.broadcast(FLOATS, x[p + 2]), s0);
      t0 = w2.fma(FloatVector.broadcast(FLOATS, x[q + 2]), t0);
      FloatVector w3 =
          v.lanewise(VectorOperators.LSHL, 7).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w3.fma(FloatVector.broadcast(FLOATS, x[p + 3]), s1);
      t1 = w3.fma(FloatVector.broadcast(FLOATS, x[q + 3]), t1);
      FloatVector w4 =
          v.lanewise(VectorOperators.LSHL, 3).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w4.fma(FloatVector.broadcast(FLOATS, x[p + 4]), s0);
      t0 = w4.fma(FloatVector.broadcast(FLOATS, x[q + 4]), t0);
      FloatVector w5 =
          v.lanewise(VectorOperators.LSHR, 1).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w5.fma(FloatVector.broadcast(FLOATS, x[p + 5]), s1);
      t1 = w5.fma(FloatVector.broadcast(FLOATS, x[q + 5]), t1);
      FloatVector w6 =
          v.lanewise(VectorOperators.LSHR, 5).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w6.fma(FloatVector.broadcast(FLOATS, x[p + 6]), s0);
      t0 = w6.fma(FloatVector.broadcast(FLOATS, x[q + 6]), t0);
      FloatVector w7 =
          v.lanewise(VectorOperators.LSHR, 9).and(NUMBER).or(BASE).reinterpretAsFloats();
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
    int groups = count / GROUP;
    for (int i = 0; i < groups; i++) {
      int t = tileAt + GROUP * i * stride;
      int s = STEPS + STRIP * (i >> 2);
      FloatVector step = FloatVector.fromArray(FLOATS, work, s);
      FloatVector low = FloatVector.fromArray(FLOATS, work, s + LOWS);
      IntVector v = IntVector.fromMemorySegment(INTS, panel, at + (long) LINE * i, LITTLE);
      v.lanewise(VectorOperators.LSHL, 19)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t);
      v.lanewise(VectorOperators.LSHL, 15)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + stride);
      v.lanewise(VectorOperators.LSHL, 11)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 2 * stride);
      v.lanewise(VectorOperators.LSHL, 7)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 3 * stride);
      v.lanewise(VectorOperators.LSHL, 3)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 4 * stride);
      v.lanewise(VectorOperators.LSHR, 1)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 5 * stride);
      v.lanewise(VectorOperators.LSHR, 5)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 6 * stride);
      v.lanewise(VectorOperators.LSHR, 9)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 7 * stride);
    }
  }
}
