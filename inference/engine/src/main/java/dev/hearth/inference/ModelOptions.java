package dev.hearth.inference;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a model is loaded.
 *
 * @param contextLength most tokens of prompt and answer together; 0 takes the model's own, and the
 *     model's own is the upper bound
 * @param threads threads that compute; 0 takes one per core
 * @param backend {@code auto} (what is the fastest by measurement), {@code cpu}, {@code vector} or
 *     {@code scalar} (the processor, or one kind of its kernels), or a device: the name of a
 *     provider that the build has, such as {@code opencl}, and where it has several a colon and the
 *     number
 * @param kvType how the KV cache is stored; null takes single precision for small models and half
 *     precision for others
 * @param kvBytes memory of the KV cache of all requests and of the prefixes that are kept; 0 takes
 *     two contexts but at most 1 GB. One whole context always fits
 * @param drafts most tokens guessed ahead of a model step, 0 for none; -1 takes what pays on the
 *     backend. The text is the same whatever the number
 * @param prepared folder where weights in the backend's own form are kept, so that a model is there
 *     sooner when it is loaded again; as large as the model. Null keeps none
 * @param measured file that remembers how fast devices are. Null measures at every load
 */
public record ModelOptions(
    int contextLength,
    int threads,
    String backend,
    @Nullable KvType kvType,
    long kvBytes,
    int drafts,
    @Nullable Path prepared,
    @Nullable Path measured) {

  /** Upper bound of {@link #threads}. */
  public static final int MAX_THREADS = 256;

  /** Upper bound of {@link #drafts}. */
  public static final int MAX_DRAFTS = 16;

  private static final ModelOptions DEFAULTS =
      new ModelOptions(0, 0, "auto", null, 0, -1, null, null);

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
    if (!backend.matches("[a-z][a-z0-9-]*(:\\d{1,3})?")) {
      throw new IllegalArgumentException(
          "backend is \""
              + backend
              + "\"; give auto, cpu, vector, scalar or a device such as opencl or"
              + " opencl:1");
    }
    if (kvBytes < 0) {
      throw new IllegalArgumentException(
          "kvBytes is " + kvBytes + "; give 0 for the default or a positive size");
    }
    if (drafts < -1 || drafts > MAX_DRAFTS) {
      throw new IllegalArgumentException(
          "drafts is " + drafts + "; give -1 for the default, 0 for none or 1 to " + MAX_DRAFTS);
    }
  }

  /** The model's context length, one thread per core, best backend. */
  public static ModelOptions defaults() {
    return DEFAULTS;
  }

  /** These options with another context length. */
  public ModelOptions withContextLength(int tokens) {
    return new ModelOptions(tokens, threads, backend, kvType, kvBytes, drafts, prepared, measured);
  }

  /** These options with another number of threads. */
  public ModelOptions withThreads(int count) {
    return new ModelOptions(
        contextLength, count, backend, kvType, kvBytes, drafts, prepared, measured);
  }

  /** These options with another backend. */
  public ModelOptions withBackend(String name) {
    return new ModelOptions(
        contextLength, threads, name, kvType, kvBytes, drafts, prepared, measured);
  }

  /** These options with another KV cache. */
  public ModelOptions withKv(@Nullable KvType type, long bytes) {
    return new ModelOptions(
        contextLength, threads, backend, type, bytes, drafts, prepared, measured);
  }

  /** These options with another number of drafts. */
  public ModelOptions withDrafts(int most) {
    return new ModelOptions(
        contextLength, threads, backend, kvType, kvBytes, most, prepared, measured);
  }

  /** These options with another folder for prepared weights, or none. */
  public ModelOptions withPrepared(@Nullable Path folder) {
    return new ModelOptions(
        contextLength, threads, backend, kvType, kvBytes, drafts, folder, measured);
  }

  /** These options with another file that remembers how fast devices are, or none. */
  public ModelOptions withMeasured(@Nullable Path file) {
    return new ModelOptions(
        contextLength, threads, backend, kvType, kvBytes, drafts, prepared, file);
  }
}
