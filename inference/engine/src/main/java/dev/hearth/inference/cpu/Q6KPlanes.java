package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.LookupTables.ENTRIES;
import static dev.hearth.inference.cpu.LookupTables.PART;
import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorPanels.LITTLE;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q6_K: of 256 columns a line of scales (halves); then of each 32 columns a line of bytes (scales
 * of the first 16 columns of a row and of that 16 on, those of the others of both) and of each 8 a
 * line of the upper two planes (bits of the fifth of four columns, of the sixth of four, and so of
 * the next four) before two of the others. A number is 32 greater than it is.
 */
final class Q6KPlanes extends PlanePanels {

  private static final float SURPLUS = 32;
  private static final int WHOLE = 256;
  private static final int LINES = 105;
  private static final long LOWEST = 0x0101_0101_0101_0101L;

  Q6KPlanes() {
    super(WeightType.Q6_K, LINES);
  }

  @Override
  void pack(MemorySegment weight, long at, MemorySegment panel, long to, int lane, int half) {
    long place = to + (long) Integer.BYTES * lane + (long) Short.BYTES * half;
    panel.set(Layouts.SHORT, place, weight.get(Layouts.SHORT, at + 208));
    for (int part = 0; part < 8; part++) {
      long lines = (1L + 13L * part) * LINE;
      long bytes = to + lines + (long) Integer.BYTES * lane + half;
      for (int i = 0; i < 2; i++) {
        byte scale = weight.get(ValueLayout.JAVA_BYTE, at + 192 + 2L * part + i);
        panel.set(ValueLayout.JAVA_BYTE, bytes + 2L * i, scale);
      }
      int quarter = part % 4;
      long lower = at + 64L * (part / 4) + 32L * (quarter % 2);
      long upper = at + 128 + 32L * (part / 4);
      for (int i = 0; i < 4; i++) {
        long three = place + lines + (1L + 3L * i) * LINE;
        long fours = weight.get(Layouts.LONG, lower + 8L * i);
        long planes = planes(Long.compress(fours, NIBBLES << (4 * (quarter / 2))));
        panel.set(Layouts.SHORT, three + LINE, (short) planes);
        panel.set(Layouts.SHORT, three + 2 * LINE, (short) (planes >>> 16));
        long twos = weight.get(Layouts.LONG, upper + 8L * i);
        int fifth = (int) Long.compress(twos, LOWEST << (2 * quarter));
        int sixth = (int) Long.compress(twos, LOWEST << (2 * quarter + 1));
        int first = (fifth & 0xF) | (sixth & 0xF) << 4;
        int second = fifth >>> 4 | (sixth & 0xF0);
        panel.set(Layouts.SHORT, three, (short) (first | (second << 8)));
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
    int blocks = count / WHOLE;
    for (int whole = 0; whole < blocks; whole++) {
      long start = at + (long) LINES * LINE * whole;
      IntVector halves = IntVector.fromMemorySegment(PAIRS, panel, start, LITTLE);
      FloatVector lowerStep =
          halves
              .lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_TO_FLOAT);
      FloatVector upperStep =
          halves
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_TO_FLOAT);
      for (int part = 0; part < 16; part++) {
        int i = 16 * whole + part;
        long block = start + (1L + 13L * (part >> 1)) * LINE;
        long lines = block + LINE + 6L * LINE * (part & 1);
        IntVector bytes =
            IntVector.fromMemorySegment(PAIRS, panel, block, LITTLE)
                .lanewise(VectorOperators.LSHR, 16 * (part & 1));
        int aTable = ENTRIES / FOUR * (first + 16 * i);
        ShortVector a0 = ShortVector.zero(WORDS);
        ShortVector a1 = ShortVector.zero(WORDS);
        ShortVector a2 = ShortVector.zero(WORDS);
        ShortVector a3 = ShortVector.zero(WORDS);
        ShortVector a4 = ShortVector.zero(WORDS);
        ShortVector a5 = ShortVector.zero(WORDS);
        for (int g = 0; g < 4; g++) {
          IntVector u =
              IntVector.fromMemorySegment(PAIRS, panel, lines + 3L * LINE * (g >> 1), LITTLE)
                  .lanewise(VectorOperators.LSHR, 8 * (g & 1));
          IntVector v =
              IntVector.fromMemorySegment(
                  PAIRS, panel, lines + (long) LINE * (3 * (g >> 1) + 1 + (g & 1)), LITTLE);
          ShortVector aFour = ShortVector.fromArray(WORDS, entries, aTable + ENTRIES * g);
          a0 = a0.add(v.reinterpretAsShorts().selectFrom(aFour));
          a1 = a1.add(v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().selectFrom(aFour));
          a2 = a2.add(v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().selectFrom(aFour));
          a3 = a3.add(v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().selectFrom(aFour));
          a4 = a4.add(u.reinterpretAsShorts().selectFrom(aFour));
          a5 = a5.add(u.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().selectFrom(aFour));
        }
        FloatVector lowerFactor =
            ((FloatVector)
                    bytes
                        .lanewise(VectorOperators.LSHL, 24)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0))
                .mul(lowerStep);
        FloatVector upperFactor =
            ((FloatVector)
                    bytes
                        .lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0))
                .mul(upperStep);
        ShortVector a12 = a1.add(a2.add(a2));
        IntVector aLow = a0.add(a12.add(a12)).reinterpretAsInts();
        ShortVector a45 = a4.add(a5.add(a5));
        IntVector aHigh = a3.add(a45.add(a45)).reinterpretAsInts();
        FloatVector aScale = FloatVector.broadcast(FLOATS, scales[first / BLOCK + (i >> 1)]);
        FloatVector aLess = FloatVector.broadcast(FLOATS, -SURPLUS * sums[first / PART + i]);
        aLower =
            ((FloatVector)
                    aLow.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 16)
                        .add(
                            aHigh
                                .lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 13))
                        .convert(VectorOperators.I2F, 0))
                .fma(aScale, aLess)
                .fma(lowerFactor, aLower);
        aUpper =
            ((FloatVector)
                    aLow.lanewise(VectorOperators.ASHR, 16)
                        .add(
                            aHigh
                                .lanewise(VectorOperators.ASHR, 16)
                                .lanewise(VectorOperators.LSHL, 3))
                        .convert(VectorOperators.I2F, 0))
                .fma(aScale, aLess)
                .fma(upperFactor, aUpper);
      }
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
    int blocks = count / WHOLE;
    for (int whole = 0; whole < blocks; whole++) {
      long start = at + (long) LINES * LINE * whole;
      IntVector halves = IntVector.fromMemorySegment(PAIRS, panel, start, LITTLE);
      FloatVector lowerStep =
          halves
              .lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_TO_FLOAT);
      FloatVector upperStep =
          halves
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_TO_FLOAT);
      for (int part = 0; part < 16; part++) {
        int i = 16 * whole + part;
        long block = start + (1L + 13L * (part >> 1)) * LINE;
        long lines = block + LINE + 6L * LINE * (part & 1);
        IntVector bytes =
            IntVector.fromMemorySegment(PAIRS, panel, block, LITTLE)
                .lanewise(VectorOperators.LSHR, 16 * (part & 1));
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
          IntVector u =
              IntVector.fromMemorySegment(PAIRS, panel, lines + 3L * LINE * (g >> 1), LITTLE)
                  .lanewise(VectorOperators.LSHR, 8 * (g & 1));
          IntVector v =
              IntVector.fromMemorySegment(
                  PAIRS, panel, lines + (long) LINE * (3 * (g >> 1) + 1 + (g & 1)), LITTLE);
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
        FloatVector lowerFactor =
            ((FloatVector)
                    bytes
                        .lanewise(VectorOperators.LSHL, 24)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0))
                .mul(lowerStep);
        FloatVector upperFactor =
            ((FloatVector)
                    bytes
                        .lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convert(VectorOperators.I2F, 0))
                .mul(upperStep);
        ShortVector a12 = a1.add(a2.add(a2));
        IntVector aLow = a0.add(a12.add(a12)).reinterpretAsInts();
        ShortVector a45 = a4.add(a5.add(a5));
        IntVector aHigh = a3.add(a45.add(a45)).reinterpretAsInts();
        FloatVector aScale = FloatVector.broadcast(FLOATS, scales[first / BLOCK + (i >> 1)]);
        FloatVector aLess = FloatVector.broadcast(FLOATS, -SURPLUS * sums[first / PART + i]);
        aLower =
            ((FloatVector)
                    aLow.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 16)
                        .add(
                            aHigh
                                .lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 13))
                        .convert(VectorOperators.I2F, 0))
                .fma(aScale, aLess)
                .fma(lowerFactor, aLower);
        aUpper =
            ((FloatVector)
                    aLow.lanewise(VectorOperators.ASHR, 16)
                        .add(
                            aHigh
                                .lanewise(VectorOperators.ASHR, 16)
                                .lanewise(VectorOperators.LSHL, 3))
                        .convert(VectorOperators.I2F, 0))
                .fma(aScale, aLess)
                .fma(upperFactor, aUpper);
        ShortVector b12 = b1.add(b2.add(b2));
        IntVector bLow = b0.add(b12.add(b12)).reinterpretAsInts();
        ShortVector b45 = b4.add(b5.add(b5));
        IntVector bHigh = b3.add(b45.add(b45)).reinterpretAsInts();
        FloatVector bScale = FloatVector.broadcast(FLOATS, scales[second / BLOCK + (i >> 1)]);
        FloatVector bLess = FloatVector.broadcast(FLOATS, -SURPLUS * sums[second / PART + i]);
        bLower =
            ((FloatVector)
                    bLow.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 16)
                        .add(
                            bHigh
                                .lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 13))
                        .convert(VectorOperators.I2F, 0))
                .fma(bScale, bLess)
                .fma(lowerFactor, bLower);
        bUpper =
            ((FloatVector)
                    bLow.lanewise(VectorOperators.ASHR, 16)
                        .add(
                            bHigh
                                .lanewise(VectorOperators.ASHR, 16)
                                .lanewise(VectorOperators.LSHL, 3))
                        .convert(VectorOperators.I2F, 0))
                .fma(bScale, bLess)
                .fma(upperFactor, bUpper);
      }
    }
    aLower.intoArray(work, to);
    aUpper.intoArray(work, to + STRIP);
    bLower.intoArray(work, ROWS + to);
    bUpper.intoArray(work, ROWS + to + STRIP);
  }

  @Override
  void fill(
      MemorySegment panel, long at, int shift, int count, float[] tile, int tileAt, int stride) {
    FloatVector step =
        IntVector.fromMemorySegment(PAIRS, panel, at, LITTLE)
            .lanewise(VectorOperators.LSHR, shift)
            .lanewise(VectorOperators.LSHL, 16)
            .lanewise(VectorOperators.ASHR, 3)
            .and(HALF_BITS)
            .reinterpretAsFloats()
            .mul(HALF_TO_FLOAT);
    int groups = count / FOUR;
    for (int i = 0; i < groups; i++) {
      long lines = at + (1L + 13L * (i >> 3)) * LINE;
      IntVector bytes =
          IntVector.fromMemorySegment(PAIRS, panel, lines, LITTLE)
              .lanewise(VectorOperators.LSHR, 16 * (i >> 2 & 1) + shift / 2);
      FloatVector factor =
          ((FloatVector)
                  bytes
                      .lanewise(VectorOperators.LSHL, 24)
                      .lanewise(VectorOperators.ASHR, 24)
                      .convert(VectorOperators.I2F, 0))
              .mul(step);
      FloatVector low = factor.mul(-SURPLUS);
      long three = lines + LINE + 3L * LINE * (i >> 1 & 3);
      IntVector u =
          IntVector.fromMemorySegment(PAIRS, panel, three, LITTLE)
              .lanewise(VectorOperators.LSHR, shift + 8 * (i & 1));
      IntVector p =
          IntVector.fromMemorySegment(PAIRS, panel, three + (long) LINE * (1 + (i & 1)), LITTLE)
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
      int t = tileAt + FOUR * i * stride;
      ((FloatVector)
              p.and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 4).and(16))
                  .or(u.lanewise(VectorOperators.LSHL, 1).and(32))
                  .convert(VectorOperators.I2F, 0))
          .fma(factor, low)
          .intoArray(tile, t);
      ((FloatVector)
              p.lanewise(VectorOperators.LSHR, 4)
                  .and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 3).and(16))
                  .or(u.and(32))
                  .convert(VectorOperators.I2F, 0))
          .fma(factor, low)
          .intoArray(tile, t + stride);
      ((FloatVector)
              p.lanewise(VectorOperators.LSHR, 8)
                  .and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 2).and(16))
                  .or(u.lanewise(VectorOperators.LSHR, 1).and(32))
                  .convert(VectorOperators.I2F, 0))
          .fma(factor, low)
          .intoArray(tile, t + 2 * stride);
      ((FloatVector)
              p.lanewise(VectorOperators.LSHR, 12)
                  .and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 1).and(16))
                  .or(u.lanewise(VectorOperators.LSHR, 2).and(32))
                  .convert(VectorOperators.I2F, 0))
          .fma(factor, low)
          .intoArray(tile, t + 3 * stride);
    }
  }
}
