package dev.hearth.inference.weight;

import java.lang.foreign.MemorySegment;

/** Codecs of the types that store one number per value. */
final class FloatCodec {

  private FloatCodec() {}

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
      for (int i = 0; i < count; i++) {
        target[at + i] = Float.float16ToFloat(source.get(Layouts.SHORT, offset + 2L * i));
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
      for (int i = 0; i < count; i++) {
        target[at + i] = Float.intBitsToFloat(source.get(Layouts.SHORT, offset + 2L * i) << 16);
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
