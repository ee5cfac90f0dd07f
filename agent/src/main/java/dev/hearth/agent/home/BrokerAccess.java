package dev.hearth.agent.home;

import dev.hearth.agent.start.StartException;
import dev.hearth.devices.broker.BrokerOptions;
import dev.hearth.devices.broker.BrokerStartException;
import dev.hearth.devices.broker.EmbeddedBroker;
import dev.hearth.devices.mqtt.MqttOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the brokers: the one that was configured, or the embedded one, and further ones. The
 * embedded broker starts on a thread of its own as soon as this is created, for it takes longer
 * than anything else.
 */
final class BrokerAccess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerAccess.class);
  private static final String USER = "hearth";
  private static final int PASSWORD_BYTES = 24;
  private static final String REMEDY =
      "Or use a broker of your own: ./hearth up --broker tcp://host:1883 (HEARTH_BROKER).";

  private final MqttOptions options;
  private final List<MqttOptions> others;
  private final boolean embedded;
  private final @Nullable Thread starter;
  private volatile @Nullable EmbeddedBroker broker;
  private volatile @Nullable RuntimeException failure;

  BrokerAccess(HomeSettings.Mqtt settings, Path data) {
    this.embedded = settings.embedded();
    this.others = settings.others().stream().map(BrokerSettings::options).toList();
    if (!embedded) {
      this.options = settings.first().options();
      this.starter = null;
      return;
    }
    Path folder = data.resolve("broker");
    String password = password(data);
    int port = freePort(settings.port());
    this.options = MqttOptions.of("tcp://127.0.0.1:" + port).withCredentials(USER, password);
    this.starter =
        Thread.ofPlatform()
            .name("embedded-broker")
            .start(() -> {
              try {
                broker = EmbeddedBroker.start(new BrokerOptions(port, folder, USER, password));
              } catch (BrokerStartException e) {
                failure = new StartException(e.getMessage() + ".", REMEDY, e);
              } catch (RuntimeException e) {
                failure = e;
              }
            });
  }

  boolean embedded() {
    return embedded;
  }

  /** How to connect; waits for the embedded broker. */
  MqttOptions options() {
    await();
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return options;
  }

  /** How to connect to all brokers, this one first; waits for the embedded broker. */
  List<MqttOptions> all() {
    List<MqttOptions> all = new ArrayList<>(others);
    all.addFirst(options());
    return all;
  }

  private void await() {
    Thread thread = starter;
    if (thread == null) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the embedded broker starts", e);
    }
  }

  @Override
  public void close() {
    await();
    EmbeddedBroker running = broker;
    if (running != null) {
      running.close();
    }
  }

  /** The wished port, or another when something else listens there. */
  private static int freePort(int wished) {
    try (ServerSocket probe = new ServerSocket(wished, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException taken) {
      try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        LOG.warn(
            "port {} is taken ({}); the embedded broker takes {} instead. To use the broker that"
                + " runs there, start with --broker tcp://127.0.0.1:{}",
            wished,
            taken.getMessage(),
            other.getLocalPort(),
            wished);
        return other.getLocalPort();
      } catch (IOException e) {
        throw new UncheckedIOException("No port is free for the embedded broker", e);
      }
    }
  }

  /** The embedded broker's password, made at the first start and readable by the owner only. */
  private static String password(Path data) {
    Path file = data.resolve("broker-password");
    try {
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      byte[] bytes = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(bytes);
      String password = HexFormat.of().formatHex(bytes);
      if (Files.getFileStore(data).supportsFileAttributeView("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.write(file, password.getBytes(StandardCharsets.UTF_8));
      return password;
    } catch (IOException e) {
      throw new UncheckedIOException("The broker's password cannot be kept in " + file, e);
    }
  }
}
