package dev.hearth.agent;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.springframework.test.util.TestSocketUtils;
import org.springframework.util.FileSystemUtils;

/** A real Mosquitto on a free port of the loopback interface, that a test kills and restarts. */
public final class Mosquitto implements AutoCloseable {
  private final Path binary;
  private final Path folder;
  private final int port;
  private @Nullable Process process;

  private Mosquitto(Path binary, Path folder, int port) {
    this.binary = binary;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts a broker for anybody, with more settings of its listener; skips the test when Mosquitto
   * is missing and CI is not set.
   */
  public static Mosquitto start(String... settings) {
    Path binary = find();
    int port = TestSocketUtils.findAvailableTcpPort();
    Path folder;
    try {
      folder = Files.createTempDirectory("mosquitto");
      Files.writeString(
          folder.resolve("mosquitto.conf"),
          """
          listener %d 127.0.0.1
          allow_anonymous true
          persistence false
          set_tcp_nodelay true
          user %s
          %s
          """
              .formatted(port, System.getProperty("user.name"), String.join("\n", settings)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Mosquitto broker = new Mosquitto(binary, folder, port);
    broker.restart();
    return broker;
  }

  private static Path find() {
    return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/opt/homebrew/sbin")
        .map(folder -> Path.of(folder, "mosquitto"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> {
          String message = "mosquitto is not installed (Debian: apt install mosquitto)";
          if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(message + ", and CI must not skip these tests");
          }
          return Assumptions.abort(message);
        });
  }

  /** Starts the broker, with nothing left of an earlier run. */
  public void restart() {
    try {
      process =
          new ProcessBuilder(binary.toString(), "-c", folder.resolve("mosquitto.conf").toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await("mosquitto on port " + port)
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> {
          new Socket(InetAddress.getLoopbackAddress(), port).close();
          return true;
        });
  }

  /** Kills the broker without a goodbye to its clients. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().onExit().join();
      process = null;
    }
  }

  public String uri() {
    return "tcp://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    kill();
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
