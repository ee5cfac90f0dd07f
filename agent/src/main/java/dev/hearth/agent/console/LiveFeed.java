package dev.hearth.agent.console;

import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.HomeEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One browser's stream of changes. A slow browser delays nobody: what waits is kept per entity, the
 * newest state only, so it is never more than the home.
 */
final class LiveFeed implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(LiveFeed.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final SseEmitter emitter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<EntityId, Entity> waiting = new LinkedHashMap<>();
  private boolean structure;
  private boolean closed;

  LiveFeed(SseEmitter emitter) {
    this.emitter = emitter;
  }

  /** Takes note of a change; never blocks. */
  void accept(HomeEvent event) {
    lock.lock();
    try {
      switch (event) {
        case HomeEvent.StateChanged e -> waiting.put(e.entity().id(), e.entity());
        case HomeEvent.AvailabilityChanged e -> waiting.put(e.entity().id(), e.entity());
        case HomeEvent.EntityAdded e -> structure = true;
        case HomeEvent.EntityChanged e -> structure = true;
        case HomeEvent.EntityRemoved e -> structure = true;
        case HomeEvent.AreasChanged e -> structure = true;
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Sends changes until closed or the browser is gone. */
  @Override
  public void run() {
    try {
      emitter.send(SseEmitter.event().name("hello").data("live"));
      Batch batch = next();
      while (!batch.last()) {
        send(batch);
        batch = next();
      }
      emitter.complete();
    } catch (IOException | IllegalStateException e) {
      log.debug("A console has gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      emitter.complete();
    }
  }

  private void send(Batch batch) throws IOException {
    if (batch.structure()) {
      emitter.send(SseEmitter.event().name("home").data("changed"));
    }
    for (Entity entity : batch.entities()) {
      emitter.send(
          SseEmitter.event()
              .name("entity")
              .data(EntityLine.of(entity), MediaType.APPLICATION_JSON));
    }
    if (batch.entities().isEmpty() && !batch.structure()) {
      emitter.send(SseEmitter.event().comment("still here"));
    }
  }

  private record Batch(List<Entity> entities, boolean structure, boolean last) {}

  private Batch next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = HEARTBEAT.toNanos();
      while (!closed && !structure && waiting.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      Batch batch = new Batch(List.copyOf(waiting.values()), structure, closed);
      waiting.clear();
      structure = false;
      return batch;
    } finally {
      lock.unlock();
    }
  }
}
