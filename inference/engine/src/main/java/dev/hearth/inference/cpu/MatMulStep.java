package dev.hearth.inference.cpu;

import java.util.List;

/**
 * Matrix products of one input, such as query, key and value, as one job: threads are woken once
 * for all of them.
 */
final class MatMulStep implements Step, Workers.Job {

  /** Below this many nanoseconds of work a job stays on the caller. */
  private static final long WORTH_SHARING = 4_000;

  /** Nanoseconds of work that a chunk should have at least. */
  private static final long CHUNK = 1_000;

  private final Workers workers;
  private final List<MatMul> products;

  /** For each product the number of chunks of all before it and of its own. */
  private final int[] ends;

  MatMulStep(Workers workers, List<MatMul> products) {
    this.workers = workers;
    this.products = List.copyOf(products);
    ends = new int[products.size()];
  }

  @Override
  public void run(Run run) {
    long total = 0;
    int chunks = 0;
    for (int i = 0; i < ends.length; i++) {
      long nanos = products.get(i).prepare(run);
      total += nanos;
      chunks += products.get(i).cut((int) Math.clamp(nanos / CHUNK, 1, 16L * workers.size()));
      ends[i] = chunks;
    }
    if (total > WORTH_SHARING) {
      workers.run(chunks, this);
    } else {
      for (int chunk = 0; chunk < chunks; chunk++) {
        run(chunk, 0);
      }
    }
    products.forEach(MatMul::done);
  }

  @Override
  public void run(int chunk, int worker) {
    int i = 0;
    while (chunk >= ends[i]) {
      i++;
    }
    products.get(i).run(i == 0 ? chunk : chunk - ends[i - 1], worker);
  }
}
