package dev.hearth.agent.home;

import dev.hearth.agent.start.DataDirectory;
import dev.hearth.agent.start.StartException;
import dev.hearth.agent.start.StartReport;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Home;
import dev.hearth.devices.command.CommandExecutor;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.gateway.Conventions;
import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.gateway.GatewayOptions;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.mqtt.Topics;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.registry.HomeStore;
import dev.hearth.devices.simulation.SimulatedHome;
import dev.hearth.devices.simulation.SimulationOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Connects the agent to its devices. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({HomeSettings.class, AnnounceSettings.class})
class HomeConfiguration {
  /**
   * How long every confirming report must stand. A bridge that echoes a command before the device
   * acts corrects itself within this time; haste alone does not give it away on a busy machine.
   */
  private static final Duration SETTLE = Duration.ofMillis(500);

  private static final Duration ERASE = Duration.ofSeconds(5);

  private static final Deadlines DEADLINES =
      new Deadlines(
          Deadlines.DEFAULTS.quick(),
          Deadlines.DEFAULTS.lock(),
          Deadlines.DEFAULTS.coverStart(),
          Deadlines.DEFAULTS.coverTravel(),
          Deadlines.DEFAULTS.climate(),
          SETTLE);

  @Bean(destroyMethod = "close")
  BrokerAccess brokerAccess(HomeSettings settings, DataDirectory data) {
    return new BrokerAccess(settings.mqtt(), data.path());
  }

  /** Null, for Spring no bean, without the simulation. */
  @Bean(destroyMethod = "close")
  @Nullable SimulatedHome simulatedHome(BrokerAccess broker, HomeSettings settings) {
    return settings.simulation()
        ? SimulatedHome.start(broker.options().withClientId("hearth-simulation"))
        : null;
  }

  @Bean(destroyMethod = "close")
  DeviceGateway deviceGateway(
      BrokerAccess broker,
      HomeSettings settings,
      AnnounceSettings announced,
      HomeStore store,
      HomeFileAtStart file)
      throws InterruptedException {
    file.apply();
    if (broker.embedded() && !settings.simulation()) {
      // What an earlier start with the simulated home left on the embedded broker would stay as
      // ghosts.
      SimulatedHome.erase(broker.options(), SimulationOptions.defaults(), ERASE);
    }
    requireTopics(
        "hearth.zigbee2mqtt",
        settings.zigbee2mqtt(),
        "Give base topics of Zigbee2MQTT without wildcards, such as zigbee2mqtt.");
    requireTopics(
        "hearth.tasmota",
        settings.tasmota(),
        "Give topics without wildcards; Tasmota itself knows tasmota/discovery alone.");
    requireTopics(
        "hearth.homie", settings.homie(), "Give base topics without wildcards, such as homie.");
    requireTopics(
        "hearth.valetudo",
        settings.valetudo(),
        "Give base topics without wildcards, such as valetudo.");
    for (String filter : settings.shelly()) {
      if (!Topics.isFilter(filter) || filter.contains("#")) {
        throw new StartException(
            "hearth.shelly has '" + filter + "', which is no filter of prefixes.",
            "Give + for prefixes of one level, or others such as home/shelly/+.");
      }
    }
    Conventions conventions =
        new Conventions(
            Conventions.DEFAULTS.homeAssistant(),
            settings.zigbee2mqtt(),
            settings.tasmota(),
            settings.shelly(),
            settings.homie(),
            settings.valetudo());
    List<MqttOptions> brokers = broker.all();
    brokers.set(0, brokers.getFirst().withWill(announced.will()));
    int most = settings.mqtt().mostEntities();
    if (most < 1) {
      throw new StartException(
          "hearth.mqtt.most-entities is " + most + ".", "Give a positive number, such as 25000.");
    }
    double patience = settings.patience();
    if (!(patience >= 0.5 && patience <= 20)) {
      throw new StartException(
          "hearth.patience is " + patience + ".", "Give a number from 0.5 to 20; 1 is usual.");
    }
    GatewayOptions options =
        GatewayOptions.DEFAULTS
            .withDeadlines(DEADLINES.times(patience))
            .withConventions(conventions)
            .withMaxEntities(most);
    return DeviceGateway.start(brokers, options, store);
  }

  private static void requireTopics(String key, List<String> topics, String remedy) {
    for (String topic : topics) {
      if (!Topics.isTopic(topic)) {
        throw new StartException(key + " has '" + topic + "', which is no topic.", remedy);
      }
    }
  }

  @Bean
  BrokerHealth brokerHealthIndicator(BrokerAccess broker, DeviceGateway gateway) {
    return new BrokerHealth(gateway, broker.all().stream().map(MqttOptions::label).toList());
  }

  @Bean
  HomeRegistry homeRegistry(DeviceGateway gateway) {
    return gateway.registry();
  }

  @Bean
  CommandExecutor commandExecutor(DeviceGateway gateway) {
    return gateway.executor();
  }

  @Bean
  @Order(20)
  StartReport brokerReport(BrokerAccess broker, DeviceGateway gateway) {
    return new StartReport() {
      @Override
      public String title() {
        return "Broker";
      }

      @Override
      public List<String> lines() {
        List<MqttOptions> brokers = broker.all();
        return IntStream.range(0, brokers.size())
            .mapToObj(i -> {
              boolean embedded = broker.embedded() && i == 0;
              String kind = embedded ? "embedded, this machine only" : "external";
              String detail = gateway.connections().get(i).status().detail();
              return brokers.get(i).label() + " (" + kind + "), " + detail;
            })
            .toList();
      }
    };
  }

  @Bean
  @Order(30)
  StartReport deviceReport(HomeRegistry registry, HomeSettings settings) {
    return new StartReport() {
      @Override
      public String title() {
        return "Devices";
      }

      @Override
      public List<String> lines() {
        Home home = registry.home();
        long exposed = home.entities().stream().filter(Entity::exposed).count();
        return List.of(
            "%d devices, %d entities (%d exposed) in %d areas on %d floors%s"
                .formatted(
                    home.devices().size(),
                    home.entities().size(),
                    exposed,
                    home.areas().size(),
                    home.floors().size(),
                    settings.simulation() ? ", simulated home on" : ""));
      }
    };
  }
}
