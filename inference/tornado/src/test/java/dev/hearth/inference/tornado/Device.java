package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hearth.inference.backend.BackendDevice;
import dev.hearth.inference.backend.Measured;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The device of the tests: the first, or {@code -Dhearth.device=N}. */
final class Device {

  /** So that kernels are compared once, or never again with {@code -Dhearth.measured=FILE}. */
  private static final Measured MEASURED =
      Measured.in(
          Optional.ofNullable(System.getProperty("hearth.measured")).map(Path::of).orElse(null));

  private Device() {}

  /** The backend; without an SDK the test is skipped, with one it must be there. */
  static TornadoBackend backend() {
    assumeThat(System.getenv("TORNADOVM_HOME")).as("TORNADOVM_HOME").isNotNull();
    List<BackendDevice> devices = new TornadoProvider().devices(MEASURED);
    assertThat(devices).isNotEmpty();
    return (TornadoBackend) devices.get(Integer.getInteger("hearth.device", 0)).backend();
  }
}
