package dev.hearth.devices.broker;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttSubscription;

/**
 * Prints how long the broker takes to start and stop, its memory, and what 10,000 retained messages
 * cost. Arguments: {@code memory} or a data folder, then {@code count} to count what an earlier run
 * left, {@code write} to write 10,000 messages, or {@code kill} to write and halt without closing.
 */
final class BrokerFigures {
  private static final PrintStream OUT = System.out;
  private static final int MESSAGES = 10_000;

  private BrokerFigures() {}

  public static void main(String[] args) throws Exception {
    Path folder = args[0].equals("memory") ? null : Path.of(args[0]);
    String what = args.length > 1 ? args[1] : "";
    long begin = System.nanoTime();
    EmbeddedBroker broker = EmbeddedBroker.start(new BrokerOptions(0, folder, "user", "secret"));
    long started = System.nanoTime();
    print("start", begin, started);
    memory("idle");
    if (!what.isEmpty()) {
      messages(broker, what);
      memory("after messages");
      if (what.equals("kill")) {
        Thread.sleep(1_500); // The store writes once a second.
        Runtime.getRuntime().halt(1);
      }
    }
    long closing = System.nanoTime();
    broker.close();
    print("stop", closing, System.nanoTime());
  }

  private static void messages(EmbeddedBroker broker, String what) throws Exception {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setUserName("user");
    options.setPassword("secret".getBytes(StandardCharsets.UTF_8));
    options.setReceiveMaximum(500);
    options.setMaxReconnectDelay(1);
    if (what.equals("count")) {
      AtomicInteger seen = new AtomicInteger();
      MqttClient client = new MqttClient(broker.uri(), "counter", new MemoryPersistence());
      client.connect(options);
      client.subscribe(
          new MqttSubscription[] {new MqttSubscription("#", 1)},
          new org.eclipse.paho.mqttv5.client.IMqttMessageListener[] {
            (topic, message) -> seen.incrementAndGet()
          });
      int before = -1;
      while (before != seen.get()) {
        before = seen.get();
        Thread.sleep(1_000);
      }
      OUT.println("retained messages found: " + seen.get());
      client.disconnect();
      client.close();
      return;
    }
    MqttAsyncClient client = new MqttAsyncClient(broker.uri(), "writer", new MemoryPersistence());
    client.connect(options).waitForCompletion();
    byte[] payload = "x".repeat(300).getBytes(StandardCharsets.UTF_8);
    long begin = System.nanoTime();
    for (int i = 0; i < MESSAGES; i += 200) {
      var last = client.publish("t/" + i, payload, 1, true);
      for (int j = i + 1; j < i + 200; j++) {
        last = client.publish("t/" + j, payload, 1, true);
      }
      last.waitForCompletion();
    }
    print(MESSAGES + " retained messages", begin, System.nanoTime());
    if (!what.equals("kill")) {
      client.disconnect().waitForCompletion();
      client.close();
    }
  }

  private static void print(String what, long begin, long end) {
    OUT.printf(Locale.ROOT, "%s: %d ms%n", what, (end - begin) / 1_000_000);
  }

  private static void memory(String when) throws Exception {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long heap = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    Path status = Path.of("/proc/self/status");
    String resident = "unknown";
    if (Files.isReadable(status)) {
      resident =
          Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("VmRSS"))
              .findFirst()
              .orElse(resident);
    }
    OUT.printf(Locale.ROOT, "%s: heap %d MB, %s%n", when, heap, resident);
  }
}
