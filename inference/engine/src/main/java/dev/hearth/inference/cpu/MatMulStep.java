package dev.hearth.inference.cpu;

import dev.hearth.inference.plan.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code out = weight · in + bias}.
 *
 * <p>With few rows, matrix-vector products straight from the stored weight. With more, panels of 32
 * weight rows are dequantised and transposed to [column][32] and multiplied with all rows at once:
 * the vectors run along the outputs. Large models make them anew for each pass. Small models make
 * them once, when opened, and use them for single rows too: then results do not depend on how the
 * tokens were batched, and one kernel serves everything.
 */
final class MatMulStep implements Step, Workers.Job {

  /** Weight rows of a panel; a multiple of twice every vector width. */
  static final int PANEL = 32;

  /** Columns of a panel made at once: 32 KB, what the first-level cache holds. */
  private static final int DEPTH = 256;

  /** Fewest rows for which panels are made. */
  private static final int FEW = 6;

  /** Below this many nanoseconds of work a job stays on the caller. */
  private static final long WORTH_SHARING = 60_000;

  private final Kernels kernels;
  private final WeightKernel kernel;
  private final Workers workers;
  private final Scratch[] scratch;
  private final Weight weight;
  private final MemorySegment data;
  private final float[] bias;
  private final Activation in;
  private final Activation out;
  private final float @Nullable [] panels;
  private int rows;
  private int chunkRows;
  private boolean byPanels;

  MatMulStep(
      CpuContext context,
      Weight weight,
      MemorySegment data,
      float[] bias,
      Activation in,
      Activation out,
      boolean keepPanels) {
    kernels = context.kernels();
    workers = context.workers();
    scratch = context.scratch();
    this.weight = weight;
    this.data = data;
    this.bias = bias;
    this.in = in;
    this.out = out;
    // Kept panels are made once and need no fast kernel.
    kernel = (keepPanels ? new ScalarKernels() : kernels).weight(weight.type());
    panels = keepPanels ? allPanels() : null;
  }

  @Override
  public void run(Run run) {
    rows = run.rows;
    out.reserve(rows);
    byPanels = panels != null || rows >= FEW;
    if (!byPanels && kernel.quantised()) {
      in.quantise(kernels, rows);
    }
    long size = (long) weight.rows() * weight.columns();
    long nanos = byPanels ? size * rows / 30 : size * rows / 12;
    int chunks = 1;
    if (nanos > WORTH_SHARING) {
      chunks = (int) Math.min(4L * workers.size(), Math.max(2, nanos / 20_000));
    }
    chunkRows = Math.ceilDiv(Math.ceilDiv(weight.rows(), chunks), PANEL) * PANEL;
    workers.run(Math.ceilDiv(weight.rows(), chunkRows), this);
    out.written();
  }

  @Override
  public void run(int chunk, int worker) {
    int from = chunk * chunkRows;
    int to = Math.min(weight.rows(), from + chunkRows);
    if (byPanels) {
      multiplyPanels(from, to, scratch[worker]);
    } else {
      for (int row = 0; row < rows; row++) {
        int outAt = row * weight.rows();
        kernel.matVec(data, weight.columns(), from, to, in, row, out.values, outAt);
        addBias(out.values, outAt, from, to);
      }
    }
  }

  private void addBias(float[] values, int at, int from, int to) {
    if (bias.length > 0) {
      for (int r = from; r < to; r++) {
        values[at + r] += bias[r];
      }
    }
  }

  private void multiplyPanels(int from, int to, Scratch buffers) {
    int width = weight.rows();
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      if (bias.length > 0) {
        System.arraycopy(bias, from, out.values, at + from, to - from);
      } else {
        Arrays.fill(out.values, at + from, at + to, 0);
      }
    }
    for (int first = from; first < to; first += PANEL) {
      int count = Math.min(PANEL, to - first);
      for (int column = 0; column < weight.columns(); column += DEPTH) {
        int depth = Math.min(DEPTH, weight.columns() - column);
        float[] panel = panels;
        int panelAt = (first * weight.columns()) + column * PANEL;
        if (panel == null) {
          panel = buffers.panel(PANEL * DEPTH);
          panelAt = 0;
          fillPanel(first, count, column, depth, panel, 0, buffers.line(DEPTH));
        }
        kernels.multiply(
            in.values,
            column,
            weight.columns(),
            panel,
            panelAt,
            PANEL,
            out.values,
            first,
            width,
            rows,
            depth,
            count);
      }
    }
  }

  private float[] allPanels() {
    int columns = weight.columns();
    float[] all = new float[Math.ceilDiv(weight.rows(), PANEL) * PANEL * columns];
    float[] line = new float[columns];
    for (int first = 0; first < weight.rows(); first += PANEL) {
      int count = Math.min(PANEL, weight.rows() - first);
      fillPanel(first, count, 0, columns, all, first * columns, line);
    }
    return all;
  }

  /** Dequantises part of some weight rows and transposes it to [column][PANEL]. */
  private void fillPanel(
      int first, int count, int column, int depth, float[] panel, int panelAt, float[] line) {
    for (int r = 0; r < count; r++) {
      long at = weight.type().bytes((long) (first + r) * weight.columns() + column);
      kernel.dequantise(data, at, line, 0, depth);
      scatter(line, depth, panel, panelAt + r);
    }
  }

  private static void scatter(float[] line, int depth, float[] panel, int at) {
    for (int i = 0; i < depth; i++) {
      panel[at + i * PANEL] = line[i];
    }
  }
}
