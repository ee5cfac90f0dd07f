package dev.hearth.inference.benchmarks;

import dev.hearth.devices.Availability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.HomeEvent;
import dev.hearth.devices.Kind;
import dev.hearth.devices.command.CommandExecutor;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Evidence;
import dev.hearth.devices.gateway.Conventions;
import dev.hearth.devices.gateway.DeviceGateway;
import dev.hearth.devices.gateway.GatewayOptions;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.registry.InMemoryHomeStore;
import dev.hearth.devices.simulation.SimulatedHome;
import dev.hearth.devices.simulation.SimulationOptions;
import dev.hearth.devices.simulation.SimulationTime;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.IMqttMessageListener;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttSubscription;

/**
 * Prints what a large home costs on a real Mosquitto (on the path or in {@code /usr/sbin}): the
 * time until the registry has it all, memory per entity, 200 commands at once, 5,000 reports a
 * second from the publisher to the registry's listeners, and what Paho alone can take. Arguments:
 * entities (10000), seconds of reports (60), reports a second (5000), and {@code tuned} for a
 * broker that does not limit its queues and sends small packets at once; without it the broker is
 * as it comes.
 */
@SuppressWarnings("SystemOut") // a program that prints
public final class HomeFigures {
  private static final PrintStream OUT = System.out;
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final int SENSORS = 1_000;
  private static final int COMMANDS = 200;
  private static final String PREFIX = "{\"energy\": ";
  private static final int CEILING_SECONDS = 8;
  private static final double QUIET_SECONDS = 3;

  private HomeFigures() {}

  /** Measures and prints. */
  public static void main(String[] args) throws Exception {
    int entities = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
    int rate = args.length > 2 ? Integer.parseInt(args[2]) : 5_000;
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path folder = Files.createTempDirectory("home-figures");
    boolean tuned = args.length > 3 && args[3].equals("tuned");
    Process mosquitto = mosquitto(folder, port, tuned);
    try {
      MqttOptions broker = MqttOptions.of("tcp://127.0.0.1:" + port);
      awaitPort(port);
      home(broker, port, entities, seconds, rate);
      ceiling(port);
    } finally {
      mosquitto.destroy();
      mosquitto.waitFor();
    }
  }

