package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A matrix in the form of its kernel, packed once for all products with it. */
final class Panels {

  /** What a panel begins at: a line of the cache. */
  private static final int ALIGNMENT = 64;

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

  /** Byte of the panel of a row. */
  long at(int row) {
    return row / PanelKernel.ROWS * kernel.bytes(weight.columns());
  }

  /** Reads the stored rows and packs them into memory of the arena. */
  void load(WeightStore store, Arena arena) {
    if (kernel.asStored()) {
      memory = Native.of(store.data(weight));
      return;
    }
    int count = Math.ceilDiv(weight.rows(), PanelKernel.ROWS);
    long size = kernel.bytes(weight.columns());
    memory = Native.of(arena.allocate(count * size, ALIGNMENT));
    long rowBytes = weight.type().bytes(weight.columns());
    store.read(
        weight,
        stored -> {
          MemorySegment source = Native.of(stored);
          for (int panel = 0; panel < count; panel++) {
            int first = panel * PanelKernel.ROWS;
            int rows = Math.min(PanelKernel.ROWS, weight.rows() - first);
            kernel.pack(source, first * rowBytes, rows, weight.columns(), memory, panel * size);
          }
        });
  }
}
