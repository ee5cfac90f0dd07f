package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Panels of bit planes for 512-bit vectors, of the types with less than eight bits. Of four columns
 * a row has four bits for each bit of their numbers, and these four bits are an index into the
 * activation's {@link LookupTables}: one lookup gives the sum of four products with a bit, for 32
 * rows at once. Sums stay whole numbers within a block, in 16 bits; then the planes are put
 * together.
 *
 * <p>A line is 16 ints; int i holds 16 bits of row i of a strip below those of row i + 16. A line
 * for four columns has four planes: plane p in bits 4 p to 4 p + 3, the first column in the lowest.
 * Lines come in the order in which they are read, without which memory is read at half the speed;
 * so it is, too, where tables do not stay in the first-level cache, and therefore a chunk of
 * columns is short and a panel high.
 */
abstract class PlanePanels implements PanelKernel {

  /** Rows side by side. */
  static final int WIDE = 2 * STRIP;

  /** Columns of a chunk. */
  static final int CHUNK = 256;

  /** Bytes of a line. */
  static final int LINE = Short.BYTES * WIDE;

  /** Columns whose activations share a scale. */
  static final int BLOCK = LookupTables.BLOCK;

  /** Columns of one index. */
  static final int FOUR = 4;

  static final VectorSpecies<Short> WORDS = ShortVector.SPECIES_512;
  static final VectorSpecies<Integer> PAIRS = IntVector.SPECIES_512;

  /** A half shifted left by 13 has these bits, and is worth this much more as a float. */
  static final int HALF_BITS = 0x8FFF_E000;

  static final float HALF_TO_FLOAT = 0x1p112f;

  /** The lower half of each byte. */
  static final long NIBBLES = 0x0F0F_0F0F_0F0F_0F0FL;

  private final WeightType type;

  /** Bytes of the lines of a block of the type. */
  private final int blockBytes;

  /** With the number of lines of a block of the type. */
  PlanePanels(WeightType type, int lines) {
    this.type = type;
    blockBytes = lines * LINE;
  }

  /** Whether this machine's vectors serve. */
  static boolean supported() {
    return FLOATS.vectorBitSize() == PAIRS.vectorBitSize();
  }

  /**
   * Packs a block of one row.
   *
   * @param at where the stored block is
   * @param to where the block's lines begin
   * @param lane of the row in its half of the strip
   * @param half 0 for the first 16 rows of the strip, 1 for the others
   */
  abstract void pack(
      MemorySegment weight, long at, MemorySegment panel, long to, int lane, int half);

  /**
   * Adds the products of a chunk of a strip to {@code work} at {@code to}.
   *
   * @param at where the panel has the chunk
   * @param count number of columns
   * @param tables of the activation
   * @param first index of the first column among the values of the tables
   */
  abstract void dot(
      MemorySegment panel,
      long at,
      int count,
      LookupTables tables,
      int first,
      int to,
      float[] work);

  /** The same for two activations, the second's to {@code work} at {@code ROWS + to}. */
  abstract void twoDots(
      MemorySegment panel,
      long at,
      int count,
      LookupTables tables,
      int first,
      int second,
      int to,
      float[] work);

  /**
   * Dequantises columns of 16 rows of a strip.
   *
   * @param at where the panel has the first column's block
   * @param shift bits to pass over in each int: 0 for the first 16 rows, 16 for the others
   */
  abstract void fill(
      MemorySegment panel, long at, int shift, int count, float[] tile, int tileAt, int stride);

  /** Bytes of so many columns of a strip. */
  private long stripBytes(int columns) {
    return (long) columns / type.blockValues() * blockBytes;
  }

  private static int strips(int rows) {
    return (rows + WIDE - 1) / WIDE;
  }

  @Override
  public final boolean asStored() {
    return false;
  }

  @Override
  public final int fewestInBlocks() {
    return 20;
  }

  @Override
  public final void prepare(Activation in, int rows) {
    in.tables(rows);
  }

  @Override
  public final long bytes(int rows, int columns) {
    return strips(rows) * stripBytes(columns);
  }

  @Override
  public final void pack(
      MemorySegment weight, long at, int rows, int columns, MemorySegment panel, long to) {
    int values = type.blockValues();
    for (int row = 0; row < rows; row++) {
      long stored = at + row * type.bytes(columns);
      for (int column = 0; column < columns; column += values) {
        int from = column / CHUNK * CHUNK;
        long chunk = to + bytes(rows, from);
        long strip = row / WIDE * stripBytes(Math.min(CHUNK, columns - from));
        long lines = chunk + strip + stripBytes(column - from);
        pack(weight, stored, panel, lines, row % STRIP, row / STRIP % 2);
        stored += type.blockBytes();
      }
    }
  }

