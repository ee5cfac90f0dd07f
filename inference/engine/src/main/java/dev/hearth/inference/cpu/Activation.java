package dev.hearth.inference.cpu;

/**
 * The values of a slot, rows x width, and their 8-bit form for weight types that want it: blocks of
 * 32 values as whole numbers of -127 to 127 (kept as shorts, ready to multiply) and a scale. The
 * 8-bit form is made when first asked for and forgotten when the slot is written.
 */
final class Activation {

  static final int BLOCK = 32;

  final int width;
  float[] values;
  private short[] quants = {};
  private float[] scales = {};
  private float[] sums = {};
  private int quantisedRows;

  Activation(int width, int rows) {
    this.width = width;
    values = new float[Math.multiplyExact(rows, width)];
  }

  /** Makes room for rows; the values are lost if there was none. */
  void reserve(int rows) {
    int needed = Math.multiplyExact(rows, width);
    if (values.length < needed) {
      values = new float[needed];
    }
  }

  /** To be called after writing. */
  void written() {
    quantisedRows = 0;
  }

  /** Quantises the first rows unless that is done. */
  void quantise(Kernels kernels, int rows) {
    if (quantisedRows >= rows) {
      return;
    }
    if (quants.length < rows * width) {
      quants = new short[rows * width];
      scales = new float[rows * width / BLOCK];
      sums = new float[rows * width / BLOCK];
    }
    kernels.quantise(values, rows * width, quants, scales);
    for (int block = 0; block < rows * width / BLOCK; block++) {
      int sum = 0;
      for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
        sum += quants[i];
      }
      sums[block] = sum * scales[block];
    }
    quantisedRows = rows;
  }

  short[] quants() {
    return quants;
  }

  float[] scales() {
    return scales;
  }

  /** Sum of each block of the 8-bit form. */
  float[] sums() {
    return sums;
  }
}
