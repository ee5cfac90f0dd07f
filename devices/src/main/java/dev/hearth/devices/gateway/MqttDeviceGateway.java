package dev.hearth.devices.gateway;

import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.command.CommandExecutor;
import dev.hearth.devices.command.EvidenceExecutor;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Dialect;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.DiscoveryFault;
import dev.hearth.devices.dialect.homeassistant.HomeAssistantDiscovery;
import dev.hearth.devices.dialect.zigbee2mqtt.Zigbee2MqttDiscovery;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttMessage;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.registry.HomeStore;
import dev.hearth.devices.registry.LiveHomeRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway over the connections to one or more brokers. */
final class MqttDeviceGateway implements DeviceGateway {
  private static final Logger LOG = LoggerFactory.getLogger(MqttDeviceGateway.class);

  private final List<MqttConnection> connections;
  private final LiveHomeRegistry registry;
  private final EvidenceExecutor executor;
  private final Catalogue catalogue;
  private final Faults faults = new Faults();
  private final ScheduledThreadPoolExecutor timers;

  private MqttDeviceGateway(List<MqttOptions> brokers, GatewayOptions options, HomeStore store) {
    registry = new LiveHomeRegistry(store, options.exposeDiscovered(), Clock.systemUTC());
    timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("hearth-expiry").factory());
    timers.setRemoveOnCancelPolicy(true);
    connections = brokers.stream().map(MqttConnection::start).toList();
    Forward forward = new Forward();
    catalogue = new Catalogue(registry, timers, options.maxEntities(), forward);
    executor =
        new EvidenceExecutor(
            registry::entity, catalogue::binding, connections, options.deadlines());
    forward.to = executor;
    for (int i = 0; i < brokers.size(); i++) {
      MqttConnection connection = connections.get(i);
      // Two brokers may have the same topics.
      String label = brokers.size() == 1 ? "" : brokers.get(i).label() + " ";
      List<Dialect> dialects = dialects(options);
      for (int rank = 0; rank < dialects.size(); rank++) {
        new Ear(connection, label, rank, dialects.get(rank)).listen();
      }
      if (options.announceBirth()) {
        announceBirth(connection, options.discoveryPrefixes());
      }
    }
  }

  private static void announceBirth(MqttConnection connection, List<String> prefixes) {
    connection.onStatus(status -> {
      if (status.connected()) {
        for (String prefix : prefixes) {
          var _ = connection.publish(prefix + "/status", "online");
        }
      }
    });
  }

  /** The dialects, the best first. */
  private static List<Dialect> dialects(GatewayOptions options) {
    List<Dialect> dialects = new ArrayList<>();
    options.zigbee2mqttTopics().forEach(each -> dialects.add(new Zigbee2MqttDiscovery(each)));
    options.discoveryPrefixes().forEach(each -> dialects.add(new HomeAssistantDiscovery(each)));
    return dialects;
  }

  static DeviceGateway start(List<MqttOptions> brokers, GatewayOptions options, HomeStore store) {
    return new MqttDeviceGateway(brokers, options, store);
  }

  /** Hears what is announced to one broker in one dialect. */
  private final class Ear {
    private final MqttConnection connection;
    private final String label;
    private final int rank;
    private final Dialect dialect;

    Ear(MqttConnection connection, String label, int rank, Dialect dialect) {
      this.connection = connection;
      this.label = label;
      this.rank = rank;
      this.dialect = dialect;
    }

    void listen() {
      for (String filter : dialect.filters()) {
        connection.subscribe(filter, this::hear);
      }
    }

    private void hear(MqttMessage message) {
      String topic = label + message.topic();
      try {
        List<Announced> all = dialect.announcements(message.topic(), message.payload());
        faults.clear(topic);
        all.forEach(this::take);
      } catch (DiscoveryException e) {
        fault(topic, String.valueOf(e.getMessage()));
      }
    }

    private void take(Announced each) {
      String source = label + each.source();
      catalogue.announce(
          connection, rank, new Announced(source, each.content(), each.announcement()));
      switch (each.announcement()) {
        case Announcement.Faulty(String reason) -> fault(source, reason);
        case Announcement.Partly(var _, List<DiscoveryFault> wrong) ->
            fault(
                source,
                wrong.stream().map(DiscoveryFault::message).collect(Collectors.joining("; ")));
        default -> faults.clear(source);
      }
    }
  }

  private void fault(String topic, String message) {
    if (faults.put(topic, message)) {
      LOG.warn("The announcement on '{}' is not used, or not all of it: {}", topic, message);
    }
  }

  /** Breaks the circle between catalogue and executor. */
  private static final class Forward implements Catalogue.ReportListener {
    private volatile EvidenceExecutor to;

    @SuppressWarnings("NullAway.Init") // set before the first subscription
    Forward() {}

    @Override
    public void reported(Entity after, StateUpdate update, boolean retained, long receivedNanos) {
      to.reported(after, update, retained, receivedNanos);
    }

    @Override
    public void removed(EntityId id) {
      to.removed(id);
    }
  }

  @Override
  public HomeRegistry registry() {
    return registry;
  }

  @Override
  public CommandExecutor executor() {
    return executor;
  }

  @Override
  public Map<String, String> discoveryFaults() {
    return faults.all();
  }

  @Override
  public List<MqttConnection> connections() {
    return connections;
  }

  @Override
  public void close() {
    executor.close();
    connections.forEach(MqttConnection::close);
    timers.shutdownNow();
    registry.close();
  }
}
