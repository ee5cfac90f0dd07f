package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hearth.inference.backend.BackendDevice;
import dev.hearth.inference.backend.Measured;
import java.util.List;

/** The device of the tests: the first, or {@code -Dhearth.device=N}. */
final class Device {

  /** So that kernels are compared once. */
  private static final Measured MEASURED = Measured.inMemory();

  private Device() {}

  /** The backend; without an SDK the test is skipped, with one it must be there. */
  static TornadoBackend backend() {
    assumeThat(System.getenv("TORNADOVM_HOME")).as("TORNADOVM_HOME").isNotNull();
    List<BackendDevice> devices = new TornadoProvider().devices(MEASURED);
    assertThat(devices).isNotEmpty();
    return (TornadoBackend) devices.get(Integer.getInteger("hearth.device", 0)).backend();
  }
}