  /** Packs the numbers in the lower and in the upper half of eight bytes. */
  private static void packNibbles(long bytes, MemorySegment panel, long lower, long upper) {
    long planes =
        planes(Long.compress(bytes, NIBBLES) | (Long.compress(bytes, NIBBLES << 4) << 32));
    panel.set(Layouts.SHORT, lower, (short) planes);
    panel.set(Layouts.SHORT, lower + LINE, (short) (planes >>> 16));
    panel.set(Layouts.SHORT, upper, (short) (planes >>> 32));
    panel.set(Layouts.SHORT, upper + LINE, (short) (planes >>> 48));
  }

  /**
   * Packs the lower four bits of 16 n numbers.
   *
   * @param from where 8 n bytes are, a number in the lower and another in the upper half of each
   * @param n number of longs
   * @param to place of lower halves
   * @param apart how far those of upper halves are behind
   * @param others lines of other planes before the four lines of 16 numbers
   */
  static void packNibbles(
      MemorySegment weight,
      long from,
      int n,
      MemorySegment panel,
      long to,
      long apart,
      int others) {
    for (int i = 0; i < n; i++) {
      long lower = to + (long) LINE * (2 * i + others * (i / 2 + 1));
      packNibbles(weight.get(Layouts.LONG, from + 8L * i), panel, lower, lower + apart);
    }
  }

  /**
   * Packs the eight scales and eight minima of Q4_K and Q5_K, six bits each.
   *
   * @param from where their twelve bytes are
   * @param to place of the first scale; two bytes on is its minimum's
   * @param apart lines from one scale to the next
   */
  static void packSixes(MemorySegment weight, long from, MemorySegment panel, long to, int apart) {
    int first = weight.get(Layouts.INT, from);
    int second = weight.get(Layouts.INT, from + 4);
    int third = weight.get(Layouts.INT, from + 8);
    packFour(first & 0x3F3F3F3F, panel, to, apart);
    packFour(
        (third & 0x0F0F0F0F) | (first >>> 2 & 0x30303030), panel, to + 4L * apart * LINE, apart);
    packFour(second & 0x3F3F3F3F, panel, to + 2, apart);
    packFour(
        (third >>> 4 & 0x0F0F0F0F) | (second >>> 2 & 0x30303030),
        panel,
        to + 4L * apart * LINE + 2,
        apart);
  }

  private static void packFour(int four, MemorySegment panel, long to, int apart) {
    for (int i = 0; i < 4; i++) {
      panel.set(ValueLayout.JAVA_BYTE, to + (long) apart * LINE * i, (byte) (four >>> (8 * i)));
    }
  }

  /** Exchanges number and bit within each 16 bits that hold four numbers of four bits. */
  static long planes(long numbers) {
    long t = (numbers ^ (numbers >>> 3)) & 0x0A0A_0A0A_0A0A_0A0AL;
    long pairs = numbers ^ t ^ (t << 3);
    t = (pairs ^ (pairs >>> 6)) & 0x00CC_00CC_00CC_00CCL;
    return pairs ^ t ^ (t << 6);
  }

  @Override
  public final void multiply(
      MemorySegment panel, long at, int rows, int columns, Activation in, int row, float[] work) {
    LookupTables tables = in.tables(row + 1);
    Arrays.fill(work, 0, ROWS, 0);
    int strips = strips(rows);
    long chunk = at;
    for (int from = 0; from < columns; from += CHUNK) {
      int count = Math.min(CHUNK, columns - from);
      for (int strip = 0; strip < strips; strip++) {
        dot(panel, chunk, count, tables, row * columns + from, WIDE * strip, work);
        chunk += stripBytes(count);
      }
    }
  }

  @Override
  public final void multiplyTwo(
      MemorySegment panel, long at, int rows, int columns, Activation in, int row, float[] work) {
    LookupTables tables = in.tables(row + 2);
    Arrays.fill(work, 0, 2 * ROWS, 0);
    int strips = strips(rows);
    long chunk = at;
    for (int from = 0; from < columns; from += CHUNK) {
      int count = Math.min(CHUNK, columns - from);
      int first = row * columns + from;
      for (int strip = 0; strip < strips; strip++) {
        twoDots(panel, chunk, count, tables, first, first + columns, WIDE * strip, work);
        chunk += stripBytes(count);
      }
    }
  }

  @Override
  public final void unpack(
      MemorySegment panel,
      long at,
      int rows,
      int columns,
      int strip,
      int from,
      int count,
      float[] tile,
      int tileAt,
      int stride,
      float[] work) {
    int within = from % CHUNK;
    int size = Math.min(CHUNK, columns - (from - within));
    long chunk = at + bytes(rows, from - within) + strip / 2 * stripBytes(size);
    fill(panel, chunk + stripBytes(within), 16 * (strip % 2), count, tile, tileAt, stride);
  }
}
