package dev.hearth.devices.gateway;

import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Names;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.command.CommandExecutor;
import dev.hearth.devices.command.EvidenceExecutor;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Dialect;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.DiscoveryFault;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.homeassistant.HomeAssistantDiscovery;
import dev.hearth.devices.dialect.homie.HomieDiscovery;
import dev.hearth.devices.dialect.shelly.FirstGenerationDiscovery;
import dev.hearth.devices.dialect.shelly.ShellyDiscovery;
import dev.hearth.devices.dialect.tasmota.TasmotaDiscovery;
import dev.hearth.devices.dialect.valetudo.ValetudoRooms;
import dev.hearth.devices.dialect.zigbee2mqtt.Zigbee2MqttDiscovery;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttMessage;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.mqtt.Topics;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.registry.HomeStore;
import dev.hearth.devices.registry.LiveHomeRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

  /** What was to be asked while a connection still subscribed, and could not be sent. */
  private final Map<MqttConnection, Set<Outgoing>> unasked = new HashMap<>();

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
      greet(connection, options);
    }
  }

  private void greet(MqttConnection connection, GatewayOptions options) {
    connection.onStatus(status -> {
      if (status.connected()) {
        catalogue.reconnected(connection);
        synchronized (unasked) {
          Bound.ask(connection, Objects.requireNonNullElse(unasked.remove(connection), Set.of()));
        }
      }
    });
    if (options.announceBirth()) {
      announceBirth(connection, options.conventions().homeAssistant());
    }
  }

  /** Sends questions, or keeps them until the connection is there: it hears before it may speak. */
  private void ask(MqttConnection connection, List<Outgoing> questions) {
    synchronized (unasked) {
      if (connection.status().connected()) {
        Bound.ask(connection, questions);
      } else {
        unasked.computeIfAbsent(connection, c -> new LinkedHashSet<>()).addAll(questions);
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
    Conventions where = options.conventions();
    List<Dialect> dialects = new ArrayList<>();
    where.zigbee2mqtt().forEach(each -> dialects.add(new Zigbee2MqttDiscovery(each)));
    where.tasmota().forEach(each -> dialects.add(new TasmotaDiscovery(each)));
    where.shelly().forEach(each -> dialects.add(new ShellyDiscovery(each)));
    if (!where.shelly().isEmpty()) {
      dialects.add(new FirstGenerationDiscovery());
    }
    where.homie().forEach(each -> dialects.add(new HomieDiscovery(each)));
    where.homeAssistant().forEach(each -> dialects.add(new HomeAssistantDiscovery(each)));
    where.valetudo().forEach(each -> dialects.add(new ValetudoRooms(each)));
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
      if (!Topics.isTopic(message.topic())) {
        return; // Nobody could answer on it; MQTT lets it be 64 KB long, some brokers anything.
      }
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
                Names.line(
                    wrong.stream().map(DiscoveryFault::message).collect(Collectors.joining("; "))));
        case Announcement.Asking(List<Outgoing> questions) -> ask(connection, questions);
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
  private static final class Forward implements Bound.ReportListener {
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
  public int ignoredAnnouncements() {
    return catalogue.ignored();
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
