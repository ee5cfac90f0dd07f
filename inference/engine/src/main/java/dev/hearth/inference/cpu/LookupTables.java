package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.PlanePanels.WORDS;
import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.HALVES;
import static dev.hearth.inference.cpu.VectorKernels.ROUNDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums of activations for products by lookup: the values are rounded to whole numbers of at most
 * {@value #LARGEST} with a scale for each {@value #BLOCK}, and for every four of them there is a
 * table of the sums of all 16 choices among the four. The idea is that of T-MAC (Wei et al., 2024).
 *
 * <p>Rounding costs a relative error of about 1/{@value #LARGEST} / sqrt(12) of a block's largest
 * value; the 8-bit activations that other engines use have 2.3 times that.
 */
final class LookupTables {

  /** Values that share a scale. */
  static final int BLOCK = 32;

  /** Values of a sum in {@link #sums}. */
  static final int PART = 16;

  /**
   * Largest rounded value: sums of 16 values times 1 + 2 + 4, and of 32 values times 1 + 2, fit 16
   * bits.
   */
  static final int LARGEST = 290;

  /** Entries of a table: lookups take five bits of which the highest does not count. */
  static final int ENTRIES = 32;

  private static final int FOUR = 4;

  /** Table of values 4 g to 4 g + 3 from {@code ENTRIES g}; bit c of an index chooses value c. */
  final short[] entries;

  /** Of each {@value #BLOCK} values what a rounded one is worth. */
  final float[] scales;

  /** Of each {@value #PART} values their sum after rounding, in their own unit. */
  final float[] sums;

  private static final ShortVector FIRST = containing(0);

  private static final ShortVector SECOND = containing(1);
  private static final ShortVector THIRD = containing(2);
  private static final ShortVector FOURTH = containing(3);

  private final short[] rounded = new short[BLOCK];

  /** Room for so many values. */
  LookupTables(int values) {
    entries = new short[Math.multiplyExact(values / FOUR, ENTRIES)];
    scales = new float[values / BLOCK];
    sums = new float[values / PART];
  }

  /** How many values there is room for. */
  int capacity() {
    return scales.length * BLOCK;
  }

  /**
   * Takes values.
   *
   * @param count a multiple of {@value #BLOCK}
   */
  void fill(float[] values, int count) {
    for (int block = 0; block < count / BLOCK; block++) {
      round(values, block);
      int to = BLOCK / FOUR * ENTRIES * block;
      for (int four = 0; four < BLOCK; four += FOUR) {
        FIRST
            .and(rounded[four])
            .add(SECOND.and(rounded[four + 1]))
            .add(THIRD.and(rounded[four + 2]))
            .add(FOURTH.and(rounded[four + 3]))
            .intoArray(entries, to + ENTRIES / FOUR * four);
      }
    }
  }

  /** Rounds a block: {@link #PART} values at a time, as many as there are in a vector. */
  private void round(float[] values, int block) {
    FloatVector first = FloatVector.fromArray(FLOATS, values, BLOCK * block);
    FloatVector second = FloatVector.fromArray(FLOATS, values, BLOCK * block + PART);
    float largest = first.abs().max(second.abs()).reduceLanes(VectorOperators.MAX);
    float scale = largest / LARGEST;
    float inverse = largest > 0 ? LARGEST / largest : 0;
    scales[block] = scale;
    sums[2 * block] = scale * round(first, inverse, 0);
    sums[2 * block + 1] = scale * round(second, inverse, PART);
  }

  /** Returns the sum of the rounded values. */
  private float round(FloatVector values, float inverse, int to) {
    FloatVector whole = values.mul(inverse).add(ROUNDER).sub(ROUNDER);
    ((ShortVector) whole.convertShape(VectorOperators.F2S, HALVES, 0)).intoArray(rounded, to);
    return whole.reduceLanes(VectorOperators.ADD);
  }

  /** All bits set in the entries that contain a value. */
  private static ShortVector containing(int value) {
    short[] lanes = new short[ENTRIES];
    for (int i = 0; i < ENTRIES; i++) {
      lanes[i] = (short) -(i >> value & 1);
    }
    return ShortVector.fromArray(WORDS, lanes, 0);
  }
}
