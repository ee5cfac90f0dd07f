package dev.hearth.inference.cpu;

import java.lang.foreign.MemorySegment;

/**
 * The kernels of one weight type. They work on panels of {@value #ROWS} rows of a matrix, in a form
 * of their own into which stored rows are packed once: {@value #STRIP} rows side by side, so that
 * vectors run along the rows, a product needs no sum over lanes, and a panel is read from memory
 * front to back.
 */
interface PanelKernel {

  /** Most rows of a panel: they use the same part of an activation while it is in the cache. */
  int ROWS = 256;

  /** Rows side by side. */
  int STRIP = 16;

  /** Values of an activation of which products take the sum, see {@link Activation#sums}. */
  int GROUP = 8;

  /** Size of the work space of products and {@link #unpack}; results are at its beginning. */
  int WORK = 2 * ROWS + 2 * VectorPanels.CHUNK / 16 * STRIP;

  /** Whether panels are the rows as they are stored; then there is nothing to pack. */
  boolean asStored();

  /**
   * How many rows it takes until dequantising weights in blocks, once for all rows, is faster than
   * products with two rows at a time; measured from memory.
   */
  default int fewestInBlocks() {
    return 11;
  }

  /** Derives from the first rows of an activation what products with them need. */
  void prepare(Activation in, int rows);

  /** Bytes of a panel of so many rows, of this length. */
  long bytes(int rows, int columns);

  /**
   * Packs stored rows into a panel; rows that the last strip lacks become zero.
   *
   * @param weight stored rows, the first from byte {@code at}
   * @param rows how many there are, at most {@link #ROWS}
   * @param columns length of a row
   * @param panel receives the panel from byte {@code to}, which is zero before
   */
  void pack(MemorySegment weight, long at, int rows, int columns, MemorySegment panel, long to);

  /**
   * The products of a panel's rows and an activation, which {@code work} holds from 0.
   *
   * @param panel panels, this one from byte {@code at}
   * @param rows how many rows it has
   * @param columns length of a row
   * @param in holds the activation and is {@linkplain #prepare prepared} for its row
   * @param row which row of {@code in} it is
   * @param work work space
   */
  void multiply(
      MemorySegment panel, long at, int rows, int columns, Activation in, int row, float[] work);

  /**
   * The same for the activations of a row and the next: {@code work} holds the products of the
   * second from {@link #ROWS}. Each has the same bits as alone.
   */
  void multiplyTwo(
      MemorySegment panel, long at, int rows, int columns, Activation in, int row, float[] work);

  /**
   * Dequantises some columns of a strip of a panel.
   *
   * @param rows rows of the panel
   * @param strip which strip
   * @param from first column, a multiple of 256
   * @param count number of columns, a multiple of the block size; at most 256
   * @param tile receives column c of the strip's row r at {@code tileAt + (c - from) * stride + r}
   */
  void unpack(
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
      float[] work);
}
