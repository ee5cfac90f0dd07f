package dev.hearth.inference.cpu;

/** An operation bound to its buffers, weights and kernels. */
@FunctionalInterface
interface Step {

  /** Works on the current rows of a run. */
  void run(Run run);
}
