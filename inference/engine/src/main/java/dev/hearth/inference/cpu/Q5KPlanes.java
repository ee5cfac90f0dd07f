package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.LookupTables.ENTRIES;
import static dev.hearth.inference.cpu.LookupTables.PART;
import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorPanels.LITTLE;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q5_K: as Q4_K, but of each 16 columns a line of the fifth plane comes before those of four
 * columns.
 */
final class Q5KPlanes extends PlanePanels {

  private static final int WHOLE = 256;
  private static final int LINES = 90;
  private static final long LOWEST = 0x0101_0101_0101_0101L;

  Q5KPlanes() {
    super(WeightType.Q5_K, LINES);
  }

  @Override
  void pack(MemorySegment weight, long at, MemorySegment panel, long to, int lane, int half) {
    long place = to + (long) Integer.BYTES * lane + (long) Short.BYTES * half;
    panel.set(Layouts.SHORT, place, weight.get(Layouts.SHORT, at));
    panel.set(Layouts.SHORT, place + LINE, weight.get(Layouts.SHORT, at + 2));
    packSixes(weight, at + 4, panel, to + 2L * LINE + (long) Integer.BYTES * lane + half, 11);
    for (int part = 0; part < 4; part++) {
      long out = place + (3L + 22L * part) * LINE;
      packNibbles(weight, at + 48 + 32L * part, 4, panel, out, 11L * LINE, 1);
    }
    for (int block = 0; block < 8; block++) {
      for (int i = 0; i < 2; i++) {
        long from = at + 16 + 16L * i;
        long mask = LOWEST << block;
        long first = Long.compress(weight.get(Layouts.LONG, from), mask);
        long second = Long.compress(weight.get(Layouts.LONG, from + 8), mask);
        long out = place + (3L + 11L * block + 5L * i) * LINE;
        panel.set(Layouts.SHORT, out, (short) (first | (second << 8)));
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
      IntVector minima = IntVector.fromMemorySegment(PAIRS, panel, start + LINE, LITTLE);
      FloatVector lowerMinimum =
          minima
              .lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(-HALF_TO_FLOAT);
      FloatVector upperMinimum =
          minima
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(-HALF_TO_FLOAT);
      for (int block = 0; block < 8; block++) {
        int i = 8 * whole + block;
        long lines = start + (2L + 11L * block) * LINE;
        IntVector bytes = IntVector.fromMemorySegment(PAIRS, panel, lines, LITTLE);
        int aTable = ENTRIES / FOUR * (first + 32 * i);
        ShortVector a0 = ShortVector.zero(WORDS);
        ShortVector a1 = ShortVector.zero(WORDS);
        ShortVector a2 = ShortVector.zero(WORDS);
        ShortVector a3 = ShortVector.zero(WORDS);
        ShortVector a4 = ShortVector.zero(WORDS);
        for (int g = 0; g < 8; g++) {
          IntVector u =
              IntVector.fromMemorySegment(PAIRS, panel, lines + LINE + 5L * LINE * (g >> 2), LITTLE)
                  .lanewise(VectorOperators.LSHR, 4 * (g & 3));
          IntVector v =
              IntVector.fromMemorySegment(
                  PAIRS, panel, lines + (long) LINE * (g + (g >> 2) + 2), LITTLE);
          ShortVector aFour = ShortVector.fromArray(WORDS, entries, aTable + ENTRIES * g);
          a0 = a0.add(v.reinterpretAsShorts().selectFrom(aFour));
          a1 = a1.add(v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().selectFrom(aFour));
          a2 = a2.add(v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().selectFrom(aFour));
          a3 = a3.add(v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().selectFrom(aFour));
          a4 = a4.add(u.reinterpretAsShorts().selectFrom(aFour));
        }
        FloatVector lowerFactor =
            ((FloatVector) bytes.and(63).convert(VectorOperators.I2F, 0)).mul(lowerStep);
        FloatVector upperFactor =
            ((FloatVector)
                    bytes.lanewise(VectorOperators.LSHR, 8).and(63).convert(VectorOperators.I2F, 0))
                .mul(upperStep);
        FloatVector lowerAddend =
            ((FloatVector)
                    bytes
                        .lanewise(VectorOperators.LSHR, 16)
                        .and(63)
                        .convert(VectorOperators.I2F, 0))
                .mul(lowerMinimum);
        FloatVector upperAddend =
            ((FloatVector)
                    bytes
                        .lanewise(VectorOperators.LSHR, 24)
                        .and(63)
                        .convert(VectorOperators.I2F, 0))
                .mul(upperMinimum);
        IntVector aLow = a0.add(a1.add(a1)).reinterpretAsInts();
        IntVector aHigh = a2.add(a3.add(a3)).reinterpretAsInts();
        IntVector aTop = a4.reinterpretAsInts();
        FloatVector aScale = FloatVector.broadcast(FLOATS, scales[first / BLOCK + i]);
        int aPart = first / PART + 2 * i;
        FloatVector aSum = FloatVector.broadcast(FLOATS, (sums[aPart] + sums[aPart + 1]));
        aLower =
            ((FloatVector)
                    aLow.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 16)
                        .add(
                            aHigh
                                .lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 14))
                        .add(
                            aTop.lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 12))
                        .convert(VectorOperators.I2F, 0))
                .mul(aScale)
                .fma(lowerFactor, aLower);
        aLower = aSum.fma(lowerAddend, aLower);
        aUpper =
            ((FloatVector)
                    aLow.lanewise(VectorOperators.ASHR, 16)
                        .add(
                            aHigh
                                .lanewise(VectorOperators.ASHR, 16)
                                .lanewise(VectorOperators.LSHL, 2))
                        .add(
                            aTop.lanewise(VectorOperators.ASHR, 16)
                                .lanewise(VectorOperators.LSHL, 4))
                        .convert(VectorOperators.I2F, 0))
                .mul(aScale)
                .fma(upperFactor, aUpper);
        aUpper = aSum.fma(upperAddend, aUpper);
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
      IntVector minima = IntVector.fromMemorySegment(PAIRS, panel, start + LINE, LITTLE);
      FloatVector lowerMinimum =
          minima
              .lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(-HALF_TO_FLOAT);
      FloatVector upperMinimum =
          minima
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(-HALF_TO_FLOAT);
      for (int block = 0; block < 8; block++) {
        int i = 8 * whole + block;
        long lines = start + (2L + 11L * block) * LINE;
        IntVector bytes = IntVector.fromMemorySegment(PAIRS, panel, lines, LITTLE);
        int aTable = ENTRIES / FOUR * (first + 32 * i);
        ShortVector a0 = ShortVector.zero(WORDS);
        ShortVector a1 = ShortVector.zero(WORDS);
        ShortVector a2 = ShortVector.zero(WORDS);
        ShortVector a3 = ShortVector.zero(WORDS);
        ShortVector a4 = ShortVector.zero(WORDS);
        int bTable = ENTRIES / FOUR * (second + 32 * i);
        ShortVector b0 = ShortVector.zero(WORDS);
        ShortVector b1 = ShortVector.zero(WORDS);
        ShortVector b2 = ShortVector.zero(WORDS);
        ShortVector b3 = ShortVector.zero(WORDS);
        ShortVector b4 = ShortVector.zero(WORDS);
        for (int g = 0; g < 8; g++) {
          IntVector u =
              IntVector.fromMemorySegment(PAIRS, panel, lines + LINE + 5L * LINE * (g >> 2), LITTLE)
                  .lanewise(VectorOperators.LSHR, 4 * (g & 3));
          IntVector v =
              IntVector.fromMemorySegment(
                  PAIRS, panel, lines + (long) LINE * (g + (g >> 2) + 2), LITTLE);
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
        }
        FloatVector lowerFactor =
            ((FloatVector) bytes.and(63).convert(VectorOperators.I2F, 0)).mul(lowerStep);
        FloatVector upperFactor =
            ((FloatVector)
                    bytes.lanewise(VectorOperators.LSHR, 8).and(63).convert(VectorOperators.I2F, 0))
                .mul(upperStep);
        FloatVector lowerAddend =
            ((FloatVector)
                    bytes
                        .lanewise(VectorOperators.LSHR, 16)
                        .and(63)
                        .convert(VectorOperators.I2F, 0))
                .mul(lowerMinimum);
        FloatVector upperAddend =
            ((FloatVector)
                    bytes
                        .lanewise(VectorOperators.LSHR, 24)
                        .and(63)
                        .convert(VectorOperators.I2F, 0))
                .mul(upperMinimum);
        IntVector aLow = a0.add(a1.add(a1)).reinterpretAsInts();
        IntVector aHigh = a2.add(a3.add(a3)).reinterpretAsInts();
        IntVector aTop = a4.reinterpretAsInts();
        FloatVector aScale = FloatVector.broadcast(FLOATS, scales[first / BLOCK + i]);
        int aPart = first / PART + 2 * i;
        FloatVector aSum = FloatVector.broadcast(FLOATS, (sums[aPart] + sums[aPart + 1]));
        aLower =
            ((FloatVector)
                    aLow.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 16)
                        .add(
                            aHigh
                                .lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 14))
                        .add(
                            aTop.lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 12))
                        .convert(VectorOperators.I2F, 0))
                .mul(aScale)
                .fma(lowerFactor, aLower);
        aLower = aSum.fma(lowerAddend, aLower);
        aUpper =
            ((FloatVector)
                    aLow.lanewise(VectorOperators.ASHR, 16)
                        .add(
                            aHigh
                                .lanewise(VectorOperators.ASHR, 16)
                                .lanewise(VectorOperators.LSHL, 2))
                        .add(
                            aTop.lanewise(VectorOperators.ASHR, 16)
                                .lanewise(VectorOperators.LSHL, 4))
                        .convert(VectorOperators.I2F, 0))
                .mul(aScale)
                .fma(upperFactor, aUpper);
        aUpper = aSum.fma(upperAddend, aUpper);
        IntVector bLow = b0.add(b1.add(b1)).reinterpretAsInts();
        IntVector bHigh = b2.add(b3.add(b3)).reinterpretAsInts();
        IntVector bTop = b4.reinterpretAsInts();
        FloatVector bScale = FloatVector.broadcast(FLOATS, scales[second / BLOCK + i]);
        int bPart = second / PART + 2 * i;
        FloatVector bSum = FloatVector.broadcast(FLOATS, (sums[bPart] + sums[bPart + 1]));
        bLower =
            ((FloatVector)
                    bLow.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 16)
                        .add(
                            bHigh
                                .lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 14))
                        .add(
                            bTop.lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 12))
                        .convert(VectorOperators.I2F, 0))
                .mul(bScale)
                .fma(lowerFactor, bLower);
        bLower = bSum.fma(lowerAddend, bLower);
        bUpper =
            ((FloatVector)
                    bLow.lanewise(VectorOperators.ASHR, 16)
                        .add(
                            bHigh
                                .lanewise(VectorOperators.ASHR, 16)
                                .lanewise(VectorOperators.LSHL, 2))
                        .add(
                            bTop.lanewise(VectorOperators.ASHR, 16)
                                .lanewise(VectorOperators.LSHL, 4))
                        .convert(VectorOperators.I2F, 0))
                .mul(bScale)
                .fma(upperFactor, bUpper);
        bUpper = bSum.fma(upperAddend, bUpper);
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
    FloatVector minimum =
        IntVector.fromMemorySegment(PAIRS, panel, at + LINE, LITTLE)
            .lanewise(VectorOperators.LSHR, shift)
            .lanewise(VectorOperators.LSHL, 16)
            .lanewise(VectorOperators.ASHR, 3)
            .and(HALF_BITS)
            .reinterpretAsFloats()
            .mul(-HALF_TO_FLOAT);
    int groups = count / FOUR;
    for (int i = 0; i < groups; i++) {
      long lines = at + (2L + 11L * (i >> 3)) * LINE;
      IntVector bytes =
          IntVector.fromMemorySegment(PAIRS, panel, lines, LITTLE)
              .lanewise(VectorOperators.LSHR, shift / 2);
      FloatVector factor = ((FloatVector) bytes.and(63).convert(VectorOperators.I2F, 0)).mul(step);
      FloatVector low =
          ((FloatVector)
                  bytes.lanewise(VectorOperators.LSHR, 16).and(63).convert(VectorOperators.I2F, 0))
              .mul(minimum);
      long five = lines + LINE + 5L * LINE * (i >> 2 & 1);
      IntVector u =
          IntVector.fromMemorySegment(PAIRS, panel, five, LITTLE)
              .lanewise(VectorOperators.LSHR, shift + 4 * (i & 3));
      IntVector p =
          IntVector.fromMemorySegment(PAIRS, panel, five + (long) LINE * (1 + (i & 3)), LITTLE)
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
                  .convert(VectorOperators.I2F, 0))
          .fma(factor, low)
          .intoArray(tile, t);
      ((FloatVector)
              p.lanewise(VectorOperators.LSHR, 4)
                  .and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 3).and(16))
                  .convert(VectorOperators.I2F, 0))
          .fma(factor, low)
          .intoArray(tile, t + stride);
      ((FloatVector)
              p.lanewise(VectorOperators.LSHR, 8)
                  .and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 2).and(16))
                  .convert(VectorOperators.I2F, 0))
          .fma(factor, low)
          .intoArray(tile, t + 2 * stride);
      ((FloatVector)
              p.lanewise(VectorOperators.LSHR, 12)
                  .and(15)
                  .or(u.lanewise(VectorOperators.LSHL, 1).and(16))
                  .convert(VectorOperators.I2F, 0))
          .fma(factor, low)
          .intoArray(tile, t + 3 * stride);
    }
  }
}
