package dev.hearth.inference.weight;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Q8_0: blocks of a half-precision scale and 32 signed bytes; value = scale x byte. */
final class Q8Codec implements WeightCodec {

  private static final int BLOCK = 32;
  private static final int BYTES = 34;

  @Override
  public void dequantise(MemorySegment source, long offset, float[] target, int at, int count) {
    byte[] stored = new byte[count / BLOCK * BYTES];
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, stored, 0, stored.length);
    for (int from = 0; from < stored.length; from += BYTES) {
      int half = (stored[from] & 0xFF) | stored[from + 1] << 8;
      float scale = Float.float16ToFloat((short) half);
      int to = at + from / BYTES * BLOCK;
      for (int i = 0; i < BLOCK; i++) {
        target[to + i] = scale * stored[from + 2 + i];
      }
    }
  }

  @Override
  public void quantise(float[] source, int at, int count, MemorySegment target, long offset) {
    for (int block = 0; block < count / BLOCK; block++) {
      int from = at + block * BLOCK;
      float largest = 0;
      for (int i = 0; i < BLOCK; i++) {
        largest = Math.max(largest, Math.abs(source[from + i]));
      }
      float scale = largest / 127;
      float inverse = scale == 0 ? 0 : 1 / scale;
      long to = offset + (long) block * BYTES;
      target.set(Layouts.SHORT, to, Float.floatToFloat16(scale));
      for (int i = 0; i < BLOCK; i++) {
        target.set(ValueLayout.JAVA_BYTE, to + 2 + i, (byte) roundAway(source[from + i] * inverse));
      }
    }
  }

  /** Rounds half away from zero, as C's roundf and so as other writers of this type. */
  private static int roundAway(float value) {
    return (int) (value + Math.copySign(0.5f, value));
  }
}
