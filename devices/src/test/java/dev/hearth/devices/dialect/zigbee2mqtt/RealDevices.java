package dev.hearth.devices.dialect.zigbee2mqtt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * What Zigbee2MQTT says of every device that it knows: an entry of {@code bridge/devices} for each
 * of its definitions. The script {@code src/test/zigbee/prepare} fetches and writes them.
 */
final class RealDevices {
  private static final Path SCRIPT = Path.of("src/test/zigbee/prepare");
  private static final Path FILE = Path.of("target/zigbee/definitions.jsonl");

  private RealDevices() {}

  /** One JSON object a line; skips the test when they cannot be had and CI is not set. */
  static List<String> lines() {
    String problem = prepare();
    if (problem != null) {
      String message =
          "the definitions of real Zigbee devices cannot be had (they need node, npm and its"
              + " registry): "
              + problem;
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(message + "; CI must not skip these tests");
      }
      Assumptions.abort(message);
    }
    try {
      return Files.readAllLines(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable String prepare() {
    try {
      Process process =
          new ProcessBuilder("bash", SCRIPT.toString()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return SCRIPT + " takes too long";
      }
      return process.exitValue() == 0 ? null : SCRIPT + " failed: " + said.strip();
    } catch (IOException e) {
      return SCRIPT + " cannot be started: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return SCRIPT + " was interrupted";
    }
  }
}
