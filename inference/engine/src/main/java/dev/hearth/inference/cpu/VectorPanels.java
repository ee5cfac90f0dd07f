package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.LANES;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Panels for the Vector API: the steps of the rows' blocks, if the type has any (see {@link
 * PanelSteps}), then their numbers by column: as many of a row as an int holds, and those of the 16
 * rows side by side.
 *
 * <p>A number becomes a float without a conversion: it is moved to the upper end of the mantissa
 * below a fixed exponent, where it reads as a power of two plus the number. What that adds to each
 * product (the type's surplus) is taken off again by way of the activation's sums. Where 16 floats
 * are several vectors, a panel is passed over once for each ("piece").
 *
 * <p>The bodies are written out, without helpers for vectors: one that the compiler declines to
 * inline makes objects of them. A body takes 8 columns a turn at most, or the compiler gives up on
 * it.
 */
abstract class VectorPanels implements PanelKernel {

  /** Most columns whose steps are read at once: they stay in the first-level cache. */
  static final int CHUNK = 1024;

  /** Where the work space has the factor of each block and row. */
  static final int STEPS = 2 * ROWS;

  /** How far behind a factor the addend is. */
  static final int LOWS = CHUNK / 16 * ROWS;

  /** Bytes of one int of each row. */
  static final int LINE = Integer.BYTES * ROWS;

  static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  final WeightType type;
  private final PanelSteps steps;

  VectorPanels(WeightType type, PanelSteps steps) {
    this.type = type;
    this.steps = steps;
  }

  /** Bytes of the numbers of a panel. */
  abstract long numberBytes(int columns);

  /** Packs the numbers of one row; the row's place among the 16 is in {@code to} already. */
  abstract void packNumbers(
      MemorySegment weight, long at, int columns, MemorySegment panel, long to);

  /**
   * Adds the products of some columns to {@code work} at {@code piece}.
   *
   * @param numbers byte of the panel where its numbers begin, for the first row of the piece
   * @param columns length of a row
   * @param from first column
   * @param count number of columns
   * @param xAt where the activation has the first of these columns
   * @param sumsAt where its sums have them
   */
  abstract void dot(
      MemorySegment panel,
      long numbers,
      int columns,
      int from,
      int count,
      float[] x,
      int xAt,
      float[] sums,
      int sumsAt,
      int piece,
      float[] work);

  /** The same for two activations, the second's to {@code work} at {@code ROWS + piece}. */
  abstract void twoDots(
      MemorySegment panel,
      long numbers,
      int columns,
      int from,
      int count,
      float[] x,
      int xAt,
      int yAt,
      float[] sums,
      int sumsAt,
      int moreAt,
      int piece,
      float[] work);

  /** Dequantises some columns to {@code tile}, one every {@code stride} values. */
  abstract void fill(
      MemorySegment panel,
      long numbers,
      int columns,
      int from,
      int count,
      float[] tile,
      int tileAt,
      int stride,
      int piece,
      float[] work);

  @Override
  public final boolean asStored() {
    return false;
  }

  @Override
  public final long bytes(int columns) {
    return steps.bytes(columns) + numberBytes(columns);
  }

  @Override
  public final void pack(
      MemorySegment weight, long at, int rows, int columns, MemorySegment panel, long to) {
    long numbers = to + steps.bytes(columns);
    for (int row = 0; row < rows; row++) {
      long from = at + row * type.bytes(columns);
      steps.pack(weight, from, columns, panel, to, row);
      packNumbers(weight, from, columns, panel, numbers + (long) Integer.BYTES * row);
    }
  }

  @Override
  public final void multiply(
      MemorySegment panel,
      long at,
      int rows,
      int columns,
      float[] x,
      int xAt,
      float[] sums,
      float[] work) {
    long numbers = at + steps.bytes(columns);
    for (int piece = 0; piece < ROWS; piece += LANES) {
      FloatVector.zero(FLOATS).intoArray(work, piece);
      for (int from = 0; from < columns; from += CHUNK) {
        int count = Math.min(CHUNK, columns - from);
        int first = xAt + from;
        steps.read(panel, at, columns, from, count, piece, work);
        dot(
            panel,
            numbers + (long) Integer.BYTES * piece,
            columns,
            from,
            count,
            x,
            first,
            sums,
            first / GROUP,
            piece,
            work);
      }
    }
  }

  @Override
  public final void multiplyTwo(
      MemorySegment panel,
      long at,
      int rows,
      int columns,
      float[] x,
      int xAt,
      float[] sums,
      float[] work) {
    long numbers = at + steps.bytes(columns);
    for (int piece = 0; piece < ROWS; piece += LANES) {
      FloatVector.zero(FLOATS).intoArray(work, piece);
      FloatVector.zero(FLOATS).intoArray(work, ROWS + piece);
      for (int from = 0; from < columns; from += CHUNK) {
        int count = Math.min(CHUNK, columns - from);
        int first = xAt + from;
        steps.read(panel, at, columns, from, count, piece, work);
        twoDots(
            panel,
            numbers + (long) Integer.BYTES * piece,
            columns,
            from,
            count,
            x,
            first,
            first + columns,
            sums,
            first / GROUP,
            (first + columns) / GROUP,
            piece,
            work);
      }
    }
  }

  @Override
  public final void unpack(
      MemorySegment panel,
      long at,
      int rows,
      int columns,
      int from,
      int count,
      float[] tile,
      int tileAt,
      int stride,
      float[] work) {
    long numbers = at + steps.bytes(columns);
    for (int piece = 0; piece < ROWS; piece += LANES) {
      steps.read(panel, at, columns, from, count, piece, work);
      long first = numbers + (long) Integer.BYTES * piece;
      fill(panel, first, columns, from, count, tile, tileAt + piece, stride, piece, work);
    }
  }
}
