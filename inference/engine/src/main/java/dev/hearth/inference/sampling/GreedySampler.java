package dev.hearth.inference.sampling;

/** Always the highest logit; of equals the lowest id. */
public final class GreedySampler implements Sampler {

  @Override
  public int sample(float[] logits, long[] allowed) {
    int best = -1;
    float highest = Float.NEGATIVE_INFINITY;
    for (int word = 0; word < allowed.length; word++) {
      for (long bits = allowed[word]; bits != 0; bits &= bits - 1) {
        int id = (word << 6) + Long.numberOfTrailingZeros(bits);
        if (best < 0 || logits[id] > highest) {
          best = id;
          highest = logits[id];
        }
      }
    }
    return best;
  }
}
