package dev.hearth.devices.gateway;

import dev.hearth.devices.command.CommandExecutor;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.registry.HomeStore;
import java.util.Map;

/** The way to the devices: connection, discovery, registry and executor in one. Thread-safe. */
public interface DeviceGateway extends AutoCloseable {
  /**
   * Starts; returns at once, while the connection is made and devices are discovered behind it.
   *
   * @param mqtt how to reach the broker
   * @param options how to behave
   * @param store where decisions about the home are kept
   * @return the gateway
   */
  static DeviceGateway start(MqttOptions mqtt, GatewayOptions options, HomeStore store) {
    return MqttDeviceGateway.start(mqtt, options, store);
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
   * @return what is wrong, by discovery topic; empty when all is well
   */
  Map<String, String> discoveryFaults();

  /**
   * The connection, for its status.
   *
   * @return the connection
   */
  MqttConnection connection();

  /** Stops everything; takes a few seconds at most. */
  @Override
  void close();
}
