package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.PanelKernel.STRIP;
import static dev.hearth.inference.cpu.VectorKernels.BYTES;
import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.HALVES;
import static dev.hearth.inference.cpu.VectorKernels.INTS;
import static dev.hearth.inference.cpu.VectorPanels.LITTLE;
import static dev.hearth.inference.cpu.VectorPanels.LOWS;
import static dev.hearth.inference.cpu.VectorPanels.STEPS;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The first part of a chunk of a panel: what makes values of the numbers of its blocks. Of each
 * block (32 columns, 16 for Q6_K) and row, value = factor x (surplus + number) + addend. All
 * products of scales are exact in single precision (at most 11 + 7 + 6 bits).
 */
interface PanelSteps {

  /** For types without blocks. */
  PanelSteps NONE = new None();

  /** Bytes for a chunk of this many columns. */
  long bytes(int columns);

  /**
   * Packs those of one row of a chunk, the {@code lane}th of the panel, whose chunk is at {@code
   * to}.
   */
  void pack(MemorySegment weight, long at, int columns, MemorySegment panel, long to, int lane);

  /**
   * Reads those of some columns.
   *
   * @param at byte where the chunk begins
   * @param columns columns of the chunk
   * @param from first column
   * @param count number of columns
   * @param piece first of the rows to read
   * @param work receives the factor of block b from {@code STEPS + 16 b} and the addend {@code
   *     LOWS} behind it
   */
  void read(
      MemorySegment panel, long at, int columns, int from, int count, int piece, float[] work);

  /** Sixteen halves, one of each row. */
  int HALF_LINE = Short.BYTES * STRIP;

  /** See {@link #NONE}. */
  final class None implements PanelSteps {

    @Override
    public long bytes(int columns) {
      return 0;
    }

    @Override
    public void pack(
        MemorySegment weight, long at, int columns, MemorySegment panel, long to, int lane) {
      // Nothing to pack.
    }

    @Override
    public void read(
        MemorySegment panel, long at, int columns, int from, int count, int piece, float[] work) {
      // Nothing to read.
    }
  }

  /**
   * Q4_0 and Q8_0: one half for 32 columns.
   *
   * @param type the type
   * @param surplus by how much a number reads too great
   */
  record Halves(WeightType type, int surplus) implements PanelSteps {

    @Override
    public long bytes(int columns) {
      return (long) HALF_LINE / 32 * columns;
    }

    @Override
    public void pack(
        MemorySegment weight, long at, int columns, MemorySegment panel, long to, int lane) {
      for (int block = 0; block < columns / 32; block++) {
        short scale = weight.get(Layouts.SHORT, at + type.bytes(32L * block));
        panel.set(Layouts.SHORT, to + (long) HALF_LINE * block + 2L * lane, scale);
      }
    }

    @Override
    public void read(
        MemorySegment panel, long at, int columns, int from, int count, int piece, float[] work) {
      halves(panel, at + bytes(from) + 2L * piece, count / 32, -surplus, work);
    }

    private static void halves(MemorySegment panel, long at, int blocks, float low, float[] work) {
      for (int b = 0; b < blocks; b++) {
        IntVector half =
            (IntVector)
                ShortVector.fromMemorySegment(HALVES, panel, at + (long) HALF_LINE * b, LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        FloatVector step =
            half.lanewise(VectorOperators.LSHL, 13)
                .and(0x8FFF_E000)
                .reinterpretAsFloats()
                .mul(0x1p112f);
        step.intoArray(work, STEPS + STRIP * b);
        step.mul(low).intoArray(work, STEPS + STRIP * b + LOWS);
      }
    }
  }

  /**
   * Q4_K and Q5_K: two halves for 256 columns and a scale and a minimum for 32. A panel has all
   * first halves, all second halves, all scales as bytes, all minima as bytes.
   *
   * @param type the type
   * @param surplus by how much a number reads too great
   */
  record Affine(WeightType type, int surplus) implements PanelSteps {

    private static final int PARTS = 8;

    @Override
    public long bytes(int columns) {
      return (long) columns / 256 * (2 * HALF_LINE + 2 * PARTS * STRIP);
    }

    @Override
    public void pack(
        MemorySegment weight, long at, int columns, MemorySegment panel, long to, int lane) {
      int blocks = columns / 256;
      long minima = to + (long) HALF_LINE * blocks;
      long bytes = minima + (long) HALF_LINE * blocks + lane;
      for (int block = 0; block < blocks; block++) {
        long from = at + type.bytes(256L * block);
        long half = (long) HALF_LINE * block + 2L * lane;
        panel.set(Layouts.SHORT, to + half, weight.get(Layouts.SHORT, from));
        panel.set(Layouts.SHORT, minima + half, weight.get(Layouts.SHORT, from + 2));
        int first = weight.get(Layouts.INT, from + 4);
        int second = weight.get(Layouts.INT, from + 8);
        int third = weight.get(Layouts.INT, from + 12);
        int[] fours = {
          first & 0x3F3F3F3F,
          (third & 0x0F0F0F0F) | (first >>> 2 & 0x30303030),
          second & 0x3F3F3F3F,
          (third >>> 4 & 0x0F0F0F0F) | (second >>> 2 & 0x30303030)
        };
        for (int i = 0; i < 2 * PARTS; i++) {
          int part = i % PARTS;
          long place = (long) STRIP * (PARTS * (i / PARTS * blocks + block) + part);
          byte six = (byte) (fours[i / 4] >>> (8 * (i % 4)));
          panel.set(ValueLayout.JAVA_BYTE, bytes + place, six);
        }
      }
    }

