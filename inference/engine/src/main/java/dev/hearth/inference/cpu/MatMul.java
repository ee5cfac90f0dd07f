package dev.hearth.inference.cpu;

import dev.hearth.inference.plan.Weight;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code out = weight · in + bias}.
 *
 * <p>With few rows, products straight from the panels. With more, blocks of strips are dequantised
 * to tiles and multiplied with the packed rows, where it can be by {@link Strassen}'s method: each
 * weight is unpacked once for all rows. Small models keep their weights dequantised, as panels of
 * [column][32], and use them for single rows too: then results do not depend on how the tokens were
 * batched, and one kernel serves everything.
 */
final class MatMul implements Workers.Job {

  /** Weight rows of a tile. */
  static final int TILE = Kernels.TILE_COLUMNS;

  /** Columns multiplied at once: 32 KB of a tile, what the first-level cache holds. */
  private static final int DEPTH = 256;

  /**
   * Fewest rows for which weights are dequantised in blocks where kernels take no pairs of rows.
   */
  private static final int FEW = 6;

  private static final float[] NONE = {};

  private final Kernels kernels;
  private final Workers workers;
  private final Scratch[] scratch;
  private final Panels panels;
  private final Weight weight;
  private final float[] bias;
  private final Activation in;
  private final Activation out;
  private final float @Nullable [] kept;
  private final boolean head;

  /** Of a head the first rows of the blocks that have a wanted token. */
  private final int[] listed;

  private final Strassen strassen;

  private int rows;

  /** Whether this run's rows are enough to dequantise weights in blocks for them. */
  private boolean many;

  /** Whether these are multiplied by Strassen's method. */
  private boolean seven;

  /** Rows of a block of the weight. */
  private int blockRows;

  /** Blocks of this run, and of a chunk. */
  private int blocks;

  private int chunkBlocks;
  private float[] packed = NONE;

  /**
   * Binds a product.
   *
   * @param kept the weight dequantised (see {@link #dequantised}), or null for products from panels
   * @param head whether the results are logits, of which not all may be wanted
   */
  MatMul(
      CpuContext context,
      Panels panels,
      float[] bias,
      Activation in,
      Activation out,
      float @Nullable [] kept,
      boolean head) {
    kernels = context.kernels();
    workers = context.workers();
    scratch = context.scratch();
    this.panels = panels;
    weight = panels.weight();
    this.bias = bias;
    this.in = in;
    this.out = out;
    this.kept = kept;
    this.head = head;
    strassen = new Strassen(kernels, panels, in);
    listed = new int[head ? Math.ceilDiv(weight.rows(), TILE) : 0];
  }

  /** Gets ready for the rows of a run; returns how many nanoseconds of work there are, about. */
  long prepare(Run run) {
    rows = run.rows;
    out.reserve(rows);
    many = rows >= (kernels.pairs() ? panels.kernel().fewestInBlocks() : FEW);
    seven = kept == null && many && Strassen.fits(rows, weight.columns());
    packed = kept == null && many ? in.packed(rows, workers) : NONE;
    if (seven) {
      strassen.prepare(rows, workers);
    }
    if (kept == null && !many) {
      panels.kernel().prepare(in, rows);
    }
    blockRows = blockRows();
    blocks = head ? listWanted(run) : Math.ceilDiv(weight.rows(), blockRows);
    long size = (long) blocks * blockRows * weight.columns();
    return size * rows / (kept != null || many ? 60 : 20);
  }

  private int blockRows() {
    if (seven) {
      return Strassen.ROWS;
    }
    return head && (kept != null || many) ? TILE : panels.height();
  }

  private int listWanted(Run run) {
    int count = 0;
    for (int row = 0; row < weight.rows(); row += blockRows) {
      if (run.wants(row, Math.min(weight.rows(), row + blockRows))) {
        listed[count++] = row;
      }
    }
    return count;
  }

  /** Cuts the work into about as many chunks; returns how many there are. */
  int cut(int chunks) {
    chunkBlocks = Math.max(1, Math.ceilDiv(blocks, chunks));
    return Math.ceilDiv(blocks, chunkBlocks);
  }

  /** To be called when all chunks are done. */
  void done() {
    out.written();
  }

  @Override
  public void run(int chunk, int worker) {
    int from = chunk * chunkBlocks;
    int to = Math.min(blocks, from + chunkBlocks);
    if (!head) {
      multiply(from * blockRows, to * blockRows, worker);
      return;
    }
    for (int block = from; block < to; block++) {
      multiply(listed[block], listed[block] + blockRows, worker);
    }
  }

