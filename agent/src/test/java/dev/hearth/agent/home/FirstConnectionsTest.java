package dev.hearth.agent.home;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.Mosquitto;
import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.gateway.GatewayOptions;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.registry.InMemoryHomeStore;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.springframework.boot.DefaultApplicationArguments;

/** On a real broker, and on a port that nobody listens to. */
class FirstConnectionsTest {

  private static DeviceGateway gateway(String broker) {
    return DeviceGateway.start(
        MqttOptions.of(broker), GatewayOptions.DEFAULTS, new InMemoryHomeStore());
  }

  @Test
  void whoIsReadyIsConnected() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        DeviceGateway gateway = gateway(broker.uri())) {
      new FirstConnections(gateway).run(new DefaultApplicationArguments());
      assertThat(gateway.connections()).allMatch(connection -> connection.status().connected());
    }
  }

  @Test
  void aBrokerOutOfReachDoesNotStopTheStart() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (DeviceGateway gateway = gateway("tcp://127.0.0.1:" + port)) {
      new FirstConnections(gateway).run(new DefaultApplicationArguments());
      assertThat(gateway.connections())
          .extracting(MqttConnection::status)
          .noneMatch(status -> status.connected());
    }
  }
}
