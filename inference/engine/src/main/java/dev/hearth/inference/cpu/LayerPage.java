package dev.hearth.inference.cpu;

import dev.hearth.inference.KvType;
import dev.hearth.inference.weight.Layouts;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keys and values of {@link #POSITIONS} tokens of one layer.
 *
 * <p>Keys lie [kvHead][dim][position] and values [kvHead][position][dim], so that both products of
 * attention (query x keys, weights x values) are plain row-major matrix products whose vectors run
 * along positions and along dims: no horizontal sums. Eight-bit numbers have a scale for each 32
 * dims of a token; the scales of keys lie [kvHead][dim / 32][position], those of values
 * [kvHead][position][dim / 32].
 */
final class LayerPage {

  /** Tokens of a page; a multiple of every vector width. */
  static final int POSITIONS = 128;

  private static final int BLOCK = 32;

  private final KvType type;
  private final int kvHeads;
  private final int headDim;
  private final int blocks;

  /** Single precision: ready to multiply. Other forms lie in native memory. */
  private final float[] keys;

  private final float[] values;
  private final MemorySegment storedKeys;
  private final MemorySegment storedValues;
  private final MemorySegment keyScales;
  private final MemorySegment valueScales;

  /**
   * Takes memory.
   *
   * @param memory {@link #bytes} of it, not needed for single precision
   */
  LayerPage(KvType type, int kvHeads, int headDim, MemorySegment memory) {
    this.type = type;
    this.kvHeads = kvHeads;
    this.headDim = headDim;
    blocks = Math.ceilDiv(headDim, BLOCK);
    int size = kvHeads * headDim * POSITIONS;
    if (type == KvType.F32) {
      keys = new float[size];
      values = new float[size];
      storedKeys = MemorySegment.ofArray(keys);
      storedValues = MemorySegment.ofArray(values);
    } else {
      keys = new float[0];
      values = keys;
      long width = type == KvType.F16 ? Short.BYTES : 1;
      storedKeys = memory.asSlice(0, width * size);
      storedValues = memory.asSlice(width * size, width * size);
    }
    long scales = type == KvType.Q8_0 ? (long) kvHeads * blocks * POSITIONS * Short.BYTES : 0;
    keyScales = memory.asSlice(memory.byteSize() - 2 * scales, scales);
    valueScales = memory.asSlice(memory.byteSize() - scales, scales);
  }

  /** Number of bytes that a page takes. */
  static long bytes(KvType type, int kvHeads, int headDim) {
    long size = 2L * kvHeads * headDim * POSITIONS;
    return switch (type) {
      case F32 -> size * Float.BYTES;
      case F16 -> size * Short.BYTES;
      case Q8_0 -> size + 2L * kvHeads * Math.ceilDiv(headDim, BLOCK) * POSITIONS * Short.BYTES;
    };
  }

  /** Stores one token's keys and values at an index within the page. */
  void put(int index, float[] key, int keyAt, float[] value, int valueAt) {
    for (int head = 0; head < kvHeads; head++) {
      int from = head * headDim;
      switch (type) {
        case F32 -> putSingle(head, index, key, keyAt + from, value, valueAt + from);
        case F16 -> putHalf(head, index, key, keyAt + from, value, valueAt + from);
        case Q8_0 -> putBytes(head, index, key, keyAt + from, value, valueAt + from);
      }
    }
  }

  private void putSingle(int head, int index, float[] key, int keyAt, float[] value, int valueAt) {
    int keysAt = head * headDim * POSITIONS + index;
    for (int d = 0; d < headDim; d++) {
      keys[keysAt + d * POSITIONS] = key[keyAt + d];
    }
    System.arraycopy(value, valueAt, values, (head * POSITIONS + index) * headDim, headDim);
  }

  private void putHalf(int head, int index, float[] key, int keyAt, float[] value, int valueAt) {
    long keysAt = 2L * (head * headDim * POSITIONS + index);
    long valuesAt = 2L * (head * POSITIONS + index) * headDim;
    for (int d = 0; d < headDim; d++) {
      storedKeys.set(
          Layouts.SHORT, keysAt + 2L * d * POSITIONS, Float.floatToFloat16(key[keyAt + d]));
      storedValues.set(Layouts.SHORT, valuesAt + 2L * d, Float.floatToFloat16(value[valueAt + d]));
    }
  }

  private void putBytes(int head, int index, float[] key, int keyAt, float[] value, int valueAt) {
    for (int block = 0; block < blocks; block++) {
      int first = block * BLOCK;
      int last = Math.min(headDim, first + BLOCK);
      float step = step(key, keyAt + first, keyAt + last);
      keyScales.set(
          Layouts.SHORT,
          2L * ((head * blocks + block) * POSITIONS + index),
          Float.floatToFloat16(step));
      for (int d = first; d < last; d++) {
        storedKeys.set(
            ValueLayout.JAVA_BYTE,
            (long) (head * headDim + d) * POSITIONS + index,
            number(key[keyAt + d], step));
      }
      step = step(value, valueAt + first, valueAt + last);
      valueScales.set(
          Layouts.SHORT,
          2L * ((head * POSITIONS + index) * blocks + block),
          Float.floatToFloat16(step));
      for (int d = first; d < last; d++) {
        storedValues.set(
            ValueLayout.JAVA_BYTE,
            (long) (head * POSITIONS + index) * headDim + d,
            number(value[valueAt + d], step));
      }
    }
  }

  /** The scale of a block, as it will be read back: rounded to half precision. */
  private static float step(float[] x, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    return Float.float16ToFloat(Float.floatToFloat16(largest / Byte.MAX_VALUE));
  }

  private static byte number(float x, float step) {
    int number = step == 0 ? 0 : Math.round(x / step);
    return (byte) Math.max(-Byte.MAX_VALUE, Math.min(Byte.MAX_VALUE, number));
  }

  /** Index in the keys (and in the values) where a head begins. */
  int headAt(int head) {
    return type == KvType.F32 ? head * headDim * POSITIONS : 0;
  }

  /** Keys of a head as floats, from {@link #headAt}. */
  float[] keys(int head, Kernels kernels, Scratch scratch) {
    if (type == KvType.F32) {
      return keys;
    }
    float[] wide = widen(storedKeys, head, kernels, scratch);
    if (type == KvType.Q8_0) {
      float[] scales = scales(keyScales, head, kernels, scratch);
      for (int d = 0; d < headDim; d++) {
        int at = d * POSITIONS;
        int scaleAt = d / BLOCK * POSITIONS;
        for (int i = 0; i < POSITIONS; i++) {
          wide[at + i] *= scales[scaleAt + i];
        }
      }
    }
    return wide;
  }

  /** Values of a head as floats, from {@link #headAt}. */
  float[] values(int head, Kernels kernels, Scratch scratch) {
    if (type == KvType.F32) {
      return values;
    }
    float[] wide = widen(storedValues, head, kernels, scratch);
    if (type == KvType.Q8_0) {
      float[] scales = scales(valueScales, head, kernels, scratch);
      for (int block = 0; block < blocks * POSITIONS; block++) {
        int row = block / blocks * headDim;
        int first = row + block % blocks * BLOCK;
        int last = Math.min(row + headDim, first + BLOCK);
        float scale = scales[block];
        for (int i = first; i < last; i++) {
          wide[i] *= scale;
        }
      }
    }
    return wide;
  }

  private float[] widen(MemorySegment stored, int head, Kernels kernels, Scratch scratch) {
    int size = headDim * POSITIONS;
    float[] wide = scratch.page(size);
    if (type == KvType.F16) {
      kernels.widenHalves(stored, 2L * head * size, wide, 0, size);
    } else {
      kernels.widenBytes(stored, (long) head * size, wide, 0, size);
    }
    return wide;
  }

  private float[] scales(MemorySegment stored, int head, Kernels kernels, Scratch scratch) {
    int count = blocks * POSITIONS;
    float[] scales = scratch.line(count);
    kernels.widenHalves(stored, 2L * head * count, scales, 0, count);
    return scales;
  }

  /** Copies the contents out; returns the bytes written. */
  long save(MemorySegment target, long at) {
    long end = at;
    for (MemorySegment part : parts()) {
      MemorySegment.copy(part, 0, target, end, part.byteSize());
      end += part.byteSize();
    }
    return end - at;
  }

  /** Takes contents; returns the bytes read. */
  long restore(MemorySegment source, long at) {
    long end = at;
    for (MemorySegment part : parts()) {
      MemorySegment.copy(source, end, part, 0, part.byteSize());
      end += part.byteSize();
    }
    return end - at;
  }

  /** Becomes a copy. */
  void copyFrom(LayerPage other) {
    MemorySegment[] mine = parts();
    MemorySegment[] theirs = other.parts();
    for (int i = 0; i < mine.length; i++) {
      mine[i].copyFrom(theirs[i]);
    }
  }

  private MemorySegment[] parts() {
    return new MemorySegment[] {storedKeys, storedValues, keyScales, valueScales};
  }
}
