package dev.hearth.inference.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of a slot, rows x width, and what products derive from them: their packed form for
 * many rows (tiles of {@link #TILE} rows, each as [column][row of the tile]), the sums of its
 * halves, their sums by {@link PanelKernel#GROUP}, their lookup tables. Each is made when first
 * asked for and forgotten when the slot is written.
 */
final class Activation {

  /**
   * Memory of the lookup tables of all slots of a session, of which one at a time has some: what
   * the last product has read is still in the cache when the next tables are written.
   */
  static final class Tables {

    /** Null until somebody asks, as it cannot be without the Vector API. */
    private @Nullable LookupTables memory;

    private @Nullable Activation owner;
    private int rows;

    private LookupTables of(Activation activation, int wanted) {
      LookupTables present = memory;
      if (present != null && owner == activation && rows >= wanted) {
        return present;
      }
      int values = Math.multiplyExact(wanted, activation.width);
      if (present == null || present.capacity() < values) {
        present = new LookupTables(values);
        memory = present;
      }
      present.fill(activation.values, values);
      owner = activation;
      rows = wanted;
      return present;
    }

    private void forget(Activation activation) {
      if (owner == activation) {
        owner = null;
      }
    }
  }

  /** Rows of a tile. */
  static final int TILE = 8;

  /** Columns packed at a time: what is written stays in the first-level cache. */
  private static final int COLUMNS = 64;

  /** Fewest values worth sharing among threads. */
  private static final int WORTH_SHARING = 1 << 16;

  final int width;
  float[] values;
  private float[] packed = {};
  private int packedRows;
  private float[] strassenSums = {};
  private int strassenRows;
  private float[] sums = {};
  private int summedRows;
  private final Tables tables;

  /** With lookup tables of its own. */
  Activation(int width, int rows) {
    this(width, rows, new Tables());
  }

  /** With lookup tables that others use too. */
  Activation(int width, int rows, Tables tables) {
    this.width = width;
    this.tables = tables;
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
    packedRows = 0;
    strassenRows = 0;
    summedRows = 0;
    tables.forget(this);
  }

  /** Tables of the first rows; value c of row r is value {@code r * width + c} of them. */
  LookupTables tables(int rows) {
    return tables.of(this, rows);
  }

  /**
   * The sums of each {@link PanelKernel#GROUP} values of the first rows; group g of row r at {@code
   * r * width / GROUP + g}. The width must be a multiple of it.
   */
  float[] sums(int rows) {
    if (summedRows < rows) {
      int count = rows * width / PanelKernel.GROUP;
      if (sums.length < count) {
        sums = new float[count];
      }
      for (int i = 0; i < count; i++) {
        int at = i * PanelKernel.GROUP;
        sums[i] =
            values[at]
                + values[at + 1]
                + (values[at + 2] + values[at + 3])
                + (values[at + 4] + values[at + 5] + (values[at + 6] + values[at + 7]));
      }
      summedRows = rows;
    }
    return sums;
  }

  /**
   * The packed form of the first rows; rows that the last tile lacks are zero. Column c of tile t
   * begins at {@code (t * width + c) * TILE}.
   */
  float[] packed(int rows, Workers workers) {
    if (packedRows != rows) {
      int size = Math.multiplyExact(Math.ceilDiv(rows, TILE) * TILE, width);
      if (packed.length < size) {
        packed = new float[size];
      }
      int blocks = Math.ceilDiv(width, COLUMNS);
      int chunks = size < WORTH_SHARING ? 1 : Math.min(blocks, 4 * workers.size());
      int share = Math.ceilDiv(blocks, chunks);
      workers.run(
          Math.ceilDiv(blocks, share),
          (chunk, worker) -> pack(rows, chunk * share, Math.min(blocks, (chunk + 1) * share)));
      packedRows = rows;
    }
    return packed;
  }

  /** The sums of halves of the packed first rows, see {@link Strassen#sum}. */
  float[] strassenSums(int rows, Kernels kernels, Workers workers) {
    if (strassenRows != rows) {
      float[] from = packed(rows, workers);
      int size = Strassen.sumsSize(rows, width);
      if (strassenSums.length < size) {
        strassenSums = new float[size];
      }
      workers.run(
          Math.ceilDiv(width, Strassen.DEPTH),
          (block, worker) ->
              Strassen.sum(kernels, from, rows, width, block * Strassen.DEPTH, strassenSums));
      strassenRows = rows;
    }
    return strassenSums;
  }

  private void pack(int rows, int fromBlock, int toBlock) {
    for (int tile = 0; tile * TILE < rows; tile++) {
      int count = Math.min(TILE, rows - tile * TILE);
      for (int block = fromBlock; block < toBlock; block++) {
        int from = block * COLUMNS;
        int to = Math.min(width, from + COLUMNS);
        int at = (tile * width + from) * TILE;
        if (count < TILE) {
          Arrays.fill(packed, at, at + (to - from) * TILE, 0);
        }
        for (int row = 0; row < count; row++) {
          scatter((tile * TILE + row) * width + from, to - from, at + row);
        }
      }
    }
  }

  private void scatter(int from, int count, int to) {
    for (int i = 0; i < count; i++) {
      packed[to + i * TILE] = values[from + i];
    }
  }
}
