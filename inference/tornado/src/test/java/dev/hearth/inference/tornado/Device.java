package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hearth.inference.backend.BackendChoice;
import dev.hearth.inference.backend.BackendOffer;

/** The device of the tests. */
final class Device {

  private Device() {}

  /** The backend; without an SDK the test is skipped, with one it must be there. */
  static TornadoBackend backend() {
    assumeThat(System.getenv("TORNADOVM_HOME")).as("TORNADOVM_HOME").isNotNull();
    BackendOffer offer = new TornadoProvider().offer(true);
    assertThat(offer).isInstanceOf(BackendChoice.class);
    return (TornadoBackend) ((BackendChoice) offer).backend();
  }
}
