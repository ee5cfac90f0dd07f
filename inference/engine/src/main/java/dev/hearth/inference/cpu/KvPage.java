package dev.hearth.inference.cpu;

/**
 * Keys and values of {@link #POSITIONS} tokens of one layer.
 *
 * <p>Keys lie [kvHead][dim][position] and values [kvHead][position][dim], so that both products of
 * attention (query x keys, weights x values) are plain row-major matrix products whose vectors run
 * along positions and along dims: no horizontal sums.
 */
final class KvPage {

  /** Tokens of a page; a multiple of every vector width. */
  static final int POSITIONS = 128;

  private final int kvHeads;
  private final int headDim;
  private final float[] keys;
  private final float[] values;
  private final short[] halfKeys;
  private final short[] halfValues;
  private final boolean half;

  KvPage(int kvHeads, int headDim, boolean half) {
    this.kvHeads = kvHeads;
    this.headDim = headDim;
    this.half = half;
    int size = kvHeads * headDim * POSITIONS;
    keys = new float[half ? 0 : size];
    values = new float[half ? 0 : size];
    halfKeys = new short[half ? size : 0];
    halfValues = new short[half ? size : 0];
  }

  /** Stores one token's keys and values at an index within the page. */
  void put(int index, float[] key, int keyAt, float[] value, int valueAt) {
    for (int head = 0; head < kvHeads; head++) {
      int keysAt = head * headDim * POSITIONS + index;
      int valuesAt = (head * POSITIONS + index) * headDim;
      int from = head * headDim;
      if (half) {
        for (int d = 0; d < headDim; d++) {
          halfKeys[keysAt + d * POSITIONS] = Float.floatToFloat16(key[keyAt + from + d]);
          halfValues[valuesAt + d] = Float.floatToFloat16(value[valueAt + from + d]);
        }
      } else {
        for (int d = 0; d < headDim; d++) {
          keys[keysAt + d * POSITIONS] = key[keyAt + from + d];
        }
        System.arraycopy(value, valueAt + from, values, valuesAt, headDim);
      }
    }
  }

  /** Index in the keys (and in the values) where a head begins. */
  int headAt(int head) {
    return half ? 0 : head * headDim * POSITIONS;
  }

  /** Keys of a head as floats, from {@link #headAt}. */
  float[] keys(int head, Kernels kernels, float[] scratch) {
    return half ? widen(halfKeys, head, kernels, scratch) : keys;
  }

  /** Values of a head as floats, from {@link #headAt}. */
  float[] values(int head, Kernels kernels, float[] scratch) {
    return half ? widen(halfValues, head, kernels, scratch) : values;
  }

  private float[] widen(short[] stored, int head, Kernels kernels, float[] scratch) {
    int size = headDim * POSITIONS;
    kernels.widen(stored, head * size, scratch, 0, size);
    return scratch;
  }

  /** Becomes a copy. */
  void copyFrom(KvPage other) {
    System.arraycopy(other.keys, 0, keys, 0, keys.length);
    System.arraycopy(other.values, 0, values, 0, values.length);
    System.arraycopy(other.halfKeys, 0, halfKeys, 0, halfKeys.length);
    System.arraycopy(other.halfValues, 0, halfValues, 0, halfValues.length);
  }

  /** Number of bytes that a page takes. */
  static long bytes(int kvHeads, int headDim, boolean half) {
    return 2L * kvHeads * headDim * POSITIONS * (half ? Short.BYTES : Float.BYTES);
  }
}
