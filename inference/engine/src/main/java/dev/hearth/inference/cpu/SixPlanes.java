package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.LookupTables.ENTRIES;
import static dev.hearth.inference.cpu.LookupTables.PART;
import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorPanels.LITTLE;
import static dev.hearth.inference.cpu.VectorPanels.LOWS;
import static dev.hearth.inference.cpu.VectorPanels.STEPS;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q6_K: behind the lines of four planes four of the upper two, of 8 columns each: bits of the fifth
 * of four columns, of the sixth of four, and so of the next four. Numbers are 32 greater than they
 * are.
 */
final class SixPlanes extends PlanePanels {

  /** What a number reads as more than it is. */
  private static final int SURPLUS = 32;

  private static final int LINES = 12;
  private static final long LOWEST = 0x0101_0101_0101_0101L;
  private static final long FOURS = 0x0F0F_0F0F_0F0F_0F0FL;

  SixPlanes() {
    super(WeightType.Q6_K, new PanelSteps.Signed(SURPLUS), LINES);
  }

  @Override
  void packNumbers(MemorySegment weight, long at, int columns, MemorySegment panel, long to) {
    for (int part = 0; part < columns / BLOCK; part++) {
      long block = at + type.bytes(256L * (part / 8));
      int half = part / 4 % 2;
      int quarter = part % 4;
      long lower = block + 64L * half + 32L * (quarter % 2);
      long upper = block + 128 + 32L * half;
      long out = to + (long) LINES * LINE * part;
      for (int i = 0; i < 4; i++) {
        long fours = weight.get(Layouts.LONG, lower + 8L * i) >>> (4 * (quarter / 2)) & FOURS;
        long planes = planes(Long.compress(fours, FOURS));
        panel.set(Layouts.SHORT, out + 2L * LINE * i, (short) planes);
        panel.set(Layouts.SHORT, out + 2L * LINE * i + LINE, (short) (planes >>> 16));
        long twos = weight.get(Layouts.LONG, upper + 8L * i) >>> (2 * quarter);
        int fifth = (int) Long.compress(twos, LOWEST);
        int sixth = (int) Long.compress(twos, LOWEST << 1);
        int first = (fifth & 0xF) | (sixth & 0xF) << 4;
        int second = fifth >>> 4 | (sixth & 0xF0);
        panel.set(Layouts.SHORT, out + (8L + i) * LINE, (short) (first | second << 8));
      }
    }
  }

