package dev.hearth.inference.cpu;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/** A product of one row by the processor's panel kernel, to be timed beside the device's. */
public final class PanelRun implements AutoCloseable {

  private final Arena arena = Arena.ofShared();
  private final PanelKernel kernel;
  private final MemorySegment panels;
  private final int rows;
  private final int columns;
  private final Activation in;
  private final float[] out;

  /** Packs a matrix; the number of rows is a multiple of a panel's. */
  public PanelRun(WeightType type, int rows, int columns, MemorySegment stored, float[] x) {
    this.rows = rows;
    this.columns = columns;
    kernel = new VectorKernels().weight(type, columns);
    long panel = kernel.bytes(PanelKernel.ROWS, columns);
    panels = Native.of(arena.allocate(rows / PanelKernel.ROWS * panel, 64));
    for (int row = 0; row < rows; row += PanelKernel.ROWS) {
      long at = type.bytes((long) row * columns);
      kernel.pack(stored, at, PanelKernel.ROWS, columns, panels, row / PanelKernel.ROWS * panel);
    }
    in = new Activation(columns, 1);
    System.arraycopy(x, 0, in.values, 0, columns);
    out = new float[rows];
  }

  /** Runs once on two threads and returns the nanoseconds that it took. */
  public long run() {
    long start = System.nanoTime();
    in.written();
    kernel.prepare(in, 1);
    IntStream.range(0, 2).parallel().forEach(this::half);
    return System.nanoTime() - start;
  }

  private void half(int which) {
    int count = rows / PanelKernel.ROWS;
    long panel = kernel.bytes(PanelKernel.ROWS, columns);
    float[] work = new float[PanelKernel.WORK];
    for (int i = which * count / 2; i < (which + 1) * count / 2; i++) {
      kernel.multiply(panels, i * panel, PanelKernel.ROWS, columns, in, 0, work);
      System.arraycopy(work, 0, out, i * PanelKernel.ROWS, PanelKernel.ROWS);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
