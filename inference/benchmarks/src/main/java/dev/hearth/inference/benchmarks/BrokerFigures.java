package dev.hearth.inference.benchmarks;

import dev.hearth.devices.broker.BrokerOptions;
import dev.hearth.devices.broker.EmbeddedBroker;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttMessageListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttSubscription;

/**
 * Prints how long the embedded broker takes to start and stop, its memory, and what 10,000 retained
 * messages cost. Arguments: {@code memory} or a data folder, then {@code count} to count what an
 * earlier run left, {@code write} to write 10,000 messages, or {@code kill} to write and halt
 * without closing.
 */
@SuppressWarnings("SystemOut") // a program that prints
public final class BrokerFigures {
  private static final PrintStream OUT = System.out;
  private static final int MESSAGES = 10_000;
  private static final int MOST_SECONDS = 60;

  /** The store writes once a second. */
  private static final int HALT_AFTER_MILLIS = 1_500;

  private BrokerFigures() {}

  /** Measures and prints. */
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
        CompletableFuture.runAsync(
                () -> Runtime.getRuntime().halt(1),
                CompletableFuture.delayedExecutor(HALT_AFTER_MILLIS, TimeUnit.MILLISECONDS))
            .join();
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
      CountDownLatch missing = new CountDownLatch(MESSAGES);
      MqttClient client = new MqttClient(broker.uri(), "counter", new MemoryPersistence());
      client.connect(options);
      client.subscribe(
          new MqttSubscription[] {new MqttSubscription("#", 1)},
          new IMqttMessageListener[] {(topic, message) -> missing.countDown()});
      boolean all = missing.await(MOST_SECONDS, TimeUnit.SECONDS);
      OUT.println(
          "retained messages found: "
              + (MESSAGES - missing.getCount())
              + (all ? "" : " within " + MOST_SECONDS + " s"));
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
