package dev.hearth.inference.generate;

import dev.hearth.inference.backend.BackendDevice;

/**
 * A device that may run a model.
 *
 * @param provider name of who offers it
 * @param device which
 */
record Candidate(String provider, BackendDevice device) {

  /** By which the options ask for it. */
  String id() {
    return provider + ":" + device.number();
  }

  String name() {
    return device.name();
  }

  /** Whether a wish is for it; a provider's name alone is for its first device. */
  boolean is(String wish) {
    return wish.equals(id()) || (wish.equals(provider) && device.number() == 0);
  }
}
