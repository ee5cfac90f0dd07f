package dev.hearth.devices.registry;

import dev.hearth.devices.HomeEvent;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers events in order on a thread of its own. */
final class EventBus implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventBus.class);
  private static final int CAPACITY = 10_000;

  private final BlockingQueue<HomeEvent> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final List<Consumer<HomeEvent>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  EventBus() {
    thread = Thread.ofPlatform().daemon().name("hearth-home-events").start(this::work);
  }

  HomeRegistry.Subscription subscribe(Consumer<HomeEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void publish(HomeEvent event) {
    if (!queue.offer(event)) {
      LOG.error(
          "Listeners of the home are too slow: {} events dropped so far",
          dropped.incrementAndGet());
    }
  }

  private void work() {
    while (!closed) {
      try {
        HomeEvent event = queue.take();
        for (Consumer<HomeEvent> listener : listeners) {
          try {
            listener.accept(event);
          } catch (RuntimeException e) {
            LOG.error("A listener of the home failed on {}", event, e);
          }
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
