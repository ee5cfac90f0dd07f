package dev.hearth.inference;

/**
 * How a model is loaded.
 *
 * @param contextLength most tokens of prompt and answer together; 0 takes the model's own, and the
 *     model's own is the upper bound
 * @param threads threads that compute; 0 takes one per core
 * @param backend {@code auto}, {@code vector} or {@code scalar}
 */
public record ModelOptions(int contextLength, int threads, String backend) {

  /** Upper bound of {@link #threads}. */
  public static final int MAX_THREADS = 256;

  private static final ModelOptions DEFAULTS = new ModelOptions(0, 0, "auto");

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public ModelOptions {
    if (contextLength < 0) {
      throw new IllegalArgumentException(
          "contextLength is " + contextLength + "; give 0 for the model's own or a positive count");
    }
    if (threads < 0 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "threads is " + threads + "; give 0 for one per core or 1 to " + MAX_THREADS);
    }
    if (!backend.equals("auto") && !backend.equals("vector") && !backend.equals("scalar")) {
      throw new IllegalArgumentException(
          "backend is \"" + backend + "\"; give auto, vector or scalar");
    }
  }

  /** The model's context length, one thread per core, best backend. */
  public static ModelOptions defaults() {
    return DEFAULTS;
  }

  /** These options with another context length. */
  public ModelOptions withContextLength(int tokens) {
    return new ModelOptions(tokens, threads, backend);
  }

  /** These options with another number of threads. */
  public ModelOptions withThreads(int count) {
    return new ModelOptions(contextLength, count, backend);
  }

  /** These options with another backend. */
  public ModelOptions withBackend(String name) {
    return new ModelOptions(contextLength, threads, name);
  }
}