    @Override
    public void read(
        MemorySegment panel, long at, int columns, int from, int count, int piece, float[] work) {
      int blocks = columns / 256;
      long halves = at + (long) HALF_LINE * (from / 256) + 2L * piece;
      long second = (long) HALF_LINE * blocks;
      long scales = at + 2 * second + (long) STRIP * (from / 32) + piece;
      long minima = (long) STRIP * PARTS * blocks;
      PanelSteps.factors(panel, halves, scales, count / 32, 3, -surplus, work);
      addends(panel, halves + second, scales + minima, count / 32, work);
    }

    /** Takes the minima off the addends. */
    private static void addends(
        MemorySegment panel, long halves, long minima, int parts, float[] work) {
      for (int p = 0; p < parts; p++) {
        IntVector half =
            (IntVector)
                ShortVector.fromMemorySegment(
                        HALVES, panel, halves + (long) HALF_LINE * (p >> 3), LITTLE)
                    .convertShape(VectorOperators.S2I, INTS, 0);
        int low = STEPS + STRIP * p + LOWS;
        half.lanewise(VectorOperators.LSHL, 13)
            .and(0x8FFF_E000)
            .reinterpretAsFloats()
            .mul(-0x1p112f)
            .fma(
                (FloatVector)
                    ByteVector.fromMemorySegment(BYTES, panel, minima + (long) STRIP * p, LITTLE)
                        .convertShape(VectorOperators.B2F, FLOATS, 0),
                FloatVector.fromArray(FLOATS, work, low))
            .intoArray(work, low);
      }
    }
  }

  /** Q6_K: a half for 256 columns and a signed byte for 16; a panel has all halves first. */
  final class Signed implements PanelSteps {

    private static final WeightType TYPE = WeightType.Q6_K;
    private static final int PARTS = 16;

    @Override
    public long bytes(int columns) {
      return (long) columns / 256 * (HALF_LINE + PARTS * STRIP);
    }

    @Override
    public void pack(
        MemorySegment weight, long at, int columns, MemorySegment panel, long to, int lane) {
      int blocks = columns / 256;
      long bytes = to + (long) HALF_LINE * blocks + lane;
      for (int block = 0; block < blocks; block++) {
        long from = at + TYPE.bytes(256L * block);
        short half = weight.get(Layouts.SHORT, from + 208);
        panel.set(Layouts.SHORT, to + (long) HALF_LINE * block + 2L * lane, half);
        for (int part = 0; part < PARTS; part++) {
          byte scale = weight.get(ValueLayout.JAVA_BYTE, from + 192 + part);
          panel.set(ValueLayout.JAVA_BYTE, bytes + (long) STRIP * (PARTS * block + part), scale);
        }
      }
    }

    @Override
    public void read(
        MemorySegment panel, long at, int columns, int from, int count, int piece, float[] work) {
      long halves = at + (long) HALF_LINE * (from / 256) + 2L * piece;
      long scales = at + (long) HALF_LINE * (columns / 256) + (long) STRIP * (from / 16) + piece;
      PanelSteps.factors(panel, halves, scales, count / 16, 4, -SixPanels.SURPLUS, work);
    }
  }

  /**
   * Factors that are a half times a byte, and the addends of their surplus.
   *
   * @param parts number of factors
   * @param shift two to the power of this many share a half
   */
  private static void factors(
      MemorySegment panel,
      long halves,
      long scales,
      int parts,
      int shift,
      float low,
      float[] work) {
    for (int p = 0; p < parts; p++) {
      IntVector half =
          (IntVector)
              ShortVector.fromMemorySegment(
                      HALVES, panel, halves + (long) HALF_LINE * (p >> shift), LITTLE)
                  .convertShape(VectorOperators.S2I, INTS, 0);
      FloatVector step =
          half.lanewise(VectorOperators.LSHL, 13)
              .and(0x8FFF_E000)
              .reinterpretAsFloats()
              .mul(0x1p112f)
              .mul(
                  (FloatVector)
                      ByteVector.fromMemorySegment(BYTES, panel, scales + (long) STRIP * p, LITTLE)
                          .convertShape(VectorOperators.B2F, FLOATS, 0));
      step.intoArray(work, STEPS + STRIP * p);
      step.mul(low).intoArray(work, STEPS + STRIP * p + LOWS);
    }
  }
}
