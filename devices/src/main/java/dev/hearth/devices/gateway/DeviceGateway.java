package dev.hearth.devices.gateway;

import dev.hearth.devices.command.CommandExecutor;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.registry.HomeStore;
import java.util.List;
import java.util.Map;

/** The way to the devices: connection, discovery, registry and executor in one. Thread-safe. */
public interface DeviceGateway extends AutoCloseable {
  /**
   * Starts; returns at once, while the connection is made and devices are discovered behind it.
   *
   * @param brokers how to reach the brokers, one at least; what they know makes one home. A device
   *     that two of them know belongs to the one that said so first
   * @param options how to behave, the same for all brokers
   * @param store where decisions about the home are kept
   * @return the gateway
   * @throws IllegalArgumentException when there is no broker
   */
  static DeviceGateway start(List<MqttOptions> brokers, GatewayOptions options, HomeStore store) {
    if (brokers.isEmpty()) {
      throw new IllegalArgumentException("A gateway needs one broker at least");
    }
    return MqttDeviceGateway.start(brokers, options, store);
  }

  /**
   * Starts with one broker.
   *
   * @param mqtt how to reach the broker
   * @param options how to behave
   * @param store where decisions about the home are kept
   * @return the gateway
   */
  static DeviceGateway start(MqttOptions mqtt, GatewayOptions options, HomeStore store) {
    return start(List.of(mqtt), options, store);
  }

  /**
   * The home.
   *
   * @return the registry
   */
  HomeRegistry registry();

  /**
   * The way to command entities.
   *
   * @return the executor
   */
  CommandExecutor executor();

  /**
   * What is wrong with the latest announcements. The entities concerned are as an earlier
   * announcement left them.
   *
   * @return what is wrong, by discovery topic, with the broker before it where there are several;
   *     empty when all is well
   */
  Map<String, String> discoveryFaults();

  /**
   * How many announcements are ignored, wholly or in part, because there are as many entities as
   * {@link GatewayOptions#maxEntities()} allows.
   *
   * @return 0 to 1,000; beyond that they are not counted
   */
  int ignoredAnnouncements();

  /**
   * The connections, for their status.
   *
   * @return one for each broker, in the order given
   */
  List<MqttConnection> connections();

  /**
   * The connection to the first broker, mostly the only one.
   *
   * @return the connection
   */
  default MqttConnection connection() {
    return connections().getFirst();
  }

  /** Stops everything; takes a few seconds at most. */
  @Override
  void close();
}
