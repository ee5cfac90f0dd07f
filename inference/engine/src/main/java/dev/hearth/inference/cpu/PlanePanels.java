package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorPanels.STEPS;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
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
 * <p>A line is 16 ints; int i holds 16 bits of row i of a strip below those of row i + 16. In a
 * chunk come the steps of the first 16 rows, those of the others (see {@link PanelSteps}), then the
 * numbers: of each 32 columns eight lines of four planes, column by fours (plane p has bits 4 p to
 * 4 p + 3), and the lines of the type's further planes.
 *
 * <p>A chunk is short and a panel high, so that tables stay in the first-level cache while memory
 * is streamed through it; where they do not, memory is read at half the speed.
 */
abstract class PlanePanels implements PanelKernel {

  /** Rows side by side. */
  static final int WIDE = 2 * STRIP;

  /** Columns of a chunk. */
  static final int CHUNK = 512;

  /** How far in the work space the steps of the second 16 rows are behind those of the first. */
  static final int SECOND = CHUNK / 16 * STRIP;

  /** Bytes of a line. */
  static final int LINE = Short.BYTES * WIDE;

  /** Columns of which the lines follow one another. */
  static final int BLOCK = 32;

  /** Columns of one index. */
  static final int FOUR = 4;

  static final VectorSpecies<Short> WORDS = ShortVector.SPECIES_512;
  static final VectorSpecies<Integer> PAIRS = IntVector.SPECIES_512;

  private static final long NIBBLES = 0x0F0F_0F0F_0F0F_0F0FL;

  final WeightType type;
  private final PanelSteps steps;

  /** Bytes of the lines of {@link #BLOCK} columns. */
  private final int blockBytes;

  PlanePanels(WeightType type, PanelSteps steps, int lines) {
    this.type = type;
    this.steps = steps;
    blockBytes = lines * LINE;
  }

  /** Whether this machine's vectors serve. */
  static boolean supported() {
    return FLOATS.vectorBitSize() == PAIRS.vectorBitSize();
  }

  /**
   * Packs the numbers of one row of a chunk.
   *
   * @param at stored block of the first column
   * @param to the row's place in the first line
   */
  abstract void packNumbers(
      MemorySegment weight, long at, int columns, MemorySegment panel, long to);

  /**
   * Adds the products of a chunk of a strip to {@code work} at {@code to}.
   *
   * @param at where the panel has the chunk's numbers
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
   * @param at where the panel has the lines of the first column
   * @param shift bits to pass over in each int: 0 for the first 16 rows, 16 for the others
   */
  abstract void fill(
      MemorySegment panel,
      long at,
      int shift,
      int count,
      float[] tile,
      int tileAt,
      int stride,
      float[] work);

  private long chunkBytes(int columns) {
    return 2 * steps.bytes(columns) + (long) columns / BLOCK * blockBytes;
  }

  private static int strips(int rows) {
    return (rows + WIDE - 1) / WIDE;
  }

  @Override
  public final boolean asStored() {
    return false;
  }

  @Override
  public final void prepare(Activation in, int rows) {
    in.tables(rows);
  }

  @Override
  public final long bytes(int rows, int columns) {
    return strips(rows) * (columns / CHUNK * chunkBytes(CHUNK) + chunkBytes(columns % CHUNK));
  }

  @Override
  public final void pack(
      MemorySegment weight, long at, int rows, int columns, MemorySegment panel, long to) {
    for (int row = 0; row < rows; row++) {
      int lane = row % STRIP;
      int half = row / STRIP % 2;
      for (int from = 0; from < columns; from += CHUNK) {
        int count = Math.min(CHUNK, columns - from);
        long stored = at + row * type.bytes(columns) + type.bytes(from);
        long chunk = to + bytes(rows, from) + row / WIDE * chunkBytes(count);
        steps.pack(weight, stored, count, panel, chunk + half * steps.bytes(count), lane);
        long place = (long) Integer.BYTES * lane + (long) Short.BYTES * half;
        packNumbers(weight, stored, count, panel, chunk + 2 * steps.bytes(count) + place);
      }
    }
  }

  /**
   * Packs the lower four bits of 16 numbers.
   *
   * @param bytes holds a number in the lower and another in the upper half of each byte
   * @param lower place of the first four of the lower ones
   * @param upper likewise for the upper ones
   */
  static void packNibbles(long bytes, MemorySegment panel, long lower, long upper) {
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
   * @param to place of the first four numbers of lower halves
   * @param apart how far those of upper halves are behind
   */
  static void pack(
      MemorySegment weight, long from, int n, MemorySegment panel, long to, long apart) {
    for (int i = 0; i < n; i++) {
      long lower = to + 2L * LINE * i;
      packNibbles(weight.get(Layouts.LONG, from + 8L * i), panel, lower, lower + apart);
    }
  }

  /** The numbers of 256-value blocks: 32 bytes for 64 values, first half in the lower bits. */
  static void packK(
      MemorySegment weight,
      long at,
      int stride,
      int columns,
      MemorySegment panel,
      long to,
      int lines) {
    for (int part = 0; part < columns / 64; part++) {
      long from = at + (long) stride * (part / 4) + 32L * (part % 4);
      long block = (long) lines * LINE;
      pack(weight, from, 4, panel, to + 2 * block * part, block);
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
        long numbers = read(panel, chunk, count, work);
        dot(panel, numbers, count, tables, row * columns + from, WIDE * strip, work);
        chunk += chunkBytes(count);
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
        long numbers = read(panel, chunk, count, work);
        twoDots(panel, numbers, count, tables, first, first + columns, WIDE * strip, work);
        chunk += chunkBytes(count);
      }
    }
  }

  /** Reads the steps of a chunk of a strip; returns where its numbers are. */
  private long read(MemorySegment panel, long chunk, int count, float[] work) {
    long size = steps.bytes(count);
    steps.read(panel, chunk, count, 0, count, 0, work, STEPS);
    steps.read(panel, chunk + size, count, 0, count, 0, work, STEPS + SECOND);
    return chunk + 2 * size;
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
    int half = strip % 2;
    long chunk = at + bytes(rows, from - within) + strip / 2 * chunkBytes(size);
    long stepBytes = steps.bytes(size);
    steps.read(panel, chunk + half * stepBytes, size, within, count, 0, work, STEPS);
    long lines = chunk + 2 * stepBytes + (long) within / BLOCK * blockBytes;
    fill(panel, lines, 16 * half, count, tile, tileAt, stride, work);
  }
}