  @Override
  void dot(
      MemorySegment panel,
      long at,
      int count,
      LookupTables tables,
      int first,
      int to,
      float[] work) {
    short[] entries = tables.entries;
    float[] scales = tables.scales;
    float[] sums = tables.sums;
    FloatVector aLower = FloatVector.fromArray(FLOATS, work, to);
    FloatVector aUpper = FloatVector.fromArray(FLOATS, work, to + STRIP);
    int blocks = count / PART;
    for (int i = 0; i < blocks; i++) {
      int s = STEPS + STRIP * i;
      long block = at + (long) LINES * LINE * (i >> 1);
      long lines = block + 4L * LINE * (i & 1);
      long more = block + 8L * LINE + 2L * LINE * (i & 1);
      int aTable = ENTRIES / FOUR * (first + 16 * i);
      ShortVector a0 = ShortVector.zero(WORDS);
      ShortVector a1 = ShortVector.zero(WORDS);
      ShortVector a2 = ShortVector.zero(WORDS);
      ShortVector a3 = ShortVector.zero(WORDS);
      ShortVector a4 = ShortVector.zero(WORDS);
      ShortVector a5 = ShortVector.zero(WORDS);
      for (int g = 0; g < 4; g++) {
        IntVector v = IntVector.fromMemorySegment(PAIRS, panel, lines + (long) LINE * g, LITTLE);
        IntVector u =
            IntVector.fromMemorySegment(PAIRS, panel, more + (long) LINE * (g >> 1), LITTLE)
                .lanewise(VectorOperators.LSHR, 8 * (g & 1));
        ShortVector aFour = ShortVector.fromArray(WORDS, entries, aTable + ENTRIES * g);
        a0 = a0.add(v.reinterpretAsShorts().selectFrom(aFour));
        a1 = a1.add(v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().selectFrom(aFour));
        a2 = a2.add(v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().selectFrom(aFour));
        a3 = a3.add(v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().selectFrom(aFour));
        a4 = a4.add(u.reinterpretAsShorts().selectFrom(aFour));
        a5 = a5.add(u.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().selectFrom(aFour));
      }
      IntVector aLow = a0.add(a1.add(a2.add(a2)).add(a1.add(a2.add(a2)))).reinterpretAsInts();
      IntVector aHigh = a3.add(a4.add(a5.add(a5)).add(a4.add(a5.add(a5)))).reinterpretAsInts();
      FloatVector aScale = FloatVector.broadcast(FLOATS, scales[first / BLOCK + (i >> 1)]);
      FloatVector aSum = FloatVector.broadcast(FLOATS, sums[first / PART + i]);
      aLower = aSum.fma(FloatVector.fromArray(FLOATS, work, s + LOWS), aLower);
      aLower =
          ((FloatVector)
                  aLow.lanewise(VectorOperators.LSHL, 16)
                      .lanewise(VectorOperators.ASHR, 16)
                      .add(
                          aHigh
                              .lanewise(VectorOperators.LSHL, 16)
                              .lanewise(VectorOperators.ASHR, 13))
                      .convert(VectorOperators.I2F, 0))
              .mul(aScale)
              .fma(FloatVector.fromArray(FLOATS, work, s), aLower);
      aUpper = aSum.fma(FloatVector.fromArray(FLOATS, work, s + SECOND + LOWS), aUpper);
      aUpper =
          ((FloatVector)
                  aLow.lanewise(VectorOperators.ASHR, 16)
                      .add(
                          aHigh
                              .lanewise(VectorOperators.ASHR, 16)
                              .lanewise(VectorOperators.LSHL, 3))
                      .convert(VectorOperators.I2F, 0))
              .mul(aScale)
              .fma(FloatVector.fromArray(FLOATS, work, s + SECOND), aUpper);
    }
    aLower.intoArray(work, to);
    aUpper.intoArray(work, to + STRIP);
  }

