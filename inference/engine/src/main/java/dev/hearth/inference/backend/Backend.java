package dev.hearth.inference.backend;

import dev.hearth.inference.KvType;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.Op;
import org.jspecify.annotations.Nullable;

/** Executes plans. */
public interface Backend {

  /** A short name such as {@code cpu-vector-512}. */
  String name();

  /** Whether an operation with its weight types can be run. */
  boolean supports(Op op);

  /**
   * Prepares a plan.
   *
   * @param plan every operation of it must be supported
   * @param weights stays valid until the session is closed
   * @param threads threads that compute, the caller included; at least 1
   * @param kv how the KV cache is stored; null lets the backend choose
   * @throws BackendUnfitException if a device does not support an operation, which it names, if the
   *     plan does not fit it, or if it refuses
   */
  Session open(DecoderPlan plan, WeightStore weights, int threads, @Nullable KvType kv);
}
