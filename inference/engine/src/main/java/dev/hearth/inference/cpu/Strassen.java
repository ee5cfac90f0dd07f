package dev.hearth.inference.cpu;

import java.util.Arrays;

/**
 * Products of many packed rows with tiles of dequantised weights, by one level of Strassen's method
 * in Winograd's form: rows, columns and weight rows are halved, and seven products of halves, each
 * with sums of halves, take the place of eight. That is an eighth fewer multiply-adds, which bound
 * a prompt; the sums cost little: those of the rows are made once for all weights, those of the
 * weights while they are first multiplied, and those of the products once for all columns.
 *
 * <p>With A the rows, B the weights and C the results, in halves:
 *
 * <pre>
 *   S1 = A21 + A22   S2 = S1 - A11    S3 = A11 - A21   S4 = A12 - S2
 *   T1 = B12 - B11   T2 = B22 - T1    T3 = B22 - B12   T4 = T2 - B21
 *   P1 = A11 B11   P2 = A12 B21   P3 = S4 B22   P4 = A22 T4   P5 = S1 T1   P6 = S2 T2   P7 = S3 T3
 *   C11 = P1 + P2             C12 = P1 + P6 + P5 + P3
 *   C21 = P1 + P6 + P7 - P4   C22 = P1 + P6 + P7 + P5
 * </pre>
 *
 * <p>Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, section
 * 23.1 for the method and 23.2.2 for its error, which is bounded by the norms of A and B instead of
 * element by element.
 *
 * <p>An odd tile of {@link Activation#TILE} rows at the end is multiplied as it is.
 */
final class Strassen {

  /** Weight rows of a block: two tiles of {@link Kernels#TILE_COLUMNS}. */
  static final int ROWS = 2 * Kernels.TILE_COLUMNS;

  /** Columns of a block; half of them make a tile of 32 KB. */
  static final int DEPTH = 512;

  /** Most columns that are dequantised in one call. */
  private static final int UNPACKED = 256;

  private static final int TILE = Activation.TILE;
  private static final int WIDE = Kernels.TILE_COLUMNS;

  /** Values of the results of one tile of rows. */
  private static final int UNIT = TILE * WIDE;

  /** Where the upper halves of the weights' rows end and the lower begin. */
  private static final int LOWER = DEPTH * WIDE;

  private static final float[] NONE = {};

  private final Kernels kernels;
  private final Panels panels;
  private final Activation in;
  private final int width;
  private int rows;

  /** Tiles of rows in a half. */
  private int pairs;

  private float[] packed = NONE;
  private float[] sums = NONE;

  Strassen(Kernels kernels, Panels panels, Activation in) {
    this.kernels = kernels;
    this.panels = panels;
    this.in = in;
    width = in.width;
  }

  /** Whether it can multiply so many rows of this length: there must be halves. */
  static boolean fits(int rows, int width) {
    return rows > TILE && width % 2 == 0;
  }

  /** Gets ready for so many rows. */
  void prepare(int count, Workers workers) {
    rows = count;
    pairs = pairs(count);
    packed = in.packed(count, workers);
    sums = in.strassenSums(count, kernels, workers);
  }

  /** Tiles in a half of so many rows. */
  static int pairs(int rows) {
    return Math.ceilDiv(rows, TILE) / 2;
  }

  /** Size of the sums of so many rows. */
  static int sumsSize(int rows, int width) {
    return Math.multiplyExact(2 * pairs(rows) * TILE, width);
  }

  /**
   * Writes the sums S1 to S4 of some columns.
   *
   * @param packed rows as {@link Activation#packed} has them
   * @param column first column, a multiple of {@link #DEPTH}; as many are taken
   * @param sums of {@link #sumsSize}: four parts; column c of tile t is in each at {@code (t *
   *     width / 2 + c) * 8}, c counted within the first halves of all blocks
   */
  static void sum(Kernels kernels, float[] packed, int rows, int width, int column, float[] sums) {
    int pairs = pairs(rows);
    int part = pairs * width / 2 * TILE;
    int half = Math.min(DEPTH, width - column) / 2 * TILE;
    for (int tile = 0; tile < pairs; tile++) {
      int a11 = (tile * width + column) * TILE;
      int a12 = a11 + half;
      int a21 = a11 + pairs * width * TILE;
      int a22 = a21 + half;
      int s1 = (tile * width + column) / 2 * TILE;
      int s2 = s1 + part;
      int s3 = s2 + part;
      int s4 = s3 + part;
      kernels.add(packed, a21, packed, a22, sums, s1, half);
      kernels.subtract(sums, s1, packed, a11, sums, s2, half);
      kernels.subtract(packed, a11, packed, a21, sums, s3, half);
      kernels.subtract(packed, a12, sums, s2, sums, s4, half);
    }
  }