  @Override
  void twoDots(
      MemorySegment panel,
      long at,
      int count,
      LookupTables tables,
      int first,
      int second,
      int to,
      float[] work) {
    short[] entries = tables.entries;
    float[] scales = tables.scales;
    float[] sums = tables.sums;
    FloatVector aLower = FloatVector.fromArray(FLOATS, work, to);
    FloatVector aUpper = FloatVector.fromArray(FLOATS, work, to + STRIP);
    FloatVector bLower = FloatVector.fromArray(FLOATS, work, ROWS + to);
    FloatVector bUpper = FloatVector.fromArray(FLOATS, work, ROWS + to + STRIP);
    int blocks = count / PART;
    for (int i = 0; i < blocks; i++) {
      int s = STEPS + STRIP * i;
      long block = at + (long) LINES * LINE * (i >> 1);
      long lines = block + 4L * LINE * (i & 1);
      long more = block + 8L * LINE + 2L * LINE * (i & 1);
      int aTable = ENTRIES / FOUR * (first + 16 * i);
      ShortVector a0 = ShortVector.zero(WORDS);
      ShortVector a1 = ShortVector.zero(WORDS);
      ShortVector a2 = ShortVector.zero(WORDS);
      ShortVector a3 = ShortVector.zero(WORDS);
      ShortVector a4 = ShortVector.zero(WORDS);
      ShortVector a5 = ShortVector.zero(WORDS);
      int bTable = ENTRIES / FOUR * (second + 16 * i);
      ShortVector b0 = ShortVector.zero(WORDS);
      ShortVector b1 = ShortVector.zero(WORDS);
      ShortVector b2 = ShortVector.zero(WORDS);
      ShortVector b3 = ShortVector.zero(WORDS);
      ShortVector b4 = ShortVector.zero(WORDS);
      ShortVector b5 = ShortVector.zero(WORDS);
      for (int g = 0; g < 4; g++) {
        IntVector v = IntVector.fromMemorySegment(PAIRS, panel, lines + (long) LINE * g, LITTLE);
        IntVector u =
            IntVector.fromMemorySegment(PAIRS, panel, more + (long) LINE * (g >> 1), LITTLE)
                .lanewise(VectorOperators.LSHR, 8 * (g & 1));
        ShortVector aFour = ShortVector.fromArray(WORDS, entries, aTable + ENTRIES * g);
        ShortVector bFour = ShortVector.fromArray(WORDS, entries, bTable + ENTRIES * g);
        ShortVector i0 = v.reinterpretAsShorts();
        a0 = a0.add(i0.selectFrom(aFour));
        b0 = b0.add(i0.selectFrom(bFour));
        ShortVector i1 = v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts();
        a1 = a1.add(i1.selectFrom(aFour));
        b1 = b1.add(i1.selectFrom(bFour));
        ShortVector i2 = v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts();
        a2 = a2.add(i2.selectFrom(aFour));
        b2 = b2.add(i2.selectFrom(bFour));
        ShortVector i3 = v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts();
        a3 = a3.add(i3.selectFrom(aFour));
        b3 = b3.add(i3.selectFrom(bFour));
        ShortVector i4 = u.reinterpretAsShorts();
        a4 = a4.add(i4.selectFrom(aFour));
        b4 = b4.add(i4.selectFrom(bFour));
        ShortVector i5 = u.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts();
        a5 = a5.add(i5.selectFrom(aFour));
        b5 = b5.add(i5.selectFrom(bFour));
      }
      IntVector aLow = a0.add(a1.add(a2.add(a2)).add(a1.add(a2.add(a2)))).reinterpretAsInts();
      IntVector aHigh = a3.add(a4.add(a5.add(a5)).add(a4.add(a5.add(a5)))).reinterpretAsInts();
      FloatVector aScale = FloatVector.broadcast(FLOATS, scales[first / BLOCK + (i >> 1)]);
      FloatVector aSum = FloatVector.broadcast(FLOATS, sums[first / PART + i]);
      aLower = aSum.fma(FloatVector.fromArray(FLOATS, work, s + LOWS), aLower);
      aLower =
          ((FloatVector)
                  aLow.lanewise(VectorOperators.LSHL, 16)
                      .lanewise(VectorOperators.ASHR, 16)
                      .add(
                          aHigh
                              .lanewise(VectorOperators.LSHL, 16)
                              .lanewise(VectorOperators.ASHR, 13))
                      .convert(VectorOperators.I2F, 0))
              .mul(aScale)
              .fma(FloatVector.fromArray(FLOATS, work, s), aLower);
      aUpper = aSum.fma(FloatVector.fromArray(FLOATS, work, s + SECOND + LOWS), aUpper);
      aUpper =
          ((FloatVector)
                  aLow.lanewise(VectorOperators.ASHR, 16)
                      .add(
                          aHigh
                              .lanewise(VectorOperators.ASHR, 16)
                              .lanewise(VectorOperators.LSHL, 3))
                      .convert(VectorOperators.I2F, 0))
              .mul(aScale)
              .fma(FloatVector.fromArray(FLOATS, work, s + SECOND), aUpper);
      IntVector bLow = b0.add(b1.add(b2.add(b2)).add(b1.add(b2.add(b2)))).reinterpretAsInts();
      IntVector bHigh = b3.add(b4.add(b5.add(b5)).add(b4.add(b5.add(b5)))).reinterpretAsInts();
      FloatVector bScale = FloatVector.broadcast(FLOATS, scales[second / BLOCK + (i >> 1)]);
      FloatVector bSum = FloatVector.broadcast(FLOATS, sums[second / PART + i]);
      bLower = bSum.fma(FloatVector.fromArray(FLOATS, work, s + LOWS), bLower);
      bLower =
          ((FloatVector)
                  bLow.lanewise(VectorOperators.LSHL, 16)
                      .lanewise(VectorOperators.ASHR, 16)
                      .add(
                          bHigh
                              .lanewise(VectorOperators.LSHL, 16)
                              .lanewise(VectorOperators.ASHR, 13))
                      .convert(VectorOperators.I2F, 0))
              .mul(bScale)
              .fma(FloatVector.fromArray(FLOATS, work, s), bLower);
      bUpper = bSum.fma(FloatVector.fromArray(FLOATS, work, s + SECOND + LOWS), bUpper);
      bUpper =
          ((FloatVector)
                  bLow.lanewise(VectorOperators.ASHR, 16)
                      .add(
                          bHigh
                              .lanewise(VectorOperators.ASHR, 16)
                              .lanewise(VectorOperators.LSHL, 3))
                      .convert(VectorOperators.I2F, 0))
              .mul(bScale)
              .fma(FloatVector.fromArray(FLOATS, work, s + SECOND), bUpper);
    }
    aLower.intoArray(work, to);
    aUpper.intoArray(work, to + STRIP);
    bLower.intoArray(work, ROWS + to);
    bUpper.intoArray(work, ROWS + to + STRIP);
  }

