package dev.hearth.inference.weight;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What the "K" types have in common: 256 values in a block, sub-blocks with whole-numbered scales
 * of their own under one half-precision scale (and, for Q4_K and Q5_K, minima likewise).
 */
final class KBlock {

  /** Values of a block. */
  static final int VALUES = 256;

  /** Sub-blocks of 32 values, for types with minima. */
  static final int PARTS = 8;

  private KBlock() {}

  static float half(byte[] stored, int at) {
    return Float.float16ToFloat((short) ((stored[at] & 0xFF) | stored[at + 1] << 8));
  }

  static void putHalf(byte[] stored, int at, float value) {
    short half = Float.floatToFloat16(value);
    stored[at] = (byte) half;
    stored[at + 1] = (byte) (half >> 8);
  }

  /** The 6-bit scale of sub-block {@code part}, from 12 bytes at {@code at}. */
  static int scale(byte[] stored, int at, int part) {
    return part < 4
        ? stored[at + part] & 63
        : (stored[at + part + 4] & 0xF) | (stored[at + part - 4] & 0xC0) >> 2;
  }

  /** The 6-bit minimum of sub-block {@code part}, from the same 12 bytes. */
  static int minimum(byte[] stored, int at, int part) {
    return part < 4
        ? stored[at + part + 4] & 63
        : (stored[at + part + 4] >> 4 & 0xF) | (stored[at + part] & 0xC0) >> 2;
  }

  /** Packs eight scales and minima of 6 bits into 12 bytes. */
  static void pack(int[] scales, int[] minima, byte[] stored, int at) {
    for (int part = 0; part < 4; part++) {
      stored[at + part] = (byte) (scales[part] | (scales[part + 4] & 0x30) << 2);
      stored[at + part + 4] = (byte) (minima[part] | (minima[part + 4] & 0x30) << 2);
      stored[at + part + 8] = (byte) ((scales[part + 4] & 0xF) | (minima[part + 4] & 0xF) << 4);
    }
  }

  /**
   * Quantises a block of a type with minima: value = d x scale x number - dmin x minimum.
   *
   * @param most the largest number, 15 or 31
   * @param numbers receives the 256 numbers
   * @param stored receives d, dmin (halves) and the 12 packed bytes from {@code storedAt}
   */
  static void fit(float[] source, int at, int most, int[] numbers, byte[] stored, int storedAt) {
    float[] steps = new float[PARTS];
    float[] lows = new float[PARTS];
    float largestStep = 0;
    float largestLow = 0;
    for (int part = 0; part < PARTS; part++) {
      LineFit.asymmetric(source, at + 32 * part, 32, most, steps, lows, part);
      largestStep = Math.max(largestStep, steps[part]);
      largestLow = Math.max(largestLow, lows[part]);
    }
    putHalf(stored, storedAt, largestStep / 63);
    putHalf(stored, storedAt + 2, largestLow / 63);
    float d = half(stored, storedAt);
    float dmin = half(stored, storedAt + 2);
    int[] scales = new int[PARTS];
    int[] minima = new int[PARTS];
    Arrays.setAll(scales, part -> share(steps[part], d));
    Arrays.setAll(minima, part -> share(lows[part], dmin));
    pack(scales, minima, stored, storedAt + 4);
    for (int i = 0; i < VALUES; i++) {
      float step = d * scales[i / 32];
      float low = dmin * minima[i / 32];
      numbers[i] =
          step == 0 ? 0 : Math.clamp((int) Math.rint((source[at + i] + low) / step), 0, most);
    }
  }

  private static int share(float value, float unit) {
    return unit == 0 ? 0 : Math.clamp((int) Math.rint(value / unit), 0, 63);
  }

  static byte[] read(MemorySegment source, long offset, int bytes) {
    byte[] stored = new byte[bytes];
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, stored, 0, bytes);
    return stored;
  }

  static void write(byte[] stored, MemorySegment target, long offset) {
    MemorySegment.copy(stored, 0, target, ValueLayout.JAVA_BYTE, offset, stored.length);
  }
}
