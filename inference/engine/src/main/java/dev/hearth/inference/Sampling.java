package dev.hearth.inference;

/**
 * How a token is picked from the logits.
 *
 * @param temperature 0 picks the most probable token (greedy); above 0 divides the logits
 * @param topP keep the most probable tokens whose probabilities sum to this; 1 keeps all
 * @param minP drop tokens less probable than this share of the most probable one; 0 drops none
 * @param topK keep this many most probable tokens; 0 keeps all
 * @param seed start of the random sequence; equal seeds give equal choices
 */
public record Sampling(float temperature, float topP, float minP, int topK, long seed) {

  private static final Sampling GREEDY = new Sampling(0, 1, 0, 0, 0);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Sampling {
    require(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
    require(topP > 0 && topP <= 1, "topP", topP, "above 0, up to 1");
    require(minP >= 0 && minP < 1, "minP", minP, "0 to below 1");
    require(topK >= 0, "topK", topK, "0 or more");
  }

  /** Always the most probable token. */
  public static Sampling greedy() {
    return GREEDY;
  }

  /** Plain temperature sampling over the whole vocabulary. */
  public static Sampling ofTemperature(float temperature, long seed) {
    return new Sampling(temperature, 1, 0, 0, seed);
  }

  private static void require(boolean holds, String name, float value, String range) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Sampling value " + name + " is " + value + "; it must be " + range);
    }
  }
}
