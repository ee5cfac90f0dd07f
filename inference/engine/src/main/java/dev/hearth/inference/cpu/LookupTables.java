package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.PlanePanels.WORDS;

import jdk.incubator.vector.ShortVector;

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

  private static final int GROUP = 4;

  /** Table of values 4 g to 4 g + 3 from {@code ENTRIES g}; bit c of an index chooses value c. */
  final short[] entries;

  /** Of each {@value #BLOCK} values what a rounded one is worth. */
  final float[] scales;

  /** Of each {@value #PART} values their sum after rounding, in their own unit. */
  final float[] sums;

  /** For each value of four the entries that contain it, all bits set there. */
  private static final ShortVector FIRST = containing(0);

  private static final ShortVector SECOND = containing(1);
  private static final ShortVector THIRD = containing(2);
  private static final ShortVector FOURTH = containing(3);

  private final int[] rounded = new int[BLOCK];

  /** Room for so many values. */
  LookupTables(int values) {
    entries = new short[Math.multiplyExact(values / GROUP, ENTRIES)];
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
      float scale = round(values, BLOCK * block);
      scales[block] = scale;
      for (int part = 0; part < BLOCK / PART; part++) {
        int sum = 0;
        for (int i = PART * part; i < PART * (part + 1); i++) {
          sum += rounded[i];
        }
        sums[BLOCK / PART * block + part] = scale * sum;
      }
      for (int group = 0; group < BLOCK / GROUP; group++) {
        table(rounded, GROUP * group, entries, ENTRIES * (BLOCK / GROUP * block + group));
      }
    }
  }

  private static void table(int[] four, int at, short[] entries, int to) {
    FIRST
        .and((short) four[at])
        .add(SECOND.and((short) four[at + 1]))
        .add(THIRD.and((short) four[at + 2]))
        .add(FOURTH.and((short) four[at + 3]))
        .intoArray(entries, to);
  }

  private static ShortVector containing(int value) {
    short[] lanes = new short[ENTRIES];
    for (int i = 0; i < ENTRIES; i++) {
      lanes[i] = (short) -(i >> value & 1);
    }
    return ShortVector.fromArray(WORDS, lanes, 0);
  }

  private float round(float[] values, int at) {
    float largest = 0;
    for (int i = 0; i < BLOCK; i++) {
      largest = Math.max(largest, Math.abs(values[at + i]));
    }
    float inverse = largest > 0 ? LARGEST / largest : 0;
    for (int i = 0; i < BLOCK; i++) {
      rounded[i] = Math.round(values[at + i] * inverse);
    }
    return largest / LARGEST;
  }
}
