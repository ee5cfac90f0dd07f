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
 * Q4_0: of 32 columns a line of scales (halves), then eight of four columns. A number is 8 greater
 * than it is.
 */
final class Q40Planes extends PlanePanels {

  private static final float SURPLUS = 8;
  private static final int LINES = 9;

  Q40Planes() {
    super(WeightType.Q4_0, LINES);
  }

  @Override
  void pack(MemorySegment weight, long at, MemorySegment panel, long to, int lane, int half) {
    long place = to + (long) Integer.BYTES * lane + (long) Short.BYTES * half;
    panel.set(Layouts.SHORT, place, weight.get(Layouts.SHORT, at));
    packNibbles(weight, at + 2, 2, panel, place + LINE, 4L * LINE, 0);
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
    int blocks = count / BLOCK;
    for (int i = 0; i < blocks; i++) {
      long lines = at + (long) LINES * LINE * i;
      IntVector halves = IntVector.fromMemorySegment(PAIRS, panel, lines, LITTLE);
      int aTable = ENTRIES / FOUR * (first + 32 * i);
      ShortVector a0 = ShortVector.zero(WORDS);
      ShortVector a1 = ShortVector.zero(WORDS);
      ShortVector a2 = ShortVector.zero(WORDS);
      ShortVector a3 = ShortVector.zero(WORDS);
      for (int g = 0; g < 8; g++) {
        IntVector v =
            IntVector.fromMemorySegment(PAIRS, panel, lines + (long) LINE * (g + 1), LITTLE);
        ShortVector aFour = ShortVector.fromArray(WORDS, entries, aTable + ENTRIES * g);
        a0 = a0.add(v.reinterpretAsShorts().selectFrom(aFour));
        a1 = a1.add(v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().selectFrom(aFour));
        a2 = a2.add(v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().selectFrom(aFour));
        a3 = a3.add(v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().selectFrom(aFour));
      }
      FloatVector lowerFactor =
          halves
              .lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_TO_FLOAT);
      FloatVector upperFactor =
          halves
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_TO_FLOAT);
      IntVector aLow = a0.add(a1.add(a1)).reinterpretAsInts();
      IntVector aHigh = a2.add(a3.add(a3)).reinterpretAsInts();
      FloatVector aScale = FloatVector.broadcast(FLOATS, scales[first / BLOCK + i]);
      int aPart = first / PART + 2 * i;
      FloatVector aLess = FloatVector.broadcast(FLOATS, -SURPLUS * (sums[aPart] + sums[aPart + 1]));
      aLower =
          ((FloatVector)
                  aLow.lanewise(VectorOperators.LSHL, 16)
                      .lanewise(VectorOperators.ASHR, 16)
                      .add(
                          aHigh
                              .lanewise(VectorOperators.LSHL, 16)
                              .lanewise(VectorOperators.ASHR, 14))
                      .convert(VectorOperators.I2F, 0))
              .fma(aScale, aLess)
              .fma(lowerFactor, aLower);
      aUpper =
          ((FloatVector)
                  aLow.lanewise(VectorOperators.ASHR, 16)
                      .add(
                          aHigh
                              .lanewise(VectorOperators.ASHR, 16)
                              .lanewise(VectorOperators.LSHL, 2))
                      .convert(VectorOperators.I2F, 0))
              .fma(aScale, aLess)
              .fma(upperFactor, aUpper);
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
    int blocks = count / BLOCK;
    for (int i = 0; i < blocks; i++) {
      long lines = at + (long) LINES * LINE * i;
      IntVector halves = IntVector.fromMemorySegment(PAIRS, panel, lines, LITTLE);
      int aTable = ENTRIES / FOUR * (first + 32 * i);
      ShortVector a0 = ShortVector.zero(WORDS);
      ShortVector a1 = ShortVector.zero(WORDS);
      ShortVector a2 = ShortVector.zero(WORDS);
      ShortVector a3 = ShortVector.zero(WORDS);
      int bTable = ENTRIES / FOUR * (second + 32 * i);
      ShortVector b0 = ShortVector.zero(WORDS);
      ShortVector b1 = ShortVector.zero(WORDS);
      ShortVector b2 = ShortVector.zero(WORDS);
      ShortVector b3 = ShortVector.zero(WORDS);
      for (int g = 0; g < 8; g++) {
        IntVector v =
            IntVector.fromMemorySegment(PAIRS, panel, lines + (long) LINE * (g + 1), LITTLE);
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
      }
      FloatVector lowerFactor =
          halves
              .lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_TO_FLOAT);
      FloatVector upperFactor =
          halves
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_TO_FLOAT);
      IntVector aLow = a0.add(a1.add(a1)).reinterpretAsInts();
      IntVector aHigh = a2.add(a3.add(a3)).reinterpretAsInts();
      FloatVector aScale = FloatVector.broadcast(FLOATS, scales[first / BLOCK + i]);
      int aPart = first / PART + 2 * i;
      FloatVector aLess = FloatVector.broadcast(FLOATS, -SURPLUS * (sums[aPart] + sums[aPart + 1]));
      aLower =
          ((FloatVector)
                  aLow.lanewise(VectorOperators.LSHL, 16)
                      .lanewise(VectorOperators.ASHR, 16)
                      .add(
                          aHigh
                              .lanewise(VectorOperators.LSHL, 16)
                              .lanewise(VectorOperators.ASHR, 14))
                      .convert(VectorOperators.I2F, 0))
              .fma(aScale, aLess)
              .fma(lowerFactor, aLower);
      aUpper =
          ((FloatVector)
                  aLow.lanewise(VectorOperators.ASHR, 16)
                      .add(
                          aHigh
                              .lanewise(VectorOperators.ASHR, 16)
                              .lanewise(VectorOperators.LSHL, 2))
                      .convert(VectorOperators.I2F, 0))
              .fma(aScale, aLess)
              .fma(upperFactor, aUpper);
      IntVector bLow = b0.add(b1.add(b1)).reinterpretAsInts();
      IntVector bHigh = b2.add(b3.add(b3)).reinterpretAsInts();
      FloatVector bScale = FloatVector.broadcast(FLOATS, scales[second / BLOCK + i]);
      int bPart = second / PART + 2 * i;
      FloatVector bLess = FloatVector.broadcast(FLOATS, -SURPLUS * (sums[bPart] + sums[bPart + 1]));
      bLower =
          ((FloatVector)
                  bLow.lanewise(VectorOperators.LSHL, 16)
                      .lanewise(VectorOperators.ASHR, 16)
                      .add(
                          bHigh
                              .lanewise(VectorOperators.LSHL, 16)
                              .lanewise(VectorOperators.ASHR, 14))
                      .convert(VectorOperators.I2F, 0))
              .fma(bScale, bLess)
              .fma(lowerFactor, bLower);
      bUpper =
          ((FloatVector)
                  bLow.lanewise(VectorOperators.ASHR, 16)
                      .add(
                          bHigh
                              .lanewise(VectorOperators.ASHR, 16)
                              .lanewise(VectorOperators.LSHL, 2))
                      .convert(VectorOperators.I2F, 0))
              .fma(bScale, bLess)
              .fma(upperFactor, bUpper);
    }
    aLower.intoArray(work, to);
    aUpper.intoArray(work, to + STRIP);
    bLower.intoArray(work, ROWS + to);
    bUpper.intoArray(work, ROWS + to + STRIP);
  }

  @Override
  void fill(
      MemorySegment panel, long at, int shift, int count, float[] tile, int tileAt, int stride) {
    int groups = count / FOUR;
    for (int i = 0; i < groups; i++) {
      long lines = at + (long) LINES * LINE * (i >> 3);
      FloatVector step =
          IntVector.fromMemorySegment(PAIRS, panel, lines, LITTLE)
              .lanewise(VectorOperators.LSHR, shift)
              .lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(HALF_BITS)
              .reinterpretAsFloats()
              .mul(HALF_TO_FLOAT);
      FloatVector low = step.mul(-SURPLUS);
      IntVector p =
          IntVector.fromMemorySegment(PAIRS, panel, lines + (long) LINE * (1 + (i & 7)), LITTLE)
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
      ((FloatVector) p.and(15).convert(VectorOperators.I2F, 0)).fma(step, low).intoArray(tile, t);
      ((FloatVector) p.lanewise(VectorOperators.LSHR, 4).and(15).convert(VectorOperators.I2F, 0))
          .fma(step, low)
          .intoArray(tile, t + stride);
      ((FloatVector) p.lanewise(VectorOperators.LSHR, 8).and(15).convert(VectorOperators.I2F, 0))
          .fma(step, low)
          .intoArray(tile, t + 2 * stride);
      ((FloatVector) p.lanewise(VectorOperators.LSHR, 12).and(15).convert(VectorOperators.I2F, 0))
          .fma(step, low)
          .intoArray(tile, t + 3 * stride);
    }
  }
}
