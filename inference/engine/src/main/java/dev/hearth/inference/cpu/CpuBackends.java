package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.BackendChoice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernels at start-up: the Vector API where it is there and fast, else the scalar
 * reference. A refusal says what to do about it; it is never an error.
 */
public final class CpuBackends {

  private static final Logger LOG = LoggerFactory.getLogger(CpuBackends.class);
  private static final String MODULE = "jdk.incubator.vector";

  private CpuBackends() {}

  /**
   * Chooses.
   *
   * @param wish {@code auto} (the vector kernels as soon as they are compiled, the scalar ones
   *     until then), {@code vector} (at once) or {@code scalar}
   */
  public static BackendChoice choose(String wish) {
    BackendChoice choice = decide(wish);
    LOG.info("Language model backend {}: {}", choice.backend().name(), choice.reason());
    return choice;
  }

  /** Chooses without a line in the log, as {@link #choose}. */
  public static BackendChoice decide(String wish) {
    if (wish.equals("scalar")) {
      return new BackendChoice(CpuBackend.scalar(), "asked for by the options");
    }
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return refused("start Java with --add-modules=" + MODULE + " for the fast kernels");
    }
    String mode = System.getProperty("java.vm.info", "");
    if (mode.contains("interpreted") || mode.contains("emulated-client")) {
      return refused(
          "this Java runs without its optimising compiler ("
              + mode
              + "), which the fast kernels"
              + " need; start it without -Xint and -XX:TieredStopAtLevel");
    }
    return VectorProvider.choose(wish.equals("vector"));
  }

  static BackendChoice refused(String reason) {
    LOG.warn("The Vector API is not used: {}", reason);
    return new BackendChoice(CpuBackend.scalar(), reason);
  }
}
