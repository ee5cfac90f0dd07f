package dev.hearth.inference.backend;

/**
 * Offers a backend besides the processor's. Found by {@link java.util.ServiceLoader}, so that only
 * its own module knows it.
 */
public interface BackendProvider {

  /** The name by which the options ask for it, in lower case. */
  String name();

  /**
   * Looks whether the backend can be used here.
   *
   * @param asked whether the options name it; else it offers itself only where it is likely faster
   *     than the processor
   * @return never an exception: what goes wrong is a refusal
   */
  BackendOffer offer(boolean asked);
}
