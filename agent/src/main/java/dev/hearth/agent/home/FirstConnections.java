package dev.hearth.agent.home;

import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.mqtt.MqttConnection;
import java.time.Duration;
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
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final DeviceGateway gateway;

  FirstConnections(DeviceGateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public void run(ApplicationArguments args) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (MqttConnection connection : gateway.connections()) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      if (!connection.awaitConnected(left)) {
        LOG.warn("Not connected at the start: {}", connection.status().detail());
      }
    }
  }
}
