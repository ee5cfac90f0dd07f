package dev.hearth.inference.sampling;

/** Picks a token. */
@FunctionalInterface
public interface Sampler {

  /**
   * Picks a token.
   *
   * @param logits one score per token id, from index 0; not changed
   * @param allowed tokens that may be picked: bit {@code id % 64} of element {@code id / 64}; ids
   *     beyond the array are not allowed
   * @return the id, or -1 if none is allowed
   */
  int sample(float[] logits, long[] allowed);
}
