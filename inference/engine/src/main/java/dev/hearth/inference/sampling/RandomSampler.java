package dev.hearth.inference.sampling;

import dev.hearth.inference.Sampling;
import java.util.SplittableRandom;

/**
 * Temperature, then top-k, min-p and top-p (Holtzman et al., 2020), then a draw. Buffers are kept,
 * so a step allocates nothing. For one generation.
 */
public final class RandomSampler implements Sampler {

  private final Sampling sampling;
  private final SplittableRandom random;
  private final int[] ids;
  private final float[] weights;
  private int count;

  /**
   * Prepares a sequence of draws.
   *
   * @param sampling its temperature is above 0
   * @param vocabularySize number of logits
   */
  public RandomSampler(Sampling sampling, int vocabularySize) {
    this.sampling = sampling;
    random = new SplittableRandom(sampling.seed());
    ids = new int[vocabularySize];
    weights = new float[vocabularySize];
  }

  /** The sampler that a {@link Sampling} describes. */
  public static Sampler of(Sampling sampling, int vocabularySize) {
    return sampling.temperature() == 0
        ? new GreedySampler()
        : new RandomSampler(sampling, vocabularySize);
  }

  @Override
  public int sample(float[] logits, long[] allowed) {
    collect(logits, allowed);
    if (count == 0) {
      return -1;
    }
    toWeights();
    int kept = keepTopK(count);
    kept = keepMinP(kept);
    kept = keepTopP(kept);
    return draw(kept);
  }

  private void collect(float[] logits, long[] allowed) {
    count = 0;
    for (int word = 0; word < allowed.length; word++) {
      for (long bits = allowed[word]; bits != 0; bits &= bits - 1) {
        int id = (word << 6) + Long.numberOfTrailingZeros(bits);
        ids[count] = id;
        weights[count++] = logits[id];
      }
    }
  }

  /** Logits to unnormalised probabilities, the largest being 1. */
  private void toWeights() {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, weights[i]);
    }
    for (int i = 0; i < count; i++) {
      weights[i] = (float) Math.exp((weights[i] - largest) / sampling.temperature());
    }
  }

  private int keepTopK(int kept) {
    if (sampling.topK() == 0 || sampling.topK() >= kept) {
      return kept;
    }
    sortDescending(kept);
    return sampling.topK();
  }

  private int keepMinP(int kept) {
    if (sampling.minP() == 0) {
      return kept;
    }
    int next = 0;
    for (int i = 0; i < kept; i++) {
      if (weights[i] >= sampling.minP()) {
        swap(next++, i);
      }
    }
    return next;
  }

  private int keepTopP(int kept) {
    if (sampling.topP() >= 1) {
      return kept;
    }
    sortDescending(kept);
    double limit = sampling.topP() * sum(kept);
    double running = 0;
    for (int i = 0; i < kept; i++) {
      running += weights[i];
      if (running >= limit) {
        return i + 1;
      }
    }
    return kept;
  }

  private int draw(int kept) {
    double point = random.nextDouble() * sum(kept);
    for (int i = 0; i < kept; i++) {
      point -= weights[i];
      if (point < 0) {
        return ids[i];
      }
    }
    return ids[kept - 1];
  }

  private double sum(int kept) {
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      sum += weights[i];
    }
    return sum;
  }

  /** Heap sort, so that no order of logits makes it slow; lowest to the back. */
  private void sortDescending(int size) {
    for (int root = size / 2 - 1; root >= 0; root--) {
      sift(root, size);
    }
    for (int end = size - 1; end > 0; end--) {
      swap(0, end);
      sift(0, end);
    }
  }

  /** Keeps the smallest on top of a heap of the first {@code size} entries. */
  private void sift(int start, int size) {
    int root = start;
    for (int child = 2 * root + 1; child < size; child = 2 * root + 1) {
      if (child + 1 < size && weights[child + 1] < weights[child]) {
        child++;
      }
      if (weights[root] <= weights[child]) {
        return;
      }
      swap(root, child);
      root = child;
    }
  }

  private void swap(int i, int j) {
    int id = ids[i];
    ids[i] = ids[j];
    ids[j] = id;
    float weight = weights[i];
    weights[i] = weights[j];
    weights[j] = weight;
  }
}
