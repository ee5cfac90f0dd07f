package dev.hearth.inference.cpu;

import dev.hearth.inference.plan.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code out = weight · in + bias}.
 *
 * <p>With few rows, products straight from the stored weight. With more, blocks of weight rows are
 * dequantised and multiplied with tiles of the packed rows: each weight is unpacked once for all
 * rows. Small models keep their weights, dequantised once and transposed to panels of [column][32],
 * and use them for single rows too: then results do not depend on how the tokens were batched, and
 * one kernel serves everything.
 */
final class MatMul implements Workers.Job {

  /** Weight rows of a panel; a multiple of twice every vector width. */
  static final int PANEL = 32;

  /** Columns multiplied at once: 32 KB of a tile or a panel, what the first-level cache holds. */
  private static final int DEPTH = 256;

  /** Fewest rows for which weights are dequantised in blocks. */
  private static final int FEW = 6;

  private static final float[] NO_TILES = {};

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
  private float[] tiles = NO_TILES;

  MatMul(
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

  /** Gets ready for the rows of a run; returns how many nanoseconds of work there are, about. */
  long prepare(Run run) {
    rows = run.rows;
    out.reserve(rows);
    tiles = panels == null && rows >= FEW ? in.packed(rows, workers) : NO_TILES;
    long size = (long) weight.rows() * weight.columns();
    return size * rows / (panels != null || rows >= FEW ? 60 : 15);
  }

  /** Cuts the work into about as many chunks; returns how many there are. */
  int cut(int chunks) {
    chunkRows = Math.ceilDiv(Math.ceilDiv(weight.rows(), chunks), PANEL) * PANEL;
    return Math.ceilDiv(weight.rows(), chunkRows);
  }

  /** To be called when all chunks are done. */
  void done() {
    out.written();
  }

  @Override
  public void run(int chunk, int worker) {
    int from = chunk * chunkRows;
    int to = Math.min(weight.rows(), from + chunkRows);
    if (panels != null) {
      multiplyPanels(panels, from, to);
    } else if (rows >= FEW) {
      multiplyTiles(from, to, scratch[worker]);
    } else {
      int columns = weight.columns();
      float[] line = scratch[worker].line(columns + WeightKernel.EXTRA);
      kernel.matVec(data, columns, from, to, in.values, rows, out.values, weight.rows(), line);
      addBias(from, to);
    }
  }

  private void addBias(int from, int to) {
    if (bias.length > 0) {
      for (int row = 0; row < rows; row++) {
        int at = row * weight.rows();
        for (int r = from; r < to; r++) {
          out.values[at + r] += bias[r];
        }
      }
    }
  }

  /** Lines of dequantised weights against the packed rows: the vectors run along the rows. */
  private void multiplyTiles(int from, int to, Scratch buffers) {
    float[] lines = buffers.line(PANEL * DEPTH);
    int count = Math.ceilDiv(rows, Activation.TILE);
    float[] sums = buffers.sums(count * PANEL * Activation.TILE);
    for (int first = from; first < to; first += PANEL) {
      int height = Math.min(PANEL, to - first);
      Arrays.fill(sums, 0, count * PANEL * Activation.TILE, 0);
      for (int column = 0; column < weight.columns(); column += DEPTH) {
        int depth = Math.min(DEPTH, weight.columns() - column);
        for (int r = 0; r < height; r++) {
          long at = weight.type().bytes((long) (first + r) * weight.columns() + column);
          kernel.dequantise(data, at, lines, r * DEPTH, depth);
        }
        for (int tile = 0; tile < count; tile++) {
          kernels.multiply(
              lines,
              0,
              DEPTH,
              tiles,
              (tile * weight.columns() + column) * Activation.TILE,
              Activation.TILE,
              sums,
              tile * PANEL * Activation.TILE,
              Activation.TILE,
              height,
              depth,
              Math.min(Activation.TILE, Math.ceilDiv(rows - tile * Activation.TILE, 16) * 16));
        }
      }
      for (int row = 0; row < rows; row++) {
        int tile = row / Activation.TILE;
        storeRow(sums, tile * PANEL * Activation.TILE + row % Activation.TILE, row, first, height);
      }
    }
  }

  private void storeRow(float[] sums, int at, int row, int first, int height) {
    int to = row * weight.rows() + first;
    for (int r = 0; r < height; r++) {
      float sum = sums[at + r * Activation.TILE];
      out.values[to + r] = bias.length > 0 ? sum + bias[first + r] : sum;
    }
  }

  private void multiplyPanels(float[] kept, int from, int to) {
    int width = weight.rows();
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      if (bias.length > 0) {
        System.arraycopy(bias, from, out.values, at + from, to - from);
      } else {
        Arrays.fill(out.values, at + from, at + to, 0);
      }
    }
    int columns = weight.columns();
    for (int first = from; first < to; first += PANEL) {
      int count = Math.min(PANEL, to - first);
      for (int column = 0; column < columns; column += DEPTH) {
        int depth = Math.min(DEPTH, columns - column);
        int panelAt = first * columns + column * PANEL;
        kernels.multiply(
            in.values,
            column,
            columns,
            kept,
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

  /** All weights, transposed to [column][PANEL] by panels. */
  private float[] allPanels() {
    int columns = weight.columns();
    float[] all = new float[Math.ceilDiv(weight.rows(), PANEL) * PANEL * columns];
    float[] line = new float[columns];
    for (int r = 0; r < weight.rows(); r++) {
      kernel.dequantise(data, weight.type().bytes((long) r * columns), line, 0, columns);
      scatter(line, columns, all, r / PANEL * PANEL * columns + r % PANEL);
    }
    return all;
  }

  private static void scatter(float[] line, int depth, float[] panel, int at) {
    for (int i = 0; i < depth; i++) {
      panel[at + i * PANEL] = line[i];
    }
  }
}
