package dev.hearth.inference.backend;

import java.util.List;

/**
 * Offers devices besides the processor. Found by {@link java.util.ServiceLoader}, so that only its
 * own module knows it.
 */
public interface BackendProvider {

  /** The name by which the options ask for its devices, in lower case. */
  String name();

  /**
   * The devices that are here, whether or not they are faster than the processor.
   *
   * @param measured remembers what their backends measure
   * @return at least one
   * @throws BackendUnfitException if there is none; no other exception leaves it
   */
  List<BackendDevice> devices(Measured measured);
}
