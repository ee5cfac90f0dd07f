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
 * Q6_K: three ints hold 16 columns of a row, five each, the first lowest, and the sixteenth in what
 * is left of them: its lowest two bits in the first. A number, from -32, reads as 96 + number.
 */
final class SixPanels extends VectorPanels {

  /** What a number reads as more than it is. */
  static final int SURPLUS = 96;

  private static final int BLOCK = 16;
  private static final int NUMBER = 0x007E_0000;
  private static final int LOWEST = 0x0006_0000;
  private static final int MIDDLE = 0x0018_0000;
  private static final int HIGHEST = 0x0060_0000;
  private static final int BASE = 0x4280_0000;

  /** The lower four bits of each byte, and the lowest two. */
  private static final long FOURS = 0x0F0F_0F0F_0F0F_0F0FL;

  private static final long TWOS = 0x0303_0303_0303_0303L;

  /** The lower four bits of five numbers in an int, and the upper two. */
  private static final int LOWER = 0x0F3C_F3CF;

  private static final int UPPER = 0x30C3_0C30;

  SixPanels() {
    super(WeightType.Q6_K, new PanelSteps.Signed());
  }

  @Override
  long numberBytes(int columns) {
    return (long) LINE * 3 / BLOCK * columns;
  }

  @Override
  void packNumbers(MemorySegment weight, long at, int columns, MemorySegment panel, long to) {
    for (int part = 0; part < columns / 32; part++) {
      long block = at + type.bytes(256L * (part / 8));
      int half = part / 4 % 2;
      int quarter = part % 4;
      long lower = block + 64L * half + 32L * (quarter % 2);
      long upper = block + 128 + 32L * half;
      for (int i = 0; i < 2; i++) {
        long fours = compress(weight, lower + 16L * i, FOURS << (4 * (quarter / 2)), 32);
        long twos = compress(weight, upper + 16L * i, TWOS << (2 * quarter), 16);
        long last = (fours >>> 60) | (twos >>> 30 << 4);
        for (int k = 0; k < 3; k++) {
          int five =
              Integer.expand((int) (fours >>> (20 * k)), LOWER)
                  | Integer.expand((int) (twos >>> (10 * k)), UPPER)
                  | (int) (last >>> (2 * k) << 30);
          panel.set(Layouts.INT, to + (long) LINE * (3L * (2L * part + i) + k), five);
        }
      }
    }
  }

