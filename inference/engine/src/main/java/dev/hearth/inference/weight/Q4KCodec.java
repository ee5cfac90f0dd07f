package dev.hearth.inference.weight;

import java.lang.foreign.MemorySegment;

/**
 * Q4_K: blocks of 256 values: two half-precision scales, 12 bytes of 6-bit scales and minima of the
 * eight sub-blocks, 128 bytes of 4-bit numbers. 32 bytes hold two sub-blocks, one in the lower and
 * the next in the upper halves.
 */
final class Q4KCodec implements WeightCodec {

  private static final int BYTES = 144;
  private static final int NUMBERS = 16;

  @Override
  public void dequantise(MemorySegment source, long offset, float[] target, int at, int count) {
    byte[] stored = KBlock.read(source, offset, count / KBlock.VALUES * BYTES);
    int to = at;
    for (int from = 0; from < stored.length; from += BYTES) {
      float d = KBlock.half(stored, from);
      float dmin = KBlock.half(stored, from + 2);
      for (int part = 0; part < KBlock.PARTS; part++) {
        float step = d * KBlock.scale(stored, from + 4, part);
        float low = dmin * KBlock.minimum(stored, from + 4, part);
        int numbers = from + NUMBERS + 32 * (part / 2);
        int shift = 4 * (part & 1);
        for (int i = 0; i < 32; i++) {
          target[to + i] = step * ((stored[numbers + i] >> shift) & 0xF) - low;
        }
        to += 32;
      }
    }
  }

  @Override
  public void quantise(float[] source, int at, int count, MemorySegment target, long offset) {
    int[] numbers = new int[KBlock.VALUES];
    byte[] stored = new byte[BYTES];
    for (int block = 0; block < count / KBlock.VALUES; block++) {
      KBlock.fit(source, at + block * KBlock.VALUES, 15, numbers, stored, 0);
      for (int i = 0; i < 128; i++) {
        int low = i / 32 * 64 + i % 32;
        stored[NUMBERS + i] = (byte) (numbers[low] | numbers[low + 32] << 4);
      }
      KBlock.write(stored, target, offset + (long) block * BYTES);
    }
  }
}
