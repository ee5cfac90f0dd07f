package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A matrix in the form of its kernel, packed once for all products with it. */
final class Panels {

  /** Panels that a matrix should have, so that many threads find work. */
  private static final int SHARES = 8;

  /** Rows of a panel are a multiple of this, and at least {@link #LEAST}. */
  private static final int MULTIPLE = 32;

  private static final int LEAST = 64;

  private final Weight weight;
  private final PanelKernel kernel;
  private final int height;
  private MemorySegment memory = MemorySegment.NULL;

  Panels(Weight weight, PanelKernel kernel) {
    this.weight = weight;
    this.kernel = kernel;
    int share = Math.ceilDiv(weight.rows(), SHARES * MULTIPLE) * MULTIPLE;
    height = Math.clamp(share, LEAST, PanelKernel.ROWS);
  }

  Weight weight() {
    return weight;
  }

  PanelKernel kernel() {
    return kernel;
  }

  /** Rows of each panel but the last. */
  int height() {
    return height;
  }

  /** The panels, one after the other. */
  MemorySegment memory() {
    return memory;
  }

  /** How many rows the panel of a row has. */
  int rows(int row) {
    return Math.min(height, weight.rows() - row / height * height);
  }

  /** Byte of the panel of a row. */
  long at(int row) {
    return row / height * kernel.bytes(height, weight.columns());
  }

  /** Bytes of all panels. */
  long size() {
    int last = (weight.rows() - 1) / height * height;
    return at(last) + kernel.bytes(rows(last), weight.columns());
  }

  /** Takes panels that were packed before. */
  void take(MemorySegment packed) {
    memory = Native.of(packed);
  }

  /** Reads the stored rows and packs them into memory of the arena. */
  void load(WeightStore store, Arena arena) {
    if (kernel.asStored()) {
      memory = Native.of(store.data(weight));
      return;
    }
    memory = Native.of(Native.allocate(size(), arena));
    long rowBytes = weight.type().bytes(weight.columns());
    store.read(
        weight,
        stored -> {
          MemorySegment source = Native.of(stored);
          for (int row = 0; row < weight.rows(); row += height) {
            kernel.pack(source, row * rowBytes, rows(row), weight.columns(), memory, at(row));
          }
        });
  }

  /**
   * Dequantises some columns of the strip that begins with a row.
   *
   * @param column first column, a multiple of 256
   * @param count number of columns, a multiple of the block size; at most 256
   * @param tile receives column c of the strip's row r at {@code tileAt + (c - column) * 32 + r}
   * @param work of {@link PanelKernel#WORK} values
   */
  void unpack(int row, int column, int count, float[] tile, int tileAt, float[] work) {
    kernel.unpack(
        memory(),
        at(row),
        rows(row),
        weight.columns(),
        row % height / PanelKernel.STRIP,
        column,
        count,
        tile,
        tileAt,
        Kernels.TILE_COLUMNS,
        work);
  }
}
