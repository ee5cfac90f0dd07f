package dev.hearth.inference.cpu;

import dev.hearth.inference.plan.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Appends to the KV cache and attends.
 *
 * <p>Work is cut into blocks of up to 16 tokens of one sequence and KV head. The query heads of a
 * group become the rows of one matrix product per page, so each key is read once for all of them.
 */
final class AttendStep implements Step, Workers.Job {

  private static final int BLOCK_TOKENS = 16;
  private static final long WORTH_SHARING = 2_000_000;

  private final Kernels kernels;
  private final Workers workers;
  private final Scratch[] scratch;
  private final Op.Attend op;
  private final int group;
  private final float scale;
  private final Activation query;
  private final Activation key;
  private final Activation value;
  private final Activation out;
  private final List<Block> blocks = new ArrayList<>();

  /** Some rows of a part, counted from the part's first. */
  private record Block(Run.Part part, int first, int last) {}

  AttendStep(
      CpuContext context,
      Op.Attend op,
      Activation query,
      Activation key,
      Activation value,
      Activation out) {
    kernels = context.kernels();
    workers = context.workers();
    scratch = context.scratch();
    this.op = op;
    this.query = query;
    this.key = key;
    this.value = value;
    this.out = out;
    group = op.heads() / op.kvHeads();
    scale = (float) (1 / Math.sqrt(op.headDim()));
  }

  @Override
  public void run(Run run) {
    out.reserve(run.rows);
    blocks.clear();
    long work = 0;
    for (Run.Part part : run.parts) {
      append(part);
      for (int first = 0; first < part.rows; first += BLOCK_TOKENS) {
        blocks.add(new Block(part, first, Math.min(part.rows, first + BLOCK_TOKENS)));
      }
      work += (long) part.rows * (part.position + part.rows) * op.heads() * op.headDim();
    }
    int chunks = blocks.size() * op.kvHeads();
    if (work > WORTH_SHARING) {
      workers.run(chunks, this);
    } else {
      for (int chunk = 0; chunk < chunks; chunk++) {
        run(chunk, 0);
      }
    }
    out.written();
  }

  private void append(Run.Part part) {
    int width = op.kvHeads() * op.headDim();
    for (int row = 0; row < part.rows; row++) {
      int at = part.position + row;
      int from = (part.first + row) * width;
      page(part, at / LayerPage.POSITIONS)
          .put(at % LayerPage.POSITIONS, key.values, from, value.values, from);
    }
  }

  private LayerPage page(Run.Part part, int index) {
    return part.sequence.pageAt(index).layer(op.layer());
  }

  @Override
  public void run(int chunk, int worker) {
    attend(blocks.get(chunk / op.kvHeads()), chunk % op.kvHeads(), scratch[worker]);
  }

  private void attend(Block block, int kvHead, Scratch buffers) {
    Run.Part part = block.part();
    int dim = op.headDim();
    int tokens = block.last() - block.first();
    int firstRow = part.first + block.first();
    int position = part.position + block.first();
    // Whole blocks of four rows are what the product does best; the extra rows are zero.
    int rows = Math.ceilDiv(tokens * group, 4) * 4;
    int total = position + tokens;
    int pages = Math.ceilDiv(total, LayerPage.POSITIONS);
    int stride = pages * LayerPage.POSITIONS;

    float[] queries = buffers.queries(rows * dim);
    gatherQueries(kvHead, firstRow, tokens, rows, queries);
    float[] scores = buffers.scores(rows * stride);
    Arrays.fill(scores, 0, rows * stride, 0);
    for (int i = 0; i < pages; i++) {
      LayerPage page = page(part, i);
      int used =
          Math.min(LayerPage.POSITIONS, Math.ceilDiv(total - i * LayerPage.POSITIONS, 32) * 32);
      float[] keys = page.keys(kvHead, kernels, buffers);
      kernels.multiply(
          queries,
          0,
          dim,
          keys,
          page.headAt(kvHead),
          LayerPage.POSITIONS,
          scores,
          i * LayerPage.POSITIONS,
          stride,
          rows,
          dim,
          used);
    }
    softmax(scores, stride, position, tokens, total);
    float[] sums = buffers.sums(rows * dim);
    Arrays.fill(sums, 0, rows * dim, 0);
    for (int i = 0; i < pages; i++) {
      LayerPage page = page(part, i);
      int used = Math.min(LayerPage.POSITIONS, total - i * LayerPage.POSITIONS);
      float[] values = page.values(kvHead, kernels, buffers);
      kernels.multiply(
          scores,
          i * LayerPage.POSITIONS,
          stride,
          values,
          page.headAt(kvHead),
          dim,
          sums,
          0,
          dim,
          rows,
          used,
          dim);
    }
    scatterSums(kvHead, firstRow, tokens, sums);
  }

  private void gatherQueries(int kvHead, int first, int tokens, int rows, float[] queries) {
    int width = group * op.headDim();
    int stride = op.heads() * op.headDim();
    for (int t = 0; t < tokens; t++) {
      int from = (first + t) * stride + kvHead * width;
      System.arraycopy(query.values, from, queries, t * width, width);
    }
    Arrays.fill(queries, tokens * width, rows * op.headDim(), 0);
  }

  private void softmax(float[] scores, int stride, int position, int tokens, int total) {
    for (int t = 0; t < tokens; t++) {
      int visible = position + t + 1;
      for (int g = 0; g < group; g++) {
        int at = (t * group + g) * stride;
        kernels.softmax(scores, at, visible, scale);
        Arrays.fill(scores, at + visible, at + total, 0);
      }
    }
  }

  private void scatterSums(int kvHead, int first, int tokens, float[] sums) {
    int width = group * op.headDim();
    int stride = op.heads() * op.headDim();
    for (int t = 0; t < tokens; t++) {
      int to = (first + t) * stride + kvHead * width;
      System.arraycopy(sums, t * width, out.values, to, width);
    }
  }
}
