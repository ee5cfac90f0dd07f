package dev.hearth.devices.gateway;

import dev.hearth.devices.EntityId;
import dev.hearth.devices.command.EvidenceExecutor;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryFault;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.registry.LiveHomeRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who announced which entity, and the subscriptions that follow from it. An entity belongs to the
 * source that announced it first: another source cannot take it over, unless the first has said
 * that it is moving.
 *
 * <p>A device that announces itself in two dialects is one device: the dialect of the lower rank
 * has it ({@link Marks} tell), and what the other one says of it waits until the first lets go.
 * Thread-safe.
 */
final class Catalogue {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

  /** A source with entities in the home. */
  private static final class Source {
    private final MqttConnection connection;
    private final int rank;
    private final Announced announced;
    private final Marks marks;
    private final Set<EntityId> entities = new LinkedHashSet<>();
    private boolean moving;
    private boolean complete = true;

    Source(MqttConnection connection, int rank, Announced announced, Marks marks) {
      this.connection = connection;
      this.rank = rank;
      this.announced = announced;
      this.marks = marks;
    }

    String name() {
      return announced.source();
    }
  }

  /**
   * An announcement of an entity that belongs to another source. It stands until that one lets go:
   * a publisher may announce an entity on its new topic before the old one says that it is moving.
   */
  private record Claim(Source source, Discovered found) {}

  /** What a source said of a device that a better dialect has. */
  private record Waiting(MqttConnection connection, int rank, Announced announced, Marks marks) {}

  /** Of how many we know that they are ignored; anybody may announce any number. */
  private static final int MOST_IGNORED = 1_000;

  private final LiveHomeRegistry registry;
  private final ScheduledExecutorService timers;
  private final int maxEntities;
  private final Bound.ReportListener listener;
  private final Map<String, Source> sources = new HashMap<>();
  private final Marks.Index<Source> byDevice = new Marks.Index<>();
  private final Map<EntityId, Bound> bound = new HashMap<>();
  private final Map<EntityId, Claim> claims = new HashMap<>();
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  /** Those that wait, found by what they wait for. */
  private final Marks.Index<Waiting> awaited = new Marks.Index<>();

  /** Who announced entities that were too many. */
  private final Set<String> ignored = new HashSet<>();

  Catalogue(
      LiveHomeRegistry registry,
      ScheduledExecutorService timers,
      int maxEntities,
      Bound.ReportListener listener) {
    this.registry = registry;
    this.timers = timers;
    this.maxEntities = maxEntities;
    this.listener = listener;
  }

  /**
   * Takes an announcement.
   *
   * @param connection the connection to the broker that it came from
   * @param rank of its dialect; the lowest has a device that several dialects announce
   * @param announced what was said; its source differs from those of other brokers
   */
  synchronized void announce(MqttConnection connection, int rank, Announced announced) {
    String name = announced.source();
    switch (announced.announcement()) {
      case Announcement.Entities(List<Discovered> entities) ->
          entities(connection, rank, announced, entities, id -> false);
      case Announcement.Partly(List<Discovered> entities, List<DiscoveryFault> faults) -> {
        // Whoever may be meant by a fault stays as it was.
        boolean any = faults.stream().anyMatch(fault -> fault.entity() == null);
        entities(
            connection,
            rank,
            announced,
            entities,
            id -> any || faults.stream().anyMatch(fault -> id.equals(fault.entity())));
      }
      case Announcement.Gone g -> gone(name);
      case Announcement.Asking a -> {} // The gateway asks.
      case Announcement.Moving m -> {
        Source source = sources.get(name);
        if (source != null) {
          source.moving = true;
          List.copyOf(source.entities).forEach(this::grant);
        }
      }
      case Announcement.Faulty(String reason) -> {} // The gateway tells.
      case Announcement.Ignored(String reason) -> LOG.debug("Ignored '{}': {}", name, reason);
    }
  }

  private void entities(
      MqttConnection connection,
      int rank,
      Announced announced,
      List<Discovered> entities,
      Predicate<EntityId> stays) {
    Source before = sources.get(announced.source());
    if (before != null
        && before.complete
        && !before.moving
        && before.announced.content().equals(announced.content())) {
      return;
    }
    Source now = new Source(connection, rank, announced, Marks.of(entities));
    forgetWaiting(now.name());
    if (outranked(now.rank, now.marks)) {
      if (before != null) {
        gone(now.name());
      }
      await(now);
      return;
    }
    put(now); // Before the others let go, so that the device goes to none of them.
    for (Source lesser : lesser(now)) {
      LOG.info("'{}' takes the device of '{}', which waits", now.name(), lesser.name());
      gone(lesser.name());
      await(lesser);
    }
    replace(now, before, entities, stays);
  }

  private void await(Source source) {
    if (waiting.size() < maxEntities) {
      Waiting one = new Waiting(source.connection, source.rank, source.announced, source.marks);
      waiting.put(source.name(), one);
      awaited.put(one.marks.turned(), one);
    }
  }

