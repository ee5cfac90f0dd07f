package dev.hearth.devices.mqtt;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages off the client library's thread to one thread of its own, so that all messages
 * stay in the order in which the broker sent them: a device that tells its position on one topic
 * and that it stopped on another has told them in that order. When the queue is full the library's
 * thread waits a moment, which slows the broker down; after that the message is dropped and
 * counted.
 */
final class Inbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final int CAPACITY = 20_000;

  private final BlockingQueue<MqttMessage> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final Consumer<MqttMessage> sink;
  private final Thread thread;
  private volatile boolean closed;
  private long dropped;

  Inbox(String name, Consumer<MqttMessage> sink) {
    this.sink = sink;
    thread = Thread.ofPlatform().daemon().name(name + "-in").start(this::work);
  }

  void add(MqttMessage message) {
    try {
      if (!queue.offer(message, 1, TimeUnit.SECONDS)) {
        dropped++;
        LOG.error(
            "Dropped a message on '{}': handlers are too slow, {} dropped so far",
            message.topic(),
            dropped);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    while (!closed) {
      try {
        sink.accept(queue.take());
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