  private static Process mosquitto(Path folder, int port, boolean tuned) throws IOException {
    Path configuration = folder.resolve("mosquitto.conf");
    Files.writeString(
        configuration,
        "listener "
            + port
            + " 127.0.0.1\nallow_anonymous true\n"
            + (tuned ? "set_tcp_nodelay true\nmax_queued_messages 0\n" : ""));
    String system = "/usr/sbin/mosquitto";
    return new ProcessBuilder(
            Files.isExecutable(Path.of(system)) ? system : "mosquitto",
            "-c",
            configuration.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static void awaitPort(int port) throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      try (RawMqtt _ = new RawMqtt(port, "knock")) {
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException("Mosquitto does not listen on port " + port);
  }

  // --- the home ---------------------------------------------------------------------------------

  private static void home(MqttOptions broker, int port, int entities, int seconds, int rate)
      throws Exception {
    SimulationOptions options =
        new SimulationOptions(
            "homeassistant",
            "home",
            Duration.ofMillis(40),
            1,
            Duration.ofHours(1), // It is still but for commands.
            SimulationTime.real(),
            false,
            entities);
    long begin = System.nanoTime();
    try (SimulatedHome home = SimulatedHome.start(broker.withClientId("simulation"), options)) {
      require(home.awaitAnnounced(LONG), "the simulated home to announce itself");
      OUT.printf(
          Locale.ROOT,
          "the simulated home announced %d entities in %d ms%n",
          entities,
          since(begin));
      announceSensors(broker);
      Thread.sleep(2_000);
      long heap = heap();
      GatewayOptions limits =
          new GatewayOptions(
              Conventions.DEFAULTS, Deadlines.DEFAULTS, 4 * entities + SENSORS, true, false);
      begin = System.nanoTime();
      try (DeviceGateway gateway =
          DeviceGateway.start(broker.withClientId("gateway"), limits, new InMemoryHomeStore())) {
        fill(gateway, entities, begin);
        int size = gateway.registry().home().entities().size();
        long grown = heap() - heap;
        OUT.printf(Locale.ROOT, "memory: %d bytes per entity, %d entities%n", grown / size, size);
        commands(gateway);
        commands(gateway);
        reports(gateway.registry(), port, seconds, rate);
      }
    }
  }

  private static void announceSensors(MqttOptions broker) throws Exception {
    try (MqttConnection connection = MqttConnection.start(broker.withClientId("sensors"))) {
      require(connection.awaitConnected(LONG), "the connection of the sensors");
      List<CompletableFuture<?>> sent = new ArrayList<>();
      for (int i = 0; i < SENSORS; i++) {
        String config =
            """
            {"name": null, "unique_id": "figures_%d", "state_topic": "figures/%d",
             "value_template": "{{ value_json.energy }}", "unit_of_measurement": "kWh",
             "device_class": "energy", "device": {"identifiers": ["figures_%d"],
             "name": "Figures %d"}}\
            """
                .formatted(i, i, i, i);
        sent.add(
            connection.publish(
                "homeassistant/sensor/figures_" + i + "/config",
                config.getBytes(StandardCharsets.UTF_8),
                1,
                true));
      }
      CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }
  }

  /** Waits until nothing more comes. */
  private static void fill(DeviceGateway gateway, int entities, long begin)
      throws InterruptedException {
    AtomicInteger added = new AtomicInteger();
    AtomicLong complete = new AtomicLong();
    AtomicLong lastAdded = new AtomicLong(begin);
    AtomicLong lastNews = new AtomicLong(begin);
    HomeRegistry.Subscription subscription =
        gateway
            .registry()
            .subscribe(event -> {
              long now = System.nanoTime();
              lastNews.set(now);
              if (event instanceof HomeEvent.EntityAdded) {
                lastAdded.set(now);
                if (added.incrementAndGet() == entities) {
                  complete.set(now);
                }
              }
            });
    await(
        () -> added.get() > 0 && System.nanoTime() - lastNews.get() > QUIET_SECONDS * 1e9, "quiet");
    subscription.close();
    OUT.printf(
        Locale.ROOT,
        "start: %d entities after %d ms, all %d after %d ms, the last state after %d ms%n",
        entities,
        complete.get() == 0 ? -1 : (complete.get() - begin) / 1_000_000,
        added.get(),
        (lastAdded.get() - begin) / 1_000_000,
        (lastNews.get() - begin) / 1_000_000);
    long online =
        gateway.registry().home().entities().stream()
            .filter(each -> each.availability() == Availability.ONLINE)
            .count();
    OUT.printf(Locale.ROOT, "start: %d entities are online%n", online);
    if (!gateway.discoveryFaults().isEmpty()) {
      OUT.printf(Locale.ROOT, "faults: %s%n", gateway.discoveryFaults());
    }
  }

  private static void commands(DeviceGateway gateway) throws Exception {
    List<Entity> lamps =
        gateway.registry().home().entities().stream()
            .filter(each -> each.kind() == Kind.LIGHT || each.kind() == Kind.SWITCH)
            .filter(each -> each.state().on().isPresent())
            .limit(COMMANDS)
            .toList();
    CommandExecutor executor = gateway.executor();
    List<CompletableFuture<Evidence>> all = new ArrayList<>();
    long begin = System.nanoTime();
    for (Entity each : lamps) {
      Command command =
          each.state().on().orElse(false) ? new Command.TurnOff() : new Command.TurnOn();
      all.add(executor.execute(each.id(), command).thenApply(outcome -> outcome.evidence()));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    long millis = since(begin);
    Map<Evidence, Integer> counts = new TreeMap<>();
    all.forEach(each -> counts.merge(each.join(), 1, Integer::sum));
    OUT.printf(Locale.ROOT, "%d commands at once: %s in %d ms%n", lamps.size(), counts, millis);
  }

  // --- reports ----------------------------------------------------------------------------------

  private static void reports(HomeRegistry registry, int port, int seconds, int rate)
      throws Exception {
    int count = seconds * rate;
    long[] sent = new long[count];
    long[] took = new long[count];
    long[] bare = new long[count];
    AtomicInteger heard = new AtomicInteger();
    HomeRegistry.Subscription subscription =
        registry.subscribe(event -> {
          if (event instanceof HomeEvent.StateChanged changed && figures(changed.entity().id())) {
            int number = (int) Math.round(changed.entity().state().number().orElse(-1));
            if (number >= 0 && number < count) {
              took[number] = System.nanoTime() - sent[number];
              heard.incrementAndGet();
            }
          }
        });
    long heap = heap();
    pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    // What Mosquitto and the machine take of it.
    RawMqtt beside =
        new RawMqtt(
            port,
            "beside",
            payload -> {
              int number = 0;
              for (int i = PREFIX.length(); payload[i] >= '0' && payload[i] <= '9'; i++) {
                number = number * 10 + payload[i] - '0';
              }
              bare[number] = System.nanoTime() - sent[number];
            });
    beside.subscribe("figures/+");
    try (beside;
        RawMqtt publisher = new RawMqtt(port, "publisher")) {
      long begin = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = begin + i * 1_000_000_000L / rate;
        if (due > System.nanoTime()) {
          publisher.flush();
          while (due > System.nanoTime()) {
            LockSupport.parkNanos(due - System.nanoTime() + 500_000);
          }
        }
        String payload = PREFIX + i + ", \"power\": 12.5, \"linkquality\": 96, \"battery\": 71}";
        sent[i] = System.nanoTime();
        publisher.publish("figures/" + i % SENSORS, payload.getBytes(StandardCharsets.UTF_8), 1);
      }
      publisher.flush();
      double needed = (System.nanoTime() - begin) / 1e9;
      long until = System.nanoTime() + 20_000_000_000L;
      while (heard.get() < count && System.nanoTime() < until) {
        Thread.sleep(20);
      }
      OUT.printf(
          Locale.ROOT,
          "reports: %d in %.1f s (%.0f/s), heard %d, lost %d%n",
          count,
          needed,
          count / needed,
          heard.get(),
          count - heard.get());
      delays("reports: to the registry's listeners", took);
      delays("reports: to a bare socket beside it", bare);
    }
    subscription.close();
    long most = pools().mapToLong(each -> each.getPeakUsage().getUsed()).sum();
    OUT.printf(
        Locale.ROOT,
        "reports: heap after collection %d MiB before, %d MiB after, at most %d MiB in between%n",
        heap >> 20,
        heap() >> 20,
        most >> 20);
  }

  private static Stream<MemoryPoolMXBean> pools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(each -> each.getType() == MemoryType.HEAP);
  }

  private static void delays(String what, long[] nanos) {
    long[] sorted = Arrays.stream(nanos).filter(each -> each > 0).sorted().toArray();
    OUT.printf(
        Locale.ROOT,
        "%s: p50 %.1f ms, p99 %.1f ms, most %.1f ms%n",
        what,
        at(sorted, 0.5),
        at(sorted, 0.99),
        at(sorted, 1));
  }

  private static boolean figures(EntityId id) {
    return id.value().startsWith("sensor.figures_");
  }

  private static double at(long[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
  }

  // --- the library alone ------------------------------------------------------------------------

  private static void ceiling(int port) throws Exception {
    try (RawMqtt raw = new RawMqtt(port, "raw-subscriber")) {
      raw.subscribe("ceiling/#");
      flood(port, 0, "a bare socket, QoS 0", raw::arrived);
    }
    for (int qos = 0; qos <= 1; qos++) {
      AtomicLong arrived = new AtomicLong();
      MqttClient client =
          new MqttClient("tcp://127.0.0.1:" + port, "paho" + qos, new MemoryPersistence());
      client.connect(new MqttConnectionOptions());
      client.subscribe(
          new MqttSubscription[] {new MqttSubscription("ceiling/#", qos)},
          new IMqttMessageListener[] {(topic, message) -> arrived.incrementAndGet()});
      flood(port, qos, "Paho, QoS " + qos, arrived::get);
      client.disconnectForcibly(100, 1000);
      client.close(true);
    }
  }

  @FunctionalInterface
  private interface Count {
    long now();
  }

  /** Publishes as fast as the broker acknowledges, and prints what came. */
  private static void flood(int port, int qos, String who, Count arrived) throws Exception {
    try (RawMqtt publisher = new RawMqtt(port, "flood")) {
      byte[] payload =
          "{\"energy\": 1, \"power\": 12.5, \"linkquality\": 96}".getBytes(StandardCharsets.UTF_8);
      long begin = System.nanoTime();
      long before = arrived.now();
      long sent = 0;
      while (System.nanoTime() - begin < CEILING_SECONDS * 1_000_000_000L) {
        // What the broker has not passed on waits with the publisher, so that nothing is dropped.
        if (sent - (arrived.now() - before) > 500) {
          publisher.flush();
          LockSupport.parkNanos(50_000);
          continue;
        }
        for (int i = 0; i < 50; i++) {
          publisher.publish("ceiling/" + sent % 100, payload, qos);
          sent++;
        }
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      OUT.printf(
          Locale.ROOT, "ceiling of %s: %.0f messages/s%n", who, (arrived.now() - before) / seconds);
    }
  }

  // --- the rest ---------------------------------------------------------------------------------

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void await(BooleanSupplier condition, String what) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      require(System.nanoTime() < end, what);
      Thread.sleep(20);
    }
  }

  private static void require(boolean met, String what) {
    if (!met) {
      throw new IllegalStateException("Waited in vain for " + what);
    }
  }

  private static long since(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
