package dev.hearth.agent.home;

import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttStatus;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Says in words how the connections to the brokers are, and which announcements of devices cannot
 * be used. Only a broker that is out of reach makes the agent unwell.
 */
final class BrokerHealth implements HealthIndicator {
  private static final int MOST_FAULTS = 20;

  private final DeviceGateway gateway;
  private final List<String> labels;

  /**
   * The health.
   *
   * @param gateway the gateway
   * @param labels what to call its brokers, in its order
   */
  BrokerHealth(DeviceGateway gateway, List<String> labels) {
    this.gateway = gateway;
    this.labels = labels;
  }

  @Override
  public Health health() {
    List<MqttConnection> connections = gateway.connections();
    Health.Builder health = Health.up();
    for (int i = 0; i < connections.size(); i++) {
      MqttStatus status = connections.get(i).status();
      if (!status.connected()) {
        health.down();
      }
      health.withDetail(labels.get(i), status.detail());
      long dropped = connections.get(i).dropped();
      if (dropped > 0) {
        health.withDetail(
            "dropped messages of " + labels.get(i),
            dropped + " since the start: they came faster than they could be read");
      }
    }
    Map<String, String> faults = gateway.discoveryFaults();
    faults.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .limit(MOST_FAULTS)
        .forEach(each -> health.withDetail("announcement " + each.getKey(), each.getValue()));
    if (faults.size() > MOST_FAULTS) {
      health.withDetail("more faulty announcements", faults.size() - MOST_FAULTS);
    }
    int ignored = gateway.ignoredAnnouncements();
    if (ignored > 0) {
      health.withDetail(
          "ignored announcements",
          ignored + ": there are as many entities as hearth.mqtt.most-entities allows; raise it");
    }
    return health.build();
  }
}