  /** Bits of sixteen bytes, those of the first eight in the lower half of {@code 2 width} bits. */
  private static long compress(MemorySegment weight, long at, long mask, int width) {
    return Long.compress(weight.get(Layouts.LONG, at), mask)
        | (Long.compress(weight.get(Layouts.LONG, at + 8), mask) << width);
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
    int blocks = count / BLOCK;
    for (int i = 0; i < blocks; i++) {
      int p = xAt + BLOCK * i;
      int g = sumsAt + 2 * i;
      int s = STEPS + STRIP * i;
      IntVector v0 = IntVector.fromMemorySegment(INTS, panel, at + 3L * LINE * i, LITTLE);
      IntVector v1 = IntVector.fromMemorySegment(INTS, panel, at + 3L * LINE * i + LINE, LITTLE);
      IntVector v2 =
          IntVector.fromMemorySegment(INTS, panel, at + 3L * LINE * i + 2 * LINE, LITTLE);
      FloatVector w0 =
          v0.lanewise(VectorOperators.LSHL, 17).and(NUMBER).or(BASE).reinterpretAsFloats();
      FloatVector s0 = w0.mul(FloatVector.broadcast(FLOATS, x[p]));
      FloatVector w1 =
          v0.lanewise(VectorOperators.LSHL, 11).and(NUMBER).or(BASE).reinterpretAsFloats();
      FloatVector s1 = w1.mul(FloatVector.broadcast(FLOATS, x[p + 1]));
      FloatVector w2 =
          v0.lanewise(VectorOperators.LSHL, 5).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w2.fma(FloatVector.broadcast(FLOATS, x[p + 2]), s0);
      FloatVector w3 =
          v0.lanewise(VectorOperators.LSHR, 1).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w3.fma(FloatVector.broadcast(FLOATS, x[p + 3]), s1);
      FloatVector w4 =
          v0.lanewise(VectorOperators.LSHR, 7).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w4.fma(FloatVector.broadcast(FLOATS, x[p + 4]), s0);
      FloatVector w5 =
          v1.lanewise(VectorOperators.LSHL, 17).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w5.fma(FloatVector.broadcast(FLOATS, x[p + 5]), s1);
      FloatVector w6 =
          v1.lanewise(VectorOperators.LSHL, 11).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w6.fma(FloatVector.broadcast(FLOATS, x[p + 6]), s0);
      FloatVector w7 =
          v1.lanewise(VectorOperators.LSHL, 5).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w7.fma(FloatVector.broadcast(FLOATS, x[p + 7]), s1);
      FloatVector w8 =
          v1.lanewise(VectorOperators.LSHR, 1).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w8.fma(FloatVector.broadcast(FLOATS, x[p + 8]), s0);
      FloatVector w9 =
          v1.lanewise(VectorOperators.LSHR, 7).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w9.fma(FloatVector.broadcast(FLOATS, x[p + 9]), s1);
      FloatVector w10 =
          v2.lanewise(VectorOperators.LSHL, 17).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w10.fma(FloatVector.broadcast(FLOATS, x[p + 10]), s0);
      FloatVector w11 =
          v2.lanewise(VectorOperators.LSHL, 11).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w11.fma(FloatVector.broadcast(FLOATS, x[p + 11]), s1);
      FloatVector w12 =
          v2.lanewise(VectorOperators.LSHL, 5).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w12.fma(FloatVector.broadcast(FLOATS, x[p + 12]), s0);
      FloatVector w13 =
          v2.lanewise(VectorOperators.LSHR, 1).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w13.fma(FloatVector.broadcast(FLOATS, x[p + 13]), s1);
      FloatVector w14 =
          v2.lanewise(VectorOperators.LSHR, 7).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w14.fma(FloatVector.broadcast(FLOATS, x[p + 14]), s0);
      FloatVector w15 =
          v0.lanewise(VectorOperators.LSHR, 13)
              .and(LOWEST)
              .or(v1.lanewise(VectorOperators.LSHR, 11).and(MIDDLE))
              .or(v2.lanewise(VectorOperators.LSHR, 9).and(HIGHEST))
              .or(BASE)
              .reinterpretAsFloats();
      s1 = w15.fma(FloatVector.broadcast(FLOATS, x[p + 15]), s1);
      total = s0.add(s1).fma(FloatVector.fromArray(FLOATS, work, s), total);
      lows =
          FloatVector.broadcast(FLOATS, sums[g] + sums[g + 1])
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
    int blocks = count / BLOCK;
    for (int i = 0; i < blocks; i++) {
      int p = xAt + BLOCK * i;
      int q = yAt + BLOCK * i;
      int g = sumsAt + 2 * i;
      int h = moreAt + 2 * i;
      int s = STEPS + STRIP * i;
      IntVector v0 = IntVector.fromMemorySegment(INTS, panel, at + 3L * LINE * i, LITTLE);
      IntVector v1 = IntVector.fromMemorySegment(INTS, panel, at + 3L * LINE * i + LINE, LITTLE);
      IntVector v2 =
          IntVector.fromMemorySegment(INTS, panel, at + 3L * LINE * i + 2 * LINE, LITTLE);
      FloatVector w0 =
          v0.lanewise(VectorOperators.LSHL, 17).and(NUMBER).or(BASE).reinterpretAsFloats();
      FloatVector s0 = w0.mul(FloatVector.broadcast(FLOATS, x[p]));
      FloatVector t0 = w0.mul(FloatVector.broadcast(FLOATS, x[q]));
      FloatVector w1 =
          v0.lanewise(VectorOperators.LSHL, 11).and(NUMBER).or(BASE).reinterpretAsFloats();
      FloatVector s1 = w1.mul(FloatVector.broadcast(FLOATS, x[p + 1]));
      FloatVector t1 = w1.mul(FloatVector.broadcast(FLOATS, x[q + 1]));
      FloatVector w2 =
          v0.lanewise(VectorOperators.LSHL, 5).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w2.fma(FloatVector.broadcast(FLOATS, x[p + 2]), s0);
      t0 = w2.fma(FloatVector.broadcast(FLOATS, x[q + 2]), t0);
      FloatVector w3 =
          v0.lanewise(VectorOperators.LSHR, 1).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w3.fma(FloatVector.broadcast(FLOATS, x[p + 3]), s1);
      t1 = w3.fma(FloatVector.broadcast(FLOATS, x[q + 3]), t1);
      FloatVector w4 =
          v0.lanewise(VectorOperators.LSHR, 7).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w4.fma(FloatVector.broadcast(FLOATS, x[p + 4]), s0);
      t0 = w4.fma(FloatVector.broadcast(FLOATS, x[q + 4]), t0);
      FloatVector w5 =
          v1.lanewise(VectorOperators.LSHL, 17).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w5.fma(FloatVector.broadcast(FLOATS, x[p + 5]), s1);
      t1 = w5.fma(FloatVector.broadcast(FLOATS, x[q + 5]), t1);
      FloatVector w6 =
          v1.lanewise(VectorOperators.LSHL, 11).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w6.fma(FloatVector.broadcast(FLOATS, x[p + 6]), s0);
      t0 = w6.fma(FloatVector.broadcast(FLOATS, x[q + 6]), t0);
      FloatVector w7 =
          v1.lanewise(VectorOperators.LSHL, 5).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w7.fma(FloatVector.broadcast(FLOATS, x[p + 7]), s1);
      t1 = w7.fma(FloatVector.broadcast(FLOATS, x[q + 7]), t1);
      FloatVector w8 =
          v1.lanewise(VectorOperators.LSHR, 1).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w8.fma(FloatVector.broadcast(FLOATS, x[p + 8]), s0);
      t0 = w8.fma(FloatVector.broadcast(FLOATS, x[q + 8]), t0);
      FloatVector w9 =
          v1.lanewise(VectorOperators.LSHR, 7).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w9.fma(FloatVector.broadcast(FLOATS, x[p + 9]), s1);
      t1 = w9.fma(FloatVector.broadcast(FLOATS, x[q + 9]), t1);
      FloatVector w10 =
          v2.lanewise(VectorOperators.LSHL, 17).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w10.fma(FloatVector.broadcast(FLOATS, x[p + 10]), s0);
      t0 = w10.fma(FloatVector.broadcast(FLOATS, x[q + 10]), t0);
      FloatVector w11 =
          v2.lanewise(VectorOperators.LSHL, 11).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w11.fma(FloatVector.broadcast(FLOATS, x[p + 11]), s1);
      t1 = w11.fma(FloatVector.broadcast(FLOATS, x[q + 11]), t1);
      FloatVector w12 =
          v2.lanewise(VectorOperators.LSHL, 5).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w12.fma(FloatVector.broadcast(FLOATS, x[p + 12]), s0);
      t0 = w12.fma(FloatVector.broadcast(FLOATS, x[q + 12]), t0);
      FloatVector w13 =
          v2.lanewise(VectorOperators.LSHR, 1).and(NUMBER).or(BASE).reinterpretAsFloats();
      s1 = w13.fma(FloatVector.broadcast(FLOATS, x[p + 13]), s1);
      t1 = w13.fma(FloatVector.broadcast(FLOATS, x[q + 13]), t1);
      FloatVector w14 =
          v2.lanewise(VectorOperators.LSHR, 7).and(NUMBER).or(BASE).reinterpretAsFloats();
      s0 = w14.fma(FloatVector.broadcast(FLOATS, x[p + 14]), s0);
      t0 = w14.fma(FloatVector.broadcast(FLOATS, x[q + 14]), t0);
      FloatVector w15 =
          v0.lanewise(VectorOperators.LSHR, 13)
              .and(LOWEST)
              .or(v1.lanewise(VectorOperators.LSHR, 11).and(MIDDLE))
              .or(v2.lanewise(VectorOperators.LSHR, 9).and(HIGHEST))
              .or(BASE)
              .reinterpretAsFloats();
      s1 = w15.fma(FloatVector.broadcast(FLOATS, x[p + 15]), s1);
      t1 = w15.fma(FloatVector.broadcast(FLOATS, x[q + 15]), t1);
      FloatVector step = FloatVector.fromArray(FLOATS, work, s);
      FloatVector low = FloatVector.fromArray(FLOATS, work, s + LOWS);
      total0 = s0.add(s1).fma(step, total0);
      total1 = t0.add(t1).fma(step, total1);
      lows0 = FloatVector.broadcast(FLOATS, sums[g] + sums[g + 1]).fma(low, lows0);
      lows1 = FloatVector.broadcast(FLOATS, sums[h] + sums[h + 1]).fma(low, lows1);
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
    long at = numbers + (long) LINE * 3 / BLOCK * from;
    int blocks = count / BLOCK;
    for (int i = 0; i < blocks; i++) {
      int t = tileAt + BLOCK * i * stride;
      int s = STEPS + STRIP * i;
      FloatVector step = FloatVector.fromArray(FLOATS, work, s);
      FloatVector low = FloatVector.fromArray(FLOATS, work, s + LOWS);
      IntVector v0 = IntVector.fromMemorySegment(INTS, panel, at + 3L * LINE * i, LITTLE);
      IntVector v1 = IntVector.fromMemorySegment(INTS, panel, at + 3L * LINE * i + LINE, LITTLE);
      IntVector v2 =
          IntVector.fromMemorySegment(INTS, panel, at + 3L * LINE * i + 2 * LINE, LITTLE);
      v0.lanewise(VectorOperators.LSHL, 17)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t);
      v0.lanewise(VectorOperators.LSHL, 11)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + stride);
      v0.lanewise(VectorOperators.LSHL, 5)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 2 * stride);
      v0.lanewise(VectorOperators.LSHR, 1)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 3 * stride);
      v0.lanewise(VectorOperators.LSHR, 7)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 4 * stride);
      v1.lanewise(VectorOperators.LSHL, 17)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 5 * stride);
      v1.lanewise(VectorOperators.LSHL, 11)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 6 * stride);
      v1.lanewise(VectorOperators.LSHL, 5)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 7 * stride);
      v1.lanewise(VectorOperators.LSHR, 1)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 8 * stride);
      v1.lanewise(VectorOperators.LSHR, 7)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 9 * stride);
      v2.lanewise(VectorOperators.LSHL, 17)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 10 * stride);
      v2.lanewise(VectorOperators.LSHL, 11)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 11 * stride);
      v2.lanewise(VectorOperators.LSHL, 5)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 12 * stride);
      v2.lanewise(VectorOperators.LSHR, 1)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 13 * stride);
      v2.lanewise(VectorOperators.LSHR, 7)
          .and(NUMBER)
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 14 * stride);
      v0.lanewise(VectorOperators.LSHR, 13)
          .and(LOWEST)
          .or(v1.lanewise(VectorOperators.LSHR, 11).and(MIDDLE))
          .or(v2.lanewise(VectorOperators.LSHR, 9).and(HIGHEST))
          .or(BASE)
          .reinterpretAsFloats()
          .fma(step, low)
          .intoArray(tile, t + 15 * stride);
    }
  }
}
