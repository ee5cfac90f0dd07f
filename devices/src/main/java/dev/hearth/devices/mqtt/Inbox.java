package dev.hearth.devices.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages off the client library's thread. A topic always goes to the same of a few threads,
 * so its messages stay in order. When a lane is full the library's thread waits a moment, which
 * slows the broker down; after that the message is dropped and counted.
 */
final class Inbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final int LANES = 4;
  private static final int CAPACITY = 5_000;

  private final List<BlockingQueue<MqttMessage>> lanes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Consumer<MqttMessage> sink;
  private volatile boolean closed;
  private long dropped;

  Inbox(String name, Consumer<MqttMessage> sink) {
    this.sink = sink;
    for (int i = 0; i < LANES; i++) {
      BlockingQueue<MqttMessage> lane = new ArrayBlockingQueue<>(CAPACITY);
      lanes.add(lane);
      threads.add(Thread.ofPlatform().daemon().name(name + "-in-" + i).start(() -> work(lane)));
    }
  }

  void add(MqttMessage message) {
    BlockingQueue<MqttMessage> lane =
        lanes.get(Math.floorMod(message.topic().hashCode(), lanes.size()));
    try {
      if (!lane.offer(message, 1, TimeUnit.SECONDS)) {
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

  private void work(BlockingQueue<MqttMessage> lane) {
    while (!closed) {
      try {
        sink.accept(lane.take());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