  private void multiply(int from, int end, int worker) {
    int to = Math.min(weight.rows(), end);
    if (kept != null) {
      multiplyKept(kept, from, to);
    } else if (many) {
      int tiles = seven ? to - to % Strassen.ROWS : from;
      multiplySeven(from, tiles, scratch[worker]);
      multiplyTiles(tiles, to, scratch[worker]);
    } else {
      multiplyPanels(from, to, scratch[worker].line(PanelKernel.WORK));
    }
  }

  private void multiplyPanels(int from, int to, float[] work) {
    PanelKernel kernel = panels.kernel();
    int columns = weight.columns();
    boolean pairs = kernels.pairs();
    for (int first = from; first < to; first += panels.height()) {
      int height = Math.min(panels.height(), to - first);
      long at = panels.at(first);
      int row = 0;
      for (; pairs && row + 2 <= rows; row += 2) {
        kernel.multiplyTwo(panels.memory(), at, height, columns, in, row, work);
        store(work, 0, row, first, height);
        store(work, PanelKernel.ROWS, row + 1, first, height);
      }
      for (; row < rows; row++) {
        kernel.multiply(panels.memory(), at, height, columns, in, row, work);
        store(work, 0, row, first, height);
      }
    }
  }

  /** Stores the results of one row for some outputs. */
  private void store(float[] results, int at, int row, int first, int height) {
    int to = row * weight.rows() + first;
    System.arraycopy(results, at, out.values, to, height);
    if (bias.length > 0) {
      for (int r = 0; r < height; r++) {
        out.values[to + r] += bias[first + r];
      }
    }
  }

  private void multiplySeven(int from, int to, Scratch buffers) {
    for (int first = from; first < to; first += Strassen.ROWS) {
      float[] results = strassen.multiply(first, buffers);
      for (int row = 0; row < rows; row++) {
        store(results, strassen.at(row, 0), row, first, TILE);
        store(results, strassen.at(row, 1), row, first + TILE, TILE);
      }
    }
  }

  /**
   * Tiles of dequantised weights against the packed rows: the vectors run along the weight rows.
   */
  private void multiplyTiles(int from, int to, Scratch buffers) {
    float[] tile = buffers.panel(DEPTH * TILE);
    float[] work = buffers.line(PanelKernel.WORK);
    int groups = Math.ceilDiv(rows, Activation.TILE);
    float[] results = buffers.sums(groups * Activation.TILE * TILE);
    for (int first = from; first < to; first += TILE) {
      int height = Math.min(TILE, to - first);
      Arrays.fill(results, 0, groups * Activation.TILE * TILE, 0);
      for (int column = 0; column < weight.columns(); column += DEPTH) {
        int depth = Math.min(DEPTH, weight.columns() - column);
        for (int strip = 0; strip < height; strip += PanelKernel.STRIP) {
          panels.unpack(first + strip, column, depth, tile, strip, work);
        }
        for (int group = 0; group < groups; group++) {
          kernels.multiplyPacked(
              packed,
              (group * weight.columns() + column) * Activation.TILE,
              tile,
              0,
              results,
              group * Activation.TILE * TILE,
              Math.min(Activation.TILE, rows - group * Activation.TILE),
              depth);
        }
      }
      for (int row = 0; row < rows; row++) {
        store(results, row * TILE, row, first, height);
      }
    }
  }

  private void multiplyKept(float[] tiles, int from, int to) {
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
    for (int first = from; first < to; first += TILE) {
      int count = Math.min(TILE, to - first);
      for (int column = 0; column < columns; column += DEPTH) {
        int depth = Math.min(DEPTH, columns - column);
        kernels.multiply(
            in.values,
            column,
            columns,
            tiles,
            first * columns + column * TILE,
            TILE,
            out.values,
            first,
            width,
            rows,
            depth,
            count);
      }
    }
  }

  /** All weights of a matrix, dequantised, as panels of [column][{@value #TILE}]. */
  static float[] dequantised(Panels panels) {
    Weight weight = panels.weight();
    int columns = weight.columns();
    float[] all = new float[Math.ceilDiv(weight.rows(), TILE) * TILE * columns];
    float[] work = new float[PanelKernel.WORK];
    for (int first = 0; first < weight.rows(); first += PanelKernel.STRIP) {
      for (int column = 0; column < columns; column += DEPTH) {
        int depth = Math.min(DEPTH, columns - column);
        int to = (first / TILE * columns + column) * TILE + first % TILE;
        panels.unpack(first, column, depth, all, to, work);
      }
    }
    return all;
  }
}
