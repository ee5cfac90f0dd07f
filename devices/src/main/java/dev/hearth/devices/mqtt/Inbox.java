package dev.hearth.devices.mqtt;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages off the client library's thread to one thread of its own, so that all messages
 * stay in the order in which the broker sent them: a device that tells its position on one topic
 * and that it stopped on another has told them in that order. What waits is bounded in bytes. When
 * there is no room the library's thread waits a moment, which slows the broker down; after that
 * messages are dropped and counted, without another wait until there is room, for a library that
 * waits for long cannot keep the connection alive.
 */
final class Inbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  /** Room in KiB, of which a message takes one and its payload: 64 MiB, or 65,536 small ones. */
  private static final int ROOM = 64 * 1024;

  private final BlockingQueue<MqttMessage> queue = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(ROOM);
  private final Consumer<MqttMessage> sink;
  private final Thread thread;
  private volatile boolean closed;
  private boolean dropping;
  private final AtomicLong dropped = new AtomicLong();

  Inbox(String name, Consumer<MqttMessage> sink) {
    this.sink = sink;
    thread = Thread.ofPlatform().daemon().name(name + "-in").start(this::work);
  }

  private static int size(MqttMessage message) {
    return Math.min(ROOM, 1 + message.payload().length / 1024);
  }

  /** Takes a message; called by one thread at a time. */
  void add(MqttMessage message) {
    try {
      if (room.tryAcquire(size(message), dropping ? 0 : 1_000, TimeUnit.MILLISECONDS)) {
        dropping = false;
        queue.add(message);
        return;
      }
      long count = dropped.incrementAndGet();
      if (!dropping) {
        LOG.error(
            "Handlers are too slow: from the message on '{}' on, messages are dropped until there"
                + " is room; {} dropped so far",
            message.topic(),
            count);
      }
      dropping = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many messages were dropped because handlers were too slow. */
  long dropped() {
    return dropped.get();
  }

  private void work() {
    while (!closed) {
      try {
        MqttMessage next = queue.take();
        sink.accept(next);
        room.release(size(next));
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
