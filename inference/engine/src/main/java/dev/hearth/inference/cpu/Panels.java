package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A matrix in the form of its kernel, packed once for all products with it. */
final class Panels {

  private final Weight weight;
  private final PanelKernel kernel;
  private MemorySegment memory = MemorySegment.NULL;

  Panels(Weight weight, PanelKernel kernel) {
    this.weight = weight;
    this.kernel = kernel;
  }

  Weight weight() {
    return weight;
  }

  PanelKernel kernel() {
    return kernel;
  }

  /** The panels, one after the other. */
  MemorySegment memory() {
    return memory;
  }

  /** How many rows the panel of a row has. */
  int rows(int row) {
    return Math.min(PanelKernel.ROWS, weight.rows() - row / PanelKernel.ROWS * PanelKernel.ROWS);
  }

  /** Byte of the panel of a row. */
  long at(int row) {
    return row / PanelKernel.ROWS * kernel.bytes(PanelKernel.ROWS, weight.columns());
  }

  /** Reads the stored rows and packs them into memory of the arena. */
  void load(WeightStore store, Arena arena) {
    if (kernel.asStored()) {
      memory = Native.of(store.data(weight));
      return;
    }
    int last = (weight.rows() - 1) / PanelKernel.ROWS * PanelKernel.ROWS;
    long size = at(last) + kernel.bytes(rows(last), weight.columns());
    memory = Native.of(Native.allocate(size, arena));
    long rowBytes = weight.type().bytes(weight.columns());
    store.read(
        weight,
        stored -> {
          MemorySegment source = Native.of(stored);
          for (int row = 0; row <= last; row += PanelKernel.ROWS) {
            kernel.pack(source, row * rowBytes, rows(row), weight.columns(), memory, at(row));
          }
        });
  }
}
