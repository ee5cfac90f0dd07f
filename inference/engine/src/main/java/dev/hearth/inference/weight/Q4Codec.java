package dev.hearth.inference.weight;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Q4_0: blocks of a half-precision scale and 32 numbers of 0 to 15; value = scale x (number - 8).
 * Byte i holds number i in its lower half and number i + 16 in its upper.
 */
final class Q4Codec implements WeightCodec {

  private static final int BLOCK = 32;
  private static final int BYTES = 18;

  @Override
  public void dequantise(MemorySegment source, long offset, float[] target, int at, int count) {
    byte[] stored = new byte[count / BLOCK * BYTES];
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, stored, 0, stored.length);
    int to = at;
    for (int from = 0; from < stored.length; from += BYTES) {
      float scale = KBlock.half(stored, from);
      for (int i = 0; i < BLOCK / 2; i++) {
        target[to + i] = scale * ((stored[from + 2 + i] & 0xF) - 8);
        target[to + BLOCK / 2 + i] = scale * (((stored[from + 2 + i] >> 4) & 0xF) - 8);
      }
      to += BLOCK;
    }
  }

  @Override
  public void quantise(float[] source, int at, int count, MemorySegment target, long offset) {
    for (int block = 0; block < count / BLOCK; block++) {
      int from = at + block * BLOCK;
      float furthest = 0;
      for (int i = 0; i < BLOCK; i++) {
        float value = source[from + i];
        furthest = Math.abs(value) > Math.abs(furthest) ? value : furthest;
      }
      float scale = furthest == 0 ? 0 : furthest / -8;
      float inverse = scale == 0 ? 0 : 1 / scale;
      long to = offset + (long) block * BYTES;
      target.set(Layouts.SHORT, to, Float.floatToFloat16(scale));
      for (int i = 0; i < BLOCK / 2; i++) {
        int low = number(source[from + i] * inverse);
        int high = number(source[from + BLOCK / 2 + i] * inverse);
        target.set(ValueLayout.JAVA_BYTE, to + 2 + i, (byte) (low | high << 4));
      }
    }
  }

  private static int number(float steps) {
    return Math.clamp((int) Math.floor(steps + 8.5f), 0, 15);
  }
}
