package dev.hearth.devices.mqtt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants which messages, and what the broker must still be told about it. Thread-safe. */
final class Subscriptions {
  private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
  private static final int BATCH = 100;

  /** Handlers by filter; filters without wildcards are found by topic, the others by trying. */
  private final Map<String, List<Entry>> exact = new LinkedHashMap<>();

  private final Map<String, List<Entry>> wild = new LinkedHashMap<>();
  private final Set<String> toSubscribe = new LinkedHashSet<>();
  private final Set<String> toUnsubscribe = new LinkedHashSet<>();
  private Runnable wakeUp = () -> {};

  /** When the present connection began; what was received before came by another. */
  private long since = System.nanoTime();

  /** Sets what to call when there is something to tell the broker. */
  synchronized void onChange(Runnable wakeUp) {
    this.wakeUp = wakeUp;
  }

  MqttSubscription add(String filter, MqttHandler handler) {
    Topics.requireFilter(filter);
    Entry entry = new Entry(filter, handler);
    synchronized (this) {
      table(filter).computeIfAbsent(filter, f -> new ArrayList<>()).add(entry);
      toUnsubscribe.remove(filter);
      toSubscribe.add(filter);
      wakeUp.run();
    }
    return entry;
  }

  private Map<String, List<Entry>> table(String filter) {
    return Topics.hasWildcard(filter) ? wild : exact;
  }

  private synchronized void remove(Entry entry) {
    List<Entry> entries = table(entry.filter).get(entry.filter);
    if (entries == null || !entries.remove(entry)) {
      return;
    }
    if (entries.isEmpty()) {
      table(entry.filter).remove(entry.filter);
      toSubscribe.remove(entry.filter);
      toUnsubscribe.add(entry.filter);
      wakeUp.run();
    }
  }

  /** A new connection knows nothing: everything is to be subscribed. */
  synchronized void forgetBroker() {
    since = System.nanoTime();
    exact.values().forEach(entries -> entries.forEach(Entry::forgetBroker));
    toUnsubscribe.clear();
    toSubscribe.clear();
    toSubscribe.addAll(exact.keySet());
    toSubscribe.addAll(wild.keySet());
  }

  synchronized boolean settled() {
    return toSubscribe.isEmpty() && toUnsubscribe.isEmpty();
  }

  /**
   * What to subscribe to in one go: up to {@value #BATCH} topics, or one filter with wildcards. A
   * broker replays all that is retained for a SUBSCRIBE before it goes on, and drops what it cannot
   * hold for a client that has not read it yet.
   */
  synchronized List<String> nextToSubscribe() {
    List<String> batch =
        toSubscribe.stream().takeWhile(each -> !Topics.hasWildcard(each)).limit(BATCH).toList();
    if (batch.isEmpty()) {
      batch = toSubscribe.stream().limit(1).toList();
    }
    batch.forEach(toSubscribe::remove);
    return batch;
  }

  synchronized List<String> nextToUnsubscribe() {
    List<String> batch = toUnsubscribe.stream().limit(BATCH).toList();
    batch.forEach(toUnsubscribe::remove);
    return batch;
  }

  void confirmed(String filter, boolean granted) {
    if (!granted) {
      LOG.error(
          "The broker refuses the subscription to '{}': allow it in the broker's access list",
          filter);
    }
    List<Entry> entries;
    synchronized (this) {
      entries = List.copyOf(table(filter).getOrDefault(filter, List.of()));
      entries.forEach(entry -> entry.confirmed = granted);
    }
    entries.forEach(entry -> entry.active.complete(granted));
  }

  /**
   * Hands a message to every handler that wants it. No exception comes out.
   *
   * <p>A broker repeats a retained message whenever one more handler subscribes to its topic. Those
   * who had it since their subscription was confirmed have heard all that came later, too, and are
   * left alone: thousands of entities may share the topic of their bridge.
   */
  void dispatch(MqttMessage message) {
    List<Entry> entries = new ArrayList<>();
    synchronized (this) {
      for (Entry entry : exact.getOrDefault(message.topic(), List.of())) {
        if (entry.wants(message)) {
          entries.add(entry);
        }
      }
      wild.forEach((filter, handlers) -> {
        if (Topics.matches(filter, message.topic())) {
          entries.addAll(handlers);
        }
      });
    }
    for (Entry entry : entries) {
      if (entry.closed) {
        continue;
      }
      try {
        entry.handler.handle(message);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Throwable e) { // whatever a handler does, the next message must come through
        LOG.error("A handler failed on a message on '{}'", message.topic(), e);
      }
    }
  }

  private final class Entry implements MqttSubscription {
    private final String filter;
    private final MqttHandler handler;
    private final CompletableFuture<Boolean> active = new CompletableFuture<>();
    private volatile boolean closed;

    // Of the present connection, guarded by the table's lock.
    private boolean confirmed;
    private boolean replayed;

    Entry(String filter, MqttHandler handler) {
      this.filter = filter;
      this.handler = handler;
    }

    void forgetBroker() {
      confirmed = false;
      replayed = false;
    }

    boolean wants(MqttMessage message) {
      if (!message.retained()) {
        return true;
      }
      boolean first = !replayed;
      replayed = replayed || (confirmed && message.receivedNanos() - since >= 0);
      return first;
    }

    @Override
    public String filter() {
      return filter;
    }

    @Override
    public CompletableFuture<Boolean> active() {
      return active;
    }

    @Override
    public void close() {
      closed = true;
      remove(this);
    }
  }
}
