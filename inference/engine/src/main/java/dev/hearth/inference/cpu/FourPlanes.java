package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.LookupTables.ENTRIES;
import static dev.hearth.inference.cpu.LookupTables.PART;
import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorPanels.LITTLE;
import static dev.hearth.inference.cpu.VectorPanels.LOWS;
import static dev.hearth.inference.cpu.VectorPanels.STEPS;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Q4_0 and Q4_K. */
final class FourPlanes extends PlanePanels {

  private static final int LINES = 8;

  FourPlanes(WeightType type, PanelSteps steps) {
    super(type, steps, LINES);
  }

  @Override
  void packNumbers(MemorySegment weight, long at, int columns, MemorySegment panel, long to) {
    if (type == WeightType.Q4_0) {
      for (int block = 0; block < columns / BLOCK; block++) {
        long from = at + type.bytes((long) BLOCK * block) + 2;
        pack(weight, from, 2, panel, to + (long) LINES * LINE * block, 4L * LINE);
      }
    } else {
      packK(weight, at + 16, type.blockBytes(), columns, panel, to, LINES);
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
    int blocks = count / BLOCK;
    for (int i = 0; i < blocks; i++) {
      int s = STEPS + STRIP * i;
      long lines = at + (long) LINES * LINE * i;
      int aTable = ENTRIES / FOUR * (first + 32 * i);
      ShortVector a0 = ShortVector.zero(WORDS);
      ShortVector a1 = ShortVector.zero(WORDS);
      ShortVector a2 = ShortVector.zero(WORDS);
      ShortVector a3 = ShortVector.zero(WORDS);
      for (int g = 0; g < 8; g++) {
        IntVector v = IntVector.fromMemorySegment(PAIRS, panel, lines + (long) LINE * g, LITTLE);
        ShortVector aFour = ShortVector.fromArray(WORDS, entries, aTable + ENTRIES * g);
        a0 = a0.add(v.reinterpretAsShorts().selectFrom(aFour));
        a1 = a1.add(v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().selectFrom(aFour));
        a2 = a2.add(v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().selectFrom(aFour));
        a3 = a3.add(v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().selectFrom(aFour));
      }
      IntVector aLow = a0.add(a1.add(a1)).reinterpretAsInts();
      IntVector aHigh = a2.add(a3.add(a3)).reinterpretAsInts();
      FloatVector aScale = FloatVector.broadcast(FLOATS, scales[first / BLOCK + i]);
      int aPart = first / PART + 2 * i;
      FloatVector aSum = FloatVector.broadcast(FLOATS, sums[aPart] + sums[aPart + 1]);
      aLower = aSum.fma(FloatVector.fromArray(FLOATS, work, s + LOWS), aLower);
      aLower =
          ((FloatVector)
                  aLow.lanewise(VectorOperators.LSHL, 16)
                      .lanewise(VectorOperators.ASHR, 16)
                      .add(
                          aHigh
                              .lanewise(VectorOperators.LSHL, 16)
                              .lanewise(VectorOperators.ASHR, 14))
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
                              .lanewise(VectorOperators.LSHL, 2))
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
    int blocks = count / BLOCK;
    for (int i = 0; i < blocks; i++) {
      int s = STEPS + STRIP * i;
      long lines = at + (long) LINES * LINE * i;
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
        IntVector v = IntVector.fromMemorySegment(PAIRS, panel, lines + (long) LINE * g, LITTLE);
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
      IntVector aLow = a0.add(a1.add(a1)).reinterpretAsInts();
      IntVector aHigh = a2.add(a3.add(a3)).reinterpretAsInts();
      FloatVector aScale = FloatVector.broadcast(FLOATS, scales[first / BLOCK + i]);
      int aPart = first / PART + 2 * i;
      FloatVector aSum = FloatVector.broadcast(FLOATS, sums[aPart] + sums[aPart + 1]);
      aLower = aSum.fma(FloatVector.fromArray(FLOATS, work, s + LOWS), aLower);
      aLower =
          ((FloatVector)
                  aLow.lanewise(VectorOperators.LSHL, 16)
                      .lanewise(VectorOperators.ASHR, 16)
                      .add(
                          aHigh
                              .lanewise(VectorOperators.LSHL, 16)
                              .lanewise(VectorOperators.ASHR, 14))
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
                              .lanewise(VectorOperators.LSHL, 2))
                      .convert(VectorOperators.I2F, 0))
              .mul(aScale)
              .fma(FloatVector.fromArray(FLOATS, work, s + SECOND), aUpper);
      IntVector bLow = b0.add(b1.add(b1)).reinterpretAsInts();
      IntVector bHigh = b2.add(b3.add(b3)).reinterpretAsInts();
      FloatVector bScale = FloatVector.broadcast(FLOATS, scales[second / BLOCK + i]);
      int bPart = second / PART + 2 * i;
      FloatVector bSum = FloatVector.broadcast(FLOATS, sums[bPart] + sums[bPart + 1]);
      bLower = bSum.fma(FloatVector.fromArray(FLOATS, work, s + LOWS), bLower);
      bLower =
          ((FloatVector)
                  bLow.lanewise(VectorOperators.LSHL, 16)
                      .lanewise(VectorOperators.ASHR, 16)
                      .add(
                          bHigh
                              .lanewise(VectorOperators.LSHL, 16)
                              .lanewise(VectorOperators.ASHR, 14))
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
                              .lanewise(VectorOperators.LSHL, 2))
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
      int s = STEPS + STRIP * (i >> 3);
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
