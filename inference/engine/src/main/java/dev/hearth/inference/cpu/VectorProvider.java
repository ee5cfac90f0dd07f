package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.BackendChoice;

/** Makes the vector backend; loaded only when the Vector API's module is there. */
final class VectorProvider {

  private static final int LEAST_BITS_X86 = 256;

  /** Shared by all models of the process: they warm up once. */
  private static final class Shared {
    static final WarmingKernels KERNELS =
        new WarmingKernels(new ScalarKernels(), new VectorKernels());
  }

  private VectorProvider() {}

  static BackendChoice choose(boolean asked) {
    int bits = VectorKernels.FLOATS.vectorBitSize();
    String machine = System.getProperty("os.arch", "unknown");
    boolean x86 = machine.equals("amd64") || machine.equals("x86_64");
    if (x86 && bits < LEAST_BITS_X86 && !asked) {
      return CpuBackends.refused(
          "this processor has " + bits + "-bit vectors only, where fused multiply-add is missing");
    }
    String reason =
        (asked ? "asked for by the options" : "the Vector API is there")
            + ", "
            + bits
            + "-bit vectors on "
            + machine;
    return new BackendChoice(new CpuBackend(asked ? new VectorKernels() : Shared.KERNELS), reason);
  }
}