  /**
   * The products of all rows with {@link #ROWS} weight rows.
   *
   * @param first the first of them
   * @return the results: those of row r with the first and the second half of the weight rows, each
   *     {@link Kernels#TILE_COLUMNS} values, begin at {@link #at}
   */
  float[] multiply(int first, Scratch buffers) {
    float[] tiles = buffers.panel(2 * LOWER);
    float[] work = buffers.line(PanelKernel.WORK);
    int size = pairs * UNIT;
    float[] results = buffers.sums(7 * size + 2 * UNIT);
    Arrays.fill(results, 0, 7 * size + 2 * UNIT, 0);
    for (int column = 0; column < width; column += DEPTH) {
      int depth = Math.min(DEPTH, width - column);
      for (int row = 0; row < ROWS; row += PanelKernel.STRIP) {
        for (int from = 0; from < depth; from += UNPACKED) {
          int to = row / WIDE * LOWER + from * WIDE + row % WIDE;
          int count = Math.min(UNPACKED, depth - from);
          panels.unpack(first + row, column + from, count, tiles, to, work);
        }
      }
      multiplyLast(column, depth, tiles, results, 7 * size);
      multiplySeven(column, depth / 2, tiles, results, size);
    }
    combine(results, size);
    return results;
  }

  /** The rows of an odd tile at the end. */
  private void multiplyLast(int column, int depth, float[] tiles, float[] results, int to) {
    int tile = 2 * pairs;
    int count = rows - tile * TILE;
    if (count > 0) {
      int a = (tile * width + column) * TILE;
      kernels.multiplyPacked(packed, a, tiles, 0, results, to, count, depth);
      kernels.multiplyPacked(packed, a, tiles, LOWER, results, to + UNIT, count, depth);
    }
  }

  /** Adds the seven products of a block; the sums of the weights take the place of the weights. */
  private void multiplySeven(int column, int half, float[] tiles, float[] results, int size) {
    int b11 = 0;
    int b21 = half * WIDE;
    int b12 = LOWER;
    int b22 = LOWER + half * WIDE;
    int a11 = column * TILE;
    int a12 = a11 + half * TILE;
    int a22 = a12 + pairs * width * TILE;
    int part = pairs * width / 2 * TILE;
    int s1 = column / 2 * TILE;
    int s2 = s1 + part;
    int s3 = s2 + part;
    int s4 = s3 + part;
    int next = width * TILE;
    multiply(packed, a11, next, tiles, b11, results, 0, half);
    multiply(packed, a12, next, tiles, b21, results, size, half);
    multiply(sums, s4, next / 2, tiles, b22, results, 2 * size, half);
    int t1 = b11;
    multiplyDifference(sums, s1, next / 2, tiles, b12, b11, t1, results, 4 * size, half);
    int t3 = b12;
    multiplyDifference(sums, s3, next / 2, tiles, b22, b12, t3, results, 6 * size, half);
    int t2 = b22;
    multiplyDifference(sums, s2, next / 2, tiles, b22, t1, t2, results, 5 * size, half);
    int t4 = b21;
    multiplyDifference(packed, a22, next, tiles, t2, b21, t4, results, 3 * size, half);
  }

  private void multiply(
      float[] a, int aAt, int next, float[] tiles, int b, float[] results, int to, int half) {
    for (int tile = 0; tile < pairs; tile++) {
      kernels.multiplyPacked(a, aAt + tile * next, tiles, b, results, to + tile * UNIT, TILE, half);
    }
  }

  /** Products with a difference of weights, which the first one makes. */
  private void multiplyDifference(
      float[] a,
      int aAt,
      int next,
      float[] tiles,
      int b,
      int minus,
      int difference,
      float[] results,
      int to,
      int half) {
    kernels.multiplyDifference(a, aAt, tiles, b, minus, difference, results, to, half);
    for (int tile = 1; tile < pairs; tile++) {
      int at = to + tile * UNIT;
      kernels.multiplyPacked(a, aAt + tile * next, tiles, difference, results, at, TILE, half);
    }
  }

  /** Makes results of the products: C11, C12, C21 and C22 in the second to the fifth. */
  private void combine(float[] p, int size) {
    int p2 = size;
    int p3 = 2 * size;
    int p4 = 3 * size;
    int p5 = 4 * size;
    int p6 = 5 * size;
    int p7 = 6 * size;
    kernels.add(p, 0, p, p2, p, p2, size);
    kernels.add(p, 0, p, p6, p, p6, size);
    kernels.add(p, p6, p, p7, p, p7, size);
    kernels.add(p, p3, p, p6, p, p3, size);
    kernels.add(p, p3, p, p5, p, p3, size);
    kernels.subtract(p, p7, p, p4, p, p4, size);
    kernels.add(p, p7, p, p5, p, p5, size);
  }

  /** Where the results of a row with a half (0, 1) of the weight rows begin. */
  int at(int row, int half) {
    int tile = row / TILE;
    int within = row % TILE * WIDE;
    if (tile == 2 * pairs) {
      return (7 * pairs + half) * UNIT + within;
    }
    int product = 1 + 2 * (tile / pairs) + half;
    return (product * pairs + tile % pairs) * UNIT + within;
  }
}
