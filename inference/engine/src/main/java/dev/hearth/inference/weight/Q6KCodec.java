package dev.hearth.inference.weight;

import java.lang.foreign.MemorySegment;

/**
 * Q6_K: blocks of 256 values: 128 bytes of the numbers' lower four bits, 64 of their upper two, 16
 * signed scales of sub-blocks of 16 values, one half-precision scale; value = d x scale x (number -
 * 32). A block is two halves of 128 values; in a half, value 32 k + i has its lower bits in byte 32
 * (k mod 2) + i, lower half for k below 2, and its upper bits in bits 2 k of byte i.
 */
final class Q6KCodec implements WeightCodec {

  private static final int BYTES = 210;
  private static final int UPPER = 128;
  private static final int SCALES = 192;
  private static final int D = 208;

  @Override
  public void dequantise(MemorySegment source, long offset, float[] target, int at, int count) {
    byte[] stored = KBlock.read(source, offset, count / KBlock.VALUES * BYTES);
    int to = at;
    for (int from = 0; from < stored.length; from += BYTES) {
      float d = KBlock.half(stored, from + D);
      for (int part = 0; part < KBlock.VALUES / 16; part++) {
        float step = d * stored[from + SCALES + part];
        for (int i = 16 * part; i < 16 * part + 16; i++) {
          int lower = (stored[from + lowerAt(i)] >> lowerShift(i)) & 0xF;
          int upper = (stored[from + upperAt(i)] >> upperShift(i)) & 3;
          target[to + i] = step * ((lower | (upper << 4)) - 32);
        }
      }
      to += KBlock.VALUES;
    }
  }

  private static int lowerAt(int value) {
    return value / 128 * 64 + value % 64;
  }

  private static int lowerShift(int value) {
    return value % 128 / 64 * 4;
  }

  private static int upperAt(int value) {
    return UPPER + value / 128 * 32 + value % 32;
  }

  private static int upperShift(int value) {
    return value % 128 / 32 * 2;
  }

  @Override
  public void quantise(float[] source, int at, int count, MemorySegment target, long offset) {
    float[] steps = new float[KBlock.VALUES / 16];
    for (int block = 0; block < count / KBlock.VALUES; block++) {
      int from = at + block * KBlock.VALUES;
      float furthest = 0;
      for (int part = 0; part < steps.length; part++) {
        steps[part] = LineFit.symmetric(source, from + 16 * part, 16, 32);
        furthest = Math.abs(steps[part]) > Math.abs(furthest) ? steps[part] : furthest;
      }
      byte[] stored = new byte[BYTES];
      KBlock.putHalf(stored, D, furthest == 0 ? 0 : furthest / -128);
      float d = KBlock.half(stored, D);
      for (int i = 0; i < KBlock.VALUES; i++) {
        int part = i / 16;
        int scale = d == 0 ? 0 : Math.clamp((int) Math.rint(steps[part] / d), -128, 127);
        stored[SCALES + part] = (byte) scale;
        float step = d * scale;
        int number = step == 0 ? 0 : Math.clamp((int) Math.rint(source[from + i] / step), -32, 31);
        stored[lowerAt(i)] |= (byte) (((number + 32) & 0xF) << lowerShift(i));
        stored[upperAt(i)] |= (byte) (((number + 32) >> 4) << upperShift(i));
      }
      KBlock.write(stored, target, offset + (long) block * BYTES);
    }
  }
}
