package dev.hearth.devices.mqtt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Mosquitto on a free port of the loopback interface, that tests start, kill and restart.
 */
public final class Mosquitto implements AutoCloseable {
  private final Path binary;
  private final Path folder;
  private final int port;
  private final List<String> settings;
  private @Nullable Process process;

  private Mosquitto(Path binary, Path folder, int port, List<String> settings) {
    this.binary = binary;
    this.folder = folder;
    this.port = port;
    this.settings = new ArrayList<>(settings);
  }

  /** Starts a broker for anybody; skips the test when Mosquitto is missing and CI is not set. */
  public static Mosquitto start(String... settings) {
    Mosquitto broker = stopped(settings);
    broker.restart();
    return broker;
  }

  /** Starts a broker that lets in one user alone. */
  public static Mosquitto startWithPassword(String user, String password) {
    Mosquitto broker = stopped("allow_anonymous false", "password_file PASSWORDS");
    try {
      byte[] salt = "0123456789ab".getBytes(StandardCharsets.UTF_8);
      int iterations = 101;
      byte[] hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 512))
              .getEncoded();
      Base64.Encoder base64 = Base64.getEncoder();
      Files.writeString(
          broker.folder.resolve("passwords"),
          user
              + ":$7$"
              + iterations
              + "$"
              + base64.encodeToString(salt)
              + "$"
              + base64.encodeToString(hash)
              + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    broker.restart();
    return broker;
  }

  /** A broker that is not running yet. */
  public static Mosquitto stopped(String... settings) {
    Path binary = find();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path folder = Files.createTempDirectory("mosquitto");
      return new Mosquitto(
          binary,
          folder,
          free.getLocalPort(),
          settings.length == 0 ? List.of("allow_anonymous true") : List.of(settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path find() {
    String path = System.getenv().getOrDefault("PATH", "");
    Path found =
        Stream.concat(
                Stream.of(path.split(java.io.File.pathSeparator)),
                Stream.of("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"))
            .filter(folder -> !folder.isBlank())
            .map(folder -> Path.of(folder, "mosquitto"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    if (found == null) {
      String message = "mosquitto is not installed (Debian: apt install mosquitto)";
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(message + ", and CI must not skip these tests");
      }
      Assumptions.abort(message);
      throw new IllegalStateException(message);
    }
    return found;
  }

  /** Adds lines to its configuration, in which FOLDER stands for its folder. */
  public void settings(String... lines) {
    settings.addAll(List.of(lines));
  }

  /** Starts the broker, with nothing left of an earlier run. */
  public void restart() {
    try {
      Path config = folder.resolve("mosquitto.conf");
      StringBuilder text =
          new StringBuilder("listener " + port + " 127.0.0.1\npersistence false\n");
      if ("root".equals(System.getProperty("user.name"))) {
        text.append("user root\n");
      }
      settings.forEach(line ->
          text.append(
                  line.replace("PASSWORDS", folder.resolve("passwords").toString())
                      .replace("FOLDER", folder.toString()))
              .append('\n'));
      Files.writeString(config, text);
      process =
          new ProcessBuilder(binary.toString(), "-c", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("mosquitto.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("mosquitto on port " + port)
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .until(this::listening);
  }

  private boolean listening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills the broker without a goodbye to its clients. */
  public void kill() {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroyForcibly();
    running.onExit().join();
    process = null;
  }

  /** Stops the broker's process in its tracks, so that it accepts and never answers. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets a frozen broker go on. */
  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("mosquitto is not running");
    }
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(running.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its port on the loopback interface. */
  public int port() {
    return port;
  }

  /** Where to write files for the broker's settings. */
  public Path folder() {
    return folder;
  }

  /** Options to connect, with short pauses so that tests are quick. */
  public MqttOptions options() {
    return MqttOptions.of("tcp://127.0.0.1:" + port)
        .withConnectTimeout(Duration.ofSeconds(20))
        .withBackoff(Duration.ofMillis(50), Duration.ofMillis(200));
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