  private void forgetWaiting(String name) {
    Waiting gone = waiting.remove(name);
    if (gone != null) {
      awaited.remove(gone.marks.turned(), gone);
    }
  }

  /** Whether a better dialect has the device. */
  private boolean outranked(int rank, Marks marks) {
    return !byDevice.find(marks, other -> other.rank < rank).isEmpty();
  }

  private Set<Source> lesser(Source source) {
    return byDevice.find(source.marks, other -> other.rank > source.rank);
  }

  private void put(Source source) {
    sources.put(source.name(), source);
    byDevice.put(source.marks, source);
  }

  private void remove(Source source) {
    sources.remove(source.name(), source);
    byDevice.remove(source.marks, source);
  }

  private void replace(
      Source now, @Nullable Source before, List<Discovered> entities, Predicate<EntityId> stays) {
    String name = now.name();
    claims.values().removeIf(claim -> claim.source.name().equals(name));
    if (before != null) {
      remove(before);
      now.entities.addAll(before.entities);
    }
    put(now);
    Set<EntityId> left = new HashSet<>(now.entities);
    List<Bound> fresh = new ArrayList<>();
    for (Discovered each : entities) {
      EntityId id = each.description().id();
      Bound holder = bound.get(id);
      if (holder != null && !holder.source().equals(name)) {
        Source owner = sources.get(holder.source());
        if (owner != null && !owner.moving) {
          LOG.warn(
              "'{}' announces {}, which belongs to '{}' already; left alone. Give each entity its own"
                  + " unique_id",
              name,
              id,
              holder.source());
          if (claims.size() < maxEntities) {
            claims.put(id, new Claim(now, each));
          }
          continue;
        }
        if (owner != null) {
          owner.entities.remove(id);
        }
      }
      if (holder == null && bound.size() >= maxEntities) {
        now.complete = false;
        continue;
      }
      left.remove(id);
      now.entities.add(id);
      fresh.add(bind(now, each, holder));
    }
    limit(now);
    Bound.greet(now.connection, fresh);
    left.stream().filter(stays.negate()).toList().forEach(id -> drop(now, id));
    if (now.entities.isEmpty()) {
      remove(now);
    }
    if (before != null && !now.marks.signs().containsAll(before.marks.signs())) {
      revive(before.marks);
    }
  }

  private void limit(Source now) {
    if (now.complete) {
      ignored.remove(now.name());
    } else if (ignored.size() < MOST_IGNORED && ignored.add(now.name()) && ignored.size() == 1) {
      LOG.warn(
          "'{}' is ignored, or part of it, and so is whatever is announced from now on: there are {}"
              + " entities, which is the limit (hearth.mqtt.most-entities)",
          now.name(),
          maxEntities);
    }
  }

  /** How many sources announced entities that are ignored, for there are too many. */
  synchronized int ignored() {
    return ignored.size();
  }

  private Bound bind(Source source, Discovered found, @Nullable Bound before) {
    registry.announce(found.description());
    Bound now = new Bound(source.name(), found, source.connection, registry, timers, listener);
    bound.put(found.description().id(), now);
    now.listen();
    LOG.debug(
        "{} announced on '{}', listening to {}",
        found.description().id(),
        source.name(),
        found.codec().topics());
    if (before != null) {
      before.close();
    }
    return now;
  }

  /** Asks all devices of a broker again, for they were not heard for a while. */
  synchronized void reconnected(MqttConnection connection) {
    Bound.greet(connection, bound.values().stream().filter(each -> each.isOn(connection)).toList());
  }

  /** Gives an entity to the source that claimed it, if any. */
  private void grant(EntityId id) {
    Claim claim = claims.remove(id);
    if (claim == null || outranked(claim.source.rank, claim.source.marks)) {
      return;
    }
    Bound before = bound.get(id);
    Source owner = before == null ? null : sources.get(before.source());
    if (owner != null) {
      owner.entities.remove(id);
    }
    put(claim.source);
    claim.source.entities.add(id);
    Bound.greet(claim.source.connection, List.of(bind(claim.source, claim.found, before)));
  }

  private void gone(String name) {
    claims.values().removeIf(claim -> claim.source.name().equals(name));
    forgetWaiting(name);
    ignored.remove(name);
    Source source = sources.get(name);
    if (source != null) {
      remove(source);
      List.copyOf(source.entities).forEach(id -> drop(source, id));
      revive(source.marks);
    }
  }

  /** Lets those have their devices who waited for a better dialect that is gone. */
  private void revive(Marks gone) {
    for (Waiting each : awaited.find(gone.turned(), one -> true)) {
      if (!outranked(each.rank, each.marks)) {
        forgetWaiting(each.announced.source());
        announce(each.connection, each.rank, each.announced);
      }
    }
  }

  private void drop(Source source, EntityId id) {
    source.entities.remove(id);
    Bound gone = bound.remove(id);
    if (gone != null) {
      gone.close();
    }
    registry.remove(id);
    listener.removed(id);
    grant(id);
  }

  synchronized Optional<EvidenceExecutor.Binding> binding(EntityId id) {
    return Optional.ofNullable(bound.get(id)).map(Bound::binding);
  }
}
