package dev.hearth.inference.weight;

import java.lang.foreign.MemorySegment;

/**
 * Q5_K: as {@link Q4KCodec}, with 32 bytes before the numbers that hold their fifth bits: bit p of
 * byte i belongs to value i of sub-block p.
 */
final class Q5KCodec implements WeightCodec {

  private static final int BYTES = 176;
  private static final int FIFTH = 16;
  private static final int NUMBERS = 48;

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
          int fifth = (stored[from + FIFTH + i] >> part & 1) << 4;
          target[to + i] = step * ((stored[numbers + i] >> shift & 0xF) + fifth) - low;
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
      KBlock.fit(source, at + block * KBlock.VALUES, 31, numbers, stored, 0);
      for (int i = 0; i < 32; i++) {
        int bits = 0;
        for (int part = 0; part < KBlock.PARTS; part++) {
          bits |= (numbers[32 * part + i] >> 4) << part;
        }
        stored[FIFTH + i] = (byte) bits;
      }
      for (int i = 0; i < 128; i++) {
        int low = i / 32 * 64 + i % 32;
        stored[NUMBERS + i] = (byte) ((numbers[low] & 0xF) | (numbers[low + 32] & 0xF) << 4);
      }
      KBlock.write(stored, target, offset + (long) block * BYTES);
    }
  }
}
