package dev.hearth.inference.weight;

import java.lang.foreign.MemorySegment;

/** Codecs of the types that store one number per value. */
final class FloatCodec {

  private FloatCodec() {}

  /** One copy and then an array: reading a segment value by value is slow until compiled. */
  private static short[] copy(MemorySegment source, long offset, int count) {
    short[] stored = new short[count];
    MemorySegment.copy(source, Layouts.SHORT, offset, stored, 0, count);
    return stored;
  }

  /** F32. */
  static final class Single implements WeightCodec {
    @Override
    public void dequantise(MemorySegment source, long offset, float[] target, int at, int count) {
      MemorySegment.copy(source, Layouts.FLOAT, offset, target, at, count);
    }

    @Override
    public void quantise(float[] source, int at, int count, MemorySegment target, long offset) {
      MemorySegment.copy(source, at, target, Layouts.FLOAT, offset, count);
    }
  }

  /** F16. */
  static final class Half implements WeightCodec {
    @Override
    public void dequantise(MemorySegment source, long offset, float[] target, int at, int count) {
      short[] stored = copy(source, offset, count);
      for (int i = 0; i < count; i++) {
        target[at + i] = Float.float16ToFloat(stored[i]);
      }
    }

    @Override
    public void quantise(float[] source, int at, int count, MemorySegment target, long offset) {
      for (int i = 0; i < count; i++) {
        target.set(Layouts.SHORT, offset + 2L * i, Float.floatToFloat16(source[at + i]));
      }
    }
  }

  /** BF16; rounds to nearest, ties to even. */
  static final class Brain implements WeightCodec {
    @Override
    public void dequantise(MemorySegment source, long offset, float[] target, int at, int count) {
      short[] stored = copy(source, offset, count);
      for (int i = 0; i < count; i++) {
        target[at + i] = Float.intBitsToFloat(stored[i] << 16);
      }
    }

    @Override
    public void quantise(float[] source, int at, int count, MemorySegment target, long offset) {
      for (int i = 0; i < count; i++) {
        int bits = Float.floatToRawIntBits(source[at + i]);
        int rounded = bits + 0x7FFF + ((bits >>> 16) & 1);
        target.set(Layouts.SHORT, offset + 2L * i, (short) (rounded >>> 16));
      }
    }
  }
}
