package dev.hearth.inference.cpu;

import dev.hearth.inference.plan.Op;
import java.util.Arrays;

/**
 * Appends to the KV cache and attends.
 *
 * <p>Work is cut into blocks of up to 16 tokens of one KV head. The query heads of a group become
 * the rows of one matrix product per page, so each key is read once for all of them.
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
  private Run run;

  AttendStep(
      CpuContext context,
      Op.Attend op,
      Activation query,
      Activation key,
      Activation value,
      Activation out,
      Run run) {
    kernels = context.kernels();
    workers = context.workers();
    scratch = context.scratch();
    this.op = op;
    this.query = query;
    this.key = key;
    this.value = value;
    this.out = out;
    this.run = run;
    group = op.heads() / op.kvHeads();
    scale = (float) (1 / Math.sqrt(op.headDim()));
  }

  @Override
  public void run(Run current) {
    run = current;
    append();
    out.reserve(run.rows);
    int blocks = Math.ceilDiv(run.rows, BLOCK_TOKENS);
    long work = (long) run.rows * (run.position + run.rows) * op.heads() * op.headDim();
    if (work > WORTH_SHARING) {
      workers.run(blocks * op.kvHeads(), this);
    } else {
      for (int chunk = 0; chunk < blocks * op.kvHeads(); chunk++) {
        run(chunk, 0);
      }
    }
    out.written();
  }

  private void append() {
    int width = op.kvHeads() * op.headDim();
    for (int row = 0; row < run.rows; row++) {
      int at = run.position + row;
      run.sequence
          .page(op.layer(), at / KvPage.POSITIONS)
          .put(at % KvPage.POSITIONS, key.values, row * width, value.values, row * width);
    }
  }

  @Override
  public void run(int chunk, int worker) {
    int kvHead = chunk % op.kvHeads();
    int first = chunk / op.kvHeads() * BLOCK_TOKENS;
    int last = Math.min(run.rows, first + BLOCK_TOKENS);
    attend(kvHead, first, last, scratch[worker]);
  }

  private void attend(int kvHead, int first, int last, Scratch buffers) {
    int dim = op.headDim();
    int tokens = last - first;
    // Whole blocks of four rows are what the product does best; the extra rows are zero.
    int rows = Math.ceilDiv(tokens * group, 4) * 4;
    int total = run.position + last;
    int pages = Math.ceilDiv(total, KvPage.POSITIONS);
    int stride = pages * KvPage.POSITIONS;

    float[] queries = buffers.queries(rows * dim);
    gatherQueries(kvHead, first, tokens, rows, queries);
    float[] scores = buffers.scores(rows * stride);
    Arrays.fill(scores, 0, rows * stride, 0);
    float[] wide = buffers.page(dim * KvPage.POSITIONS);
    for (int i = 0; i < pages; i++) {
      KvPage page = run.sequence.page(op.layer(), i);
      int used = Math.min(KvPage.POSITIONS, Math.ceilDiv(total - i * KvPage.POSITIONS, 32) * 32);
      float[] keys = page.keys(kvHead, kernels, wide);
      kernels.multiply(
          queries,
          0,
          dim,
          keys,
          page.headAt(kvHead),
          KvPage.POSITIONS,
          scores,
          i * KvPage.POSITIONS,
          stride,
          rows,
          dim,
          used);
    }
    softmax(scores, stride, first, tokens, total);
    float[] sums = buffers.sums(rows * dim);
    Arrays.fill(sums, 0, rows * dim, 0);
    for (int i = 0; i < pages; i++) {
      KvPage page = run.sequence.page(op.layer(), i);
      int used = Math.min(KvPage.POSITIONS, total - i * KvPage.POSITIONS);
      float[] values = page.values(kvHead, kernels, wide);
      kernels.multiply(
          scores,
          i * KvPage.POSITIONS,
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
    scatterSums(kvHead, first, tokens, sums);
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

  private void softmax(float[] scores, int stride, int first, int tokens, int total) {
    for (int t = 0; t < tokens; t++) {
      int visible = run.position + first + t + 1;
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
