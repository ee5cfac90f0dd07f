package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.LANES;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Panels for the Vector API. The columns are cut to chunks; of each a panel has the steps of the
 * rows' blocks, if the type has any (see {@link PanelSteps}), then the numbers by column: as many
 * of a row as an int holds, and those of the 16 rows side by side. So memory is read strictly in
 * order, without which the processor does not fetch it ahead.
 *
 * <p>A number becomes a float without a conversion: it is moved to the upper end of the mantissa
 * below a fixed exponent, where it reads as a power of two plus the number. What that adds to each
 * product (the type's surplus) is taken off again by way of the activation's sums. Where 16 floats
 * are several vectors, a panel is passed over once for each ("piece").
 *
 * <p>The bodies are written out, without helpers for vectors: one that the compiler declines to
 * inline makes objects of them. A body takes 8 columns a turn (16 for Q6_K); with 32 the compiler
 * gave up.
 */
abstract class VectorPanels implements PanelKernel {

  /**
   * Columns of a chunk: its steps and the activations of two rows stay in the first-level cache
   * beside what is streamed through it.
   */
  static final int CHUNK = 512;

  /** Where the work space has the factor of each block and row. */
  static final int STEPS = 2 * ROWS;

  /** How far behind a factor the addend is. */
  static final int LOWS = CHUNK / 16 * STRIP;

  /** Bytes of one int of each row. */
  static final int LINE = Integer.BYTES * STRIP;

  static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  final WeightType type;
  private final PanelSteps steps;

  VectorPanels(WeightType type, PanelSteps steps) {
    this.type = type;
    this.steps = steps;
  }

  /** Bytes of the numbers of a chunk. */
  abstract long numberBytes(int columns);

  /**
   * Packs the numbers of one row of a chunk.
   *
   * @param at stored block of the first column
   * @param to byte of the row's first int
   */
  abstract void packNumbers(
      MemorySegment weight, long at, int columns, MemorySegment panel, long to);

  /**
   * Adds the products of a chunk of a strip to {@code work} at {@code to}.
   *
   * @param at where the panel has the chunk's numbers, for the first row of the piece
   * @param count number of columns
   * @param xAt where the activation has the first of these columns
   * @param sumsAt where its sums have them
   * @param to where the results are
   */
  abstract void dot(
      MemorySegment panel,
      long at,
      int count,
      float[] x,
      int xAt,
      float[] sums,
      int sumsAt,
      int to,
      float[] work);

  /** The same for two activations, the second's to {@code work} at {@code ROWS + to}. */
  abstract void twoDots(
      MemorySegment panel,
      long at,
      int count,
      float[] x,
      int xAt,
      int yAt,
      float[] sums,
      int sumsAt,
      int moreAt,
      int to,
      float[] work);

  /**
   * Dequantises some columns of a chunk to {@code tile}, one every {@code stride} values.
   *
   * @param numbers where the panel has the chunk's numbers, for the first row of the piece
   * @param columns columns of the chunk
   * @param from first column within the chunk
   */
  abstract void fill(
      MemorySegment panel,
      long numbers,
      int columns,
      int from,
      int count,
      float[] tile,
      int tileAt,
      int stride,
      float[] work);

  /** Bytes of a chunk of a strip. */
  private long chunkBytes(int columns) {
    return steps.bytes(columns) + numberBytes(columns);
  }

  private static int strips(int rows) {
    return (rows + STRIP - 1) / STRIP;
  }

  @Override
  public final boolean asStored() {
    return false;
  }

  @Override
  public final void prepare(Activation in, int rows) {
    in.sums(rows);
  }

  @Override
  public final long bytes(int rows, int columns) {
    return strips(rows) * (columns / CHUNK * chunkBytes(CHUNK) + chunkBytes(columns % CHUNK));
  }

  @Override
  public final void pack(
      MemorySegment weight, long at, int rows, int columns, MemorySegment panel, long to) {
    for (int from = 0; from < columns; from += CHUNK) {
      int count = Math.min(CHUNK, columns - from);
      for (int row = 0; row < rows; row++) {
        long stored = at + row * type.bytes(columns) + type.bytes(from);
        long chunk = to + bytes(rows, from) + row / STRIP * chunkBytes(count);
        steps.pack(weight, stored, count, panel, chunk, row % STRIP);
        long first = chunk + steps.bytes(count) + (long) Integer.BYTES * (row % STRIP);
        packNumbers(weight, stored, count, panel, first);
      }
    }
  }

  @Override
  public final void multiply(
      MemorySegment panel, long at, int rows, int columns, Activation in, int row, float[] work) {
    float[] x = in.values;
    float[] sums = in.sums(row + 1);
    int xAt = row * columns;
    Arrays.fill(work, 0, ROWS, 0);
    int strips = strips(rows);
    long chunk = at;
    for (int from = 0; from < columns; from += CHUNK) {
      int count = Math.min(CHUNK, columns - from);
      int first = xAt + from;
      long stepBytes = steps.bytes(count);
      for (int strip = 0; strip < strips; strip++) {
        for (int piece = 0; piece < STRIP; piece += LANES) {
          steps.read(panel, chunk, count, 0, count, piece, work);
          long numbers = chunk + stepBytes + (long) Integer.BYTES * piece;
          dot(panel, numbers, count, x, first, sums, first / GROUP, strip * STRIP + piece, work);
        }
        chunk += chunkBytes(count);
      }
    }
  }

  @Override
  public final void multiplyTwo(
      MemorySegment panel, long at, int rows, int columns, Activation in, int row, float[] work) {
    float[] x = in.values;
    float[] sums = in.sums(row + 2);
    int xAt = row * columns;
    Arrays.fill(work, 0, 2 * ROWS, 0);
    int strips = strips(rows);
    long chunk = at;
    for (int from = 0; from < columns; from += CHUNK) {
      int count = Math.min(CHUNK, columns - from);
      int first = xAt + from;
      int second = first + columns;
      long stepBytes = steps.bytes(count);
      for (int strip = 0; strip < strips; strip++) {
        for (int piece = 0; piece < STRIP; piece += LANES) {
          steps.read(panel, chunk, count, 0, count, piece, work);
          twoDots(
              panel,
              chunk + stepBytes + (long) Integer.BYTES * piece,
              count,
              x,
              first,
              second,
              sums,
              first / GROUP,
              second / GROUP,
              strip * STRIP + piece,
              work);
        }
        chunk += chunkBytes(count);
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
    long chunk = at + bytes(rows, from - within) + strip * chunkBytes(size);
    for (int piece = 0; piece < STRIP; piece += LANES) {
      steps.read(panel, chunk, size, within, count, piece, work);
      long numbers = chunk + steps.bytes(size) + (long) Integer.BYTES * piece;
      fill(panel, numbers, size, within, count, tile, tileAt + piece, stride, work);
    }
  }
}
