package dev.hearth.devices.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.command.Outcome;
import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.gateway.GatewayOptions;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.registry.InMemoryHomeStore;
import dev.hearth.devices.simulation.SimulatedHome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default set-up of Hearth in one process: broker, simulated home, gateway. */
class SimulatedHomeOnEmbeddedBrokerTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void carriesAHomeAndRemembersItsDevicesOverARestart() throws Exception {
    BrokerOptions options = new BrokerOptions(0, folder, "hearth", "secret");
    try (EmbeddedBroker broker = EmbeddedBroker.start(options);
        SimulatedHome home = SimulatedHome.start(mqtt(broker));
        DeviceGateway gateway = gateway(broker)) {
      awaitEntities(gateway, Availability.ONLINE);
      Outcome outcome =
          gateway
              .executor()
              .execute(new EntityId("light.kitchen_ceiling"), new Command.SetBrightness(30))
              .get(20, TimeUnit.SECONDS);
      assertThat(outcome.evidence().done()).as(outcome.toString()).isTrue();
      assertThat(home.device("kitchen_ceiling").actual().brightnessPercent()).hasValue(30);
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(options);
        DeviceGateway gateway = gateway(broker)) {
      awaitEntities(gateway, Availability.OFFLINE);
    }
  }

  private static MqttOptions mqtt(EmbeddedBroker broker) {
    return MqttOptions.of(broker.uri()).withCredentials("hearth", "secret");
  }

  private static DeviceGateway gateway(EmbeddedBroker broker) {
    return DeviceGateway.start(mqtt(broker), GatewayOptions.DEFAULTS, new InMemoryHomeStore());
  }

  private static void awaitEntities(DeviceGateway gateway, Availability availability) {
    Awaitility.await("48 entities " + availability)
        .atMost(SOON)
        .until(() ->
            gateway.registry().home().entities().stream()
                    .filter(each -> each.availability() == availability)
                    .count()
                == 48);
  }
}
