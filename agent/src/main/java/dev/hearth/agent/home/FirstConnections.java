package dev.hearth.agent.home;

import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttStatus;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Waits for the brokers before the agent calls itself ready, or the first command would find no
 * connection. A broker that does not answer soon delays the start and does not stop it.
 */
@Component
class FirstConnections implements ApplicationRunner {
  private static final Logger LOG = LoggerFactory.getLogger(FirstConnections.class);

  /** For a broker that cannot be reached, which may be starting as well. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** For a try that has not failed: a busy machine takes its time for all the subscriptions. */
  private static final Duration WHILE_CONNECTING = Duration.ofSeconds(30);

  private final DeviceGateway gateway;

  FirstConnections(DeviceGateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public void run(ApplicationArguments args) throws InterruptedException {
    long start = System.nanoTime();
    for (MqttConnection connection : gateway.connections()) {
      boolean connected = connection.awaitConnected(left(start, PATIENCE));
      if (!connected) {
        awaitTried(connection, left(start, WHILE_CONNECTING));
        connected = connection.status().connected();
      }
      if (!connected) {
        LOG.warn("Not connected at the start: {}", connection.status().detail());
      }
    }
  }

  /** Waits until it is connected or a try has failed. */
  private static void awaitTried(MqttConnection connection, Duration patience)
      throws InterruptedException {
    CountDownLatch tried = new CountDownLatch(1);
    try (MqttConnection.Registration _ =
        connection.onStatus(status -> {
          if (status.phase() != MqttStatus.Phase.CONNECTING) {
            tried.countDown();
          }
        })) {
      if (!tried.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.debug("Still trying: {}", connection.status().detail());
      }
    }
  }

  private static Duration left(long start, Duration patience) {
    return Duration.ofNanos(Math.max(0, start + patience.toNanos() - System.nanoTime()));
  }
}
