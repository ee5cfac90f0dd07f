package dev.hearth.inference.weight;

import java.lang.foreign.MemorySegment;

/**
 * Q4_K and Q5_K: blocks of 256 values: two half-precision scales, 12 bytes of 6-bit scales and
 * minima of the eight sub-blocks, for Q5_K 32 bytes of fifth bits (bit p of byte i belongs to value
 * i of sub-block p), 128 bytes of the numbers' lower four bits. 32 of these hold two sub-blocks,
 * one in the lower and the next in the upper halves.
 */
final class AffineKCodec implements WeightCodec {

  private static final int HEAD = 16;
  private static final int FIFTHS = 32;

  private final boolean fifth;
  private final int numbersAt;
  private final int bytes;

  /** A codec for numbers of 4 or 5 bits. */
  AffineKCodec(int bits) {
    fifth = bits == 5;
    numbersAt = HEAD + (fifth ? FIFTHS : 0);
    bytes = numbersAt + KBlock.VALUES / 2;
  }

  @Override
  public void dequantise(MemorySegment source, long offset, float[] target, int at, int count) {
    byte[] stored = KBlock.read(source, offset, count / KBlock.VALUES * bytes);
    int to = at;
    for (int from = 0; from < stored.length; from += bytes) {
      float d = KBlock.half(stored, from);
      float dmin = KBlock.half(stored, from + 2);
      for (int part = 0; part < KBlock.PARTS; part++) {
        float step = d * KBlock.scale(stored, from + 4, part);
        float low = dmin * KBlock.minimum(stored, from + 4, part);
        int numbers = from + numbersAt + 32 * (part / 2);
        int shift = 4 * (part & 1);
        for (int i = 0; i < 32; i++) {
          int upper = fifth ? ((stored[from + HEAD + i] >> part) & 1) << 4 : 0;
          target[to + i] = step * (((stored[numbers + i] >> shift) & 0xF) + upper) - low;
        }
        to += 32;
      }
    }
  }

  @Override
  public void quantise(float[] source, int at, int count, MemorySegment target, long offset) {
    int[] numbers = new int[KBlock.VALUES];
    byte[] stored = new byte[bytes];
    for (int block = 0; block < count / KBlock.VALUES; block++) {
      int most = fifth ? 31 : 15;
      KBlock.fit(source, at + block * KBlock.VALUES, most, numbers, stored, 0);
      for (int i = 0; fifth && i < FIFTHS; i++) {
        int bits = 0;
        for (int part = 0; part < KBlock.PARTS; part++) {
          bits |= (numbers[32 * part + i] >> 4) << part;
        }
        stored[HEAD + i] = (byte) bits;
      }
      for (int i = 0; i < KBlock.VALUES / 2; i++) {
        int low = i / 32 * 64 + i % 32;
        stored[numbersAt + i] = (byte) ((numbers[low] & 0xF) | (numbers[low + 32] & 0xF) << 4);
      }
      KBlock.write(stored, target, offset + (long) block * bytes);
    }
  }
}
