package dev.hearth.devices.gateway;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.command.EvidenceExecutor;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Codec;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryFault;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttMessage;
import dev.hearth.devices.mqtt.MqttSubscription;
import dev.hearth.devices.registry.LiveHomeRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who announced which entity, and the subscriptions that follow from it. An entity belongs to the
 * topic that announced it first: another topic cannot take it over, unless the first has said that
 * it is moving. Thread-safe.
 */
final class Catalogue {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

  /** What one discovery topic announced. */
  private static final class Source {
    private byte[] payload = new byte[0];
    private boolean moving;
    private final Set<EntityId> entities = new LinkedHashSet<>();
  }

  /**
   * An announcement of an entity that belongs to another topic. It stands until that one lets go: a
   * publisher may announce an entity on its new topic before the old one says that it is moving.
   */
  private record Claim(String topic, Discovered found) {}

  private final MqttConnection connection;
  private final LiveHomeRegistry registry;
  private final ScheduledExecutorService timers;
  private final int maxEntities;
  private final ReportListener listener;
  private final Map<String, Source> sources = new HashMap<>();
  private final Map<EntityId, Bound> bound = new HashMap<>();
  private final Map<EntityId, Claim> claims = new HashMap<>();
  private boolean full;

  /** Hears every report, after the registry has it. */
  interface ReportListener {
    void reported(Entity after, StateUpdate update, boolean retained, long receivedNanos);

    void removed(EntityId id);
  }

  Catalogue(
      MqttConnection connection,
      LiveHomeRegistry registry,
      ScheduledExecutorService timers,
      int maxEntities,
      ReportListener listener) {
    this.connection = connection;
    this.registry = registry;
    this.timers = timers;
    this.maxEntities = maxEntities;
    this.listener = listener;
  }

  /** Whether this very announcement is in place already. */
  synchronized boolean knows(String topic, byte[] payload) {
    Source source = sources.get(topic);
    return source != null && payload.length > 0 && Arrays.equals(source.payload, payload);
  }

  synchronized void announce(String topic, byte[] payload, Announcement announcement) {
    switch (announcement) {
      case Announcement.Entities(List<Discovered> entities) ->
          replace(topic, payload, entities, id -> false);
      case Announcement.Partly(List<Discovered> entities, List<DiscoveryFault> faults) -> {
        // Whoever may be meant by a fault stays as it was.
        boolean any = faults.stream().anyMatch(fault -> fault.entity() == null);
        replace(
            topic,
            payload,
            entities,
            id -> any || faults.stream().anyMatch(fault -> id.equals(fault.entity())));
      }
      case Announcement.Gone g -> gone(topic);
      case Announcement.Moving m -> {
        Source source = sources.get(topic);
        if (source != null) {
          source.moving = true;
          source.payload = payload.clone();
          List.copyOf(source.entities).forEach(this::grant);
        }
      }
      case Announcement.Ignored(String reason) -> LOG.debug("Ignored '{}': {}", topic, reason);
    }
  }

  private void replace(
      String topic, byte[] payload, List<Discovered> entities, Predicate<EntityId> stays) {
    claims.values().removeIf(claim -> claim.topic.equals(topic));
    Source source = sources.computeIfAbsent(topic, t -> new Source());
    source.payload = payload.clone();
    source.moving = false;
    Set<EntityId> left = new HashSet<>(source.entities);
    for (Discovered each : entities) {
      EntityId id = each.description().id();
      Bound before = bound.get(id);
      if (before != null && !before.topic.equals(topic)) {
        Source owner = sources.get(before.topic);
        if (owner != null && !owner.moving) {
          LOG.warn(
              "'{}' announces {}, which belongs to '{}' already; left alone. Give each entity its own"
                  + " unique_id",
              topic,
              id,
              before.topic);
          if (claims.size() < maxEntities) {
            claims.put(id, new Claim(topic, each));
          }
          continue;
        }
        if (owner != null) {
          owner.entities.remove(id);
        }
      }
      if (before == null && bound.size() >= maxEntities) {
        if (!full) {
          LOG.warn(
              "'{}' is ignored: there are {} entities already, which is the limit",
              topic,
              maxEntities);
        }
        full = true;
        continue;
      }
      left.remove(id);
      source.entities.add(id);
      bind(topic, each, before);
    }
    left.stream().filter(stays.negate()).toList().forEach(id -> drop(source, id));
    if (source.entities.isEmpty()) {
      sources.remove(topic);
    }
  }

  private void bind(String topic, Discovered found, @Nullable Bound before) {
    registry.announce(found.description());
    Bound now = new Bound(topic, found.description().id(), found.codec());
    bound.put(now.id, now);
    now.listen();
    LOG.debug("{} announced on '{}', listening to {}", now.id, topic, found.codec().topics());
    if (before != null) {
      before.close();
    }
  }

  /** Gives an entity to the topic that claimed it, if any. */
  private void grant(EntityId id) {
    Claim claim = claims.remove(id);
    if (claim == null) {
      return;
    }
    Bound before = bound.get(id);
    Source owner = before == null ? null : sources.get(before.topic);
    if (owner != null) {
      owner.entities.remove(id);
    }
    sources.computeIfAbsent(claim.topic, t -> new Source()).entities.add(id);
    bind(claim.topic, claim.found, before);
  }

  private void gone(String topic) {
    claims.values().removeIf(claim -> claim.topic.equals(topic));
    Source source = sources.remove(topic);
    if (source != null) {
      List.copyOf(source.entities).forEach(id -> drop(source, id));
    }
  }

  private void drop(Source source, EntityId id) {
    source.entities.remove(id);
    Bound gone = bound.remove(id);
    if (gone != null) {
      gone.close();
    }
    full = false;
    registry.remove(id);
    listener.removed(id);
    grant(id);
  }

  synchronized Optional<EvidenceExecutor.Binding> binding(EntityId id) {
    return Optional.ofNullable(bound.get(id))
        .map(b -> new EvidenceExecutor.Binding(b.codec, b.listening));
  }

  /** An entity with its subscriptions. */
  private final class Bound {
    private final String topic;
    private final EntityId id;
    private final Codec codec;
    private final List<MqttSubscription> subscriptions = new ArrayList<>();
    private final Expiry expiry;
    private volatile boolean closed;
    private CompletableFuture<Boolean> listening = CompletableFuture.completedFuture(true);

    Bound(String topic, EntityId id, Codec codec) {
      this.topic = topic;
      this.id = id;
      this.codec = codec;
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
      if (!update.aboutState() && update.availability() == null) {
        return;
      }
      expiry.heard(update);
      registry
          .report(id, update)
          .ifPresent(after ->
              listener.reported(after, update, message.retained(), message.receivedNanos()));
    }

    void close() {
      closed = true;
      expiry.close();
      subscriptions.forEach(MqttSubscription::close);
    }
  }
}