  @Override
  void fill(
      MemorySegment panel,
      long at,
      int shift,
      int count,
      float[] tile,
      int tileAt,
      int stride,
      float[] work) {
    int groups = count / FOUR;
    for (int i = 0; i < groups; i++) {
      int t = tileAt + FOUR * i * stride;
      int s = STEPS + STRIP * (i >> 2);
      FloatVector step = FloatVector.fromArray(FLOATS, work, s);
      FloatVector low = FloatVector.fromArray(FLOATS, work, s + LOWS);
      long lines = at + (long) LINES * LINE * (i >> 3);
      IntVector p =
          IntVector.fromMemorySegment(PAIRS, panel, lines + (long) LINE * (i & 7), LITTLE)
              .lanewise(VectorOperators.LSHR, shift);
      IntVector q =
          p.lanewise(VectorOperators.LSHR, 3).lanewise(VectorOperators.XOR, p).and(0x0A0A);
      p =
          p.lanewise(VectorOperators.XOR, q)
              .lanewise(VectorOperators.XOR, q.lanewise(VectorOperators.LSHL, 3));
      q = p.lanewise(VectorOperators.LSHR, 6).lanewise(VectorOperators.XOR, p).and(0x00CC);
      p =
          p.lanewise(VectorOperators.XOR, q)
              .lanewise(VectorOperators.XOR, q.lanewise(VectorOperators.LSHL, 6));
      IntVector u =
          IntVector.fromMemorySegment(
                  PAIRS, panel, lines + 8L * LINE + (long) LINE * (i >> 1 & 3), LITTLE)
              .lanewise(VectorOperators.LSHR, shift + 8 * (i & 1));
      ((FloatVector)
              p.and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 4).and(16))
                  .or(u.lanewise(VectorOperators.LSHL, 1).and(32))
                  .convert(VectorOperators.I2F, 0))
          .fma(step, low)
          .intoArray(tile, t);
      ((FloatVector)
              p.lanewise(VectorOperators.LSHR, 4)
                  .and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 3).and(16))
                  .or(u.and(32))
                  .convert(VectorOperators.I2F, 0))
          .fma(step, low)
          .intoArray(tile, t + stride);
      ((FloatVector)
              p.lanewise(VectorOperators.LSHR, 8)
                  .and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 2).and(16))
                  .or(u.lanewise(VectorOperators.LSHR, 1).and(32))
                  .convert(VectorOperators.I2F, 0))
          .fma(step, low)
          .intoArray(tile, t + 2 * stride);
      ((FloatVector)
              p.lanewise(VectorOperators.LSHR, 12)
                  .and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 1).and(16))
                  .or(u.lanewise(VectorOperators.LSHR, 2).and(32))
                  .convert(VectorOperators.I2F, 0))
          .fma(step, low)
          .intoArray(tile, t + 3 * stride);
    }
  }
}
