package dev.hearth.inference.cpu;

import dev.hearth.inference.KvType;
import dev.hearth.inference.backend.Backend;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.Op;
import org.jspecify.annotations.Nullable;

/** Runs plans on the processor's cores with one set of kernels. */
public final class CpuBackend implements Backend {

  private final Kernels kernels;

  CpuBackend(Kernels kernels) {
    this.kernels = kernels;
  }

  /** The readable reference, always there. */
  public static CpuBackend scalar() {
    return new CpuBackend(new ScalarKernels());
  }

  @Override
  public String name() {
    return "cpu-" + kernels.name();
  }

  @Override
  public boolean supports(Op op) {
    // Every operation with every row of the weight table; a new row does not compile without
    // kernels.
    return true;
  }

  @Override
  public Session open(DecoderPlan plan, WeightStore weights, int threads, @Nullable KvType kv) {
    return new CpuSession(plan, weights, kernels, threads, kv);
  }
}
