package dev.hearth.devices.gateway;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.command.EvidenceExecutor;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttMessage;
import dev.hearth.devices.mqtt.MqttSubscription;
import dev.hearth.devices.registry.LiveHomeRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** An entity with its subscriptions. */
final class Bound {
  /** Hears every report, after the registry has it. */
  interface ReportListener {
    void reported(Entity after, StateUpdate update, boolean retained, long receivedNanos);

    void removed(EntityId id);
  }

  private final String source;
  private final EntityId id;
  private final Codec codec;
  private final MqttConnection connection;
  private final LiveHomeRegistry registry;
  private final ReportListener listener;
  private final List<MqttSubscription> subscriptions = new ArrayList<>();
  private final Expiry expiry;
  private volatile boolean closed;
  private CompletableFuture<Boolean> listening = CompletableFuture.completedFuture(true);

  Bound(
      String source,
      Discovered found,
      MqttConnection connection,
      LiveHomeRegistry registry,
      ScheduledExecutorService timers,
      ReportListener listener) {
    this.source = source;
    this.id = found.description().id();
    this.codec = found.codec();
    this.connection = connection;
    this.registry = registry;
    this.listener = listener;
    this.expiry =
        new Expiry(
            timers,
            codec,
            update -> {
              if (!closed) {
                registry.report(id, update);
              }
            });
  }

  /** Who announced it. */
  String source() {
    return source;
  }

  /** Whether it is reached by a connection. */
  boolean isOn(MqttConnection other) {
    return connection.equals(other);
  }

  EvidenceExecutor.Binding binding() {
    return new EvidenceExecutor.Binding(codec, listening, connection);
  }

  void listen() {
    for (String each : codec.topics()) {
      MqttSubscription subscription = connection.subscribe(each, this::hear);
      subscriptions.add(subscription);
      listening = listening.thenCombine(subscription.active(), (a, b) -> a && b);
    }
  }

  /** Takes a message of the entity; the connection hands them over one at a time. */
  private void hear(MqttMessage message) {
    if (closed) {
      return;
    }
    Entity before = registry.entity(id).orElse(null);
    if (before == null) {
      return;
    }
    StateUpdate update = codec.parse(message.topic(), message.payload(), before.state());
    if (message.retained() && update.values().containsKey(Attribute.EVENT)) {
      return; // It happened long ago.
    }
    if (update.empty()) {
      return;
    }
    expiry.heard(update);
    registry
        .report(id, update)
        .ifPresent(
            after -> listener.reported(after, update, message.retained(), message.receivedNanos()));
  }

  void close() {
    closed = true;
    expiry.close();
    subscriptions.forEach(MqttSubscription::close);
  }

  /** Asks devices for all they have to say, as soon as the answers can be heard. */
  static void greet(MqttConnection connection, Collection<Bound> entities) {
    Set<Outgoing> questions = new LinkedHashSet<>();
    List<CompletableFuture<?>> listening = new ArrayList<>();
    for (Bound each : entities) {
      if (!each.codec.greeting().isEmpty()) {
        questions.addAll(each.codec.greeting());
        listening.add(each.listening);
      }
    }
    if (!questions.isEmpty()) {
      var _ =
          CompletableFuture.allOf(listening.toArray(CompletableFuture[]::new))
              .thenRun(() -> ask(connection, questions));
    }
  }

  /** Sends questions; what is not sent is asked again after the next connect. */
  static void ask(MqttConnection connection, Collection<Outgoing> questions) {
    for (Outgoing each : questions) {
      var _ = connection.publish(each.topic(), each.payload());
    }
  }
}
