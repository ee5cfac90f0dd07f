package dev.hearth.devices.simulation;

import dev.hearth.devices.DeviceId;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import dev.hearth.devices.mqtt.PublishResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A home of 48 entities on three floors that speaks real MQTT: lamps, sockets, blinds, thermostats,
 * fans, locks and sensors. Its devices announce themselves by retained discovery messages in all
 * the forms that are in use, act with the delays of real devices, and fail on demand.
 *
 * <p>Most devices sit behind one connection, like Zigbee devices behind their bridge; the garage
 * door and the air conditioner have a connection and a last will of their own. A {@linkplain
 * SimulationOptions#withEntities generated} home is of any size; 2,500 of its devices share a
 * connection.
 */
public final class SimulatedHome implements AutoCloseable {
  /** What the identifiers of simulated devices begin with. */
  static final String DEVICE_PREFIX = "hearth_simulation_";

  private static final Logger LOG = LoggerFactory.getLogger(SimulatedHome.class);

  private static final int DEVICES_PER_BRIDGE = 2_500;
  private static final int LARGE_QUEUE = 200_000;

  private final SimulationOptions options;
  private final List<Bridge> bridges = new ArrayList<>();
  private final Map<String, SimulatedDevice> devices = new LinkedHashMap<>();
  private volatile boolean closed;

  private SimulatedHome(MqttOptions mqtt, SimulationOptions options) {
    this.options = options;
    if (options.entities() > 0) {
      generated(roomy(mqtt));
    } else {
      standard(mqtt);
    }
  }

  private void generated(MqttOptions mqtt) {
    List<Blueprint> blueprints = new GeneratedHome(options.entities()).devices();
    Bridge shared = null;
    for (int i = 0; i < blueprints.size(); i++) {
      if (shared == null || i % DEVICES_PER_BRIDGE == 0) {
        shared = new Bridge("bridge_" + (bridges.size() + 1), mqtt, options);
        bridges.add(shared);
      }
      Blueprint blueprint = blueprints.get(i);
      devices.put(blueprint.id(), shared.add(blueprint));
    }
  }

  /** Room for all that a large home has to say at once. */
  private static MqttOptions roomy(MqttOptions mqtt) {
    return mqtt.withPublishLimits(mqtt.maxInFlight(), Math.max(mqtt.maxQueued(), LARGE_QUEUE));
  }

  private void standard(MqttOptions mqtt) {
    Bridge shared = new Bridge("bridge", mqtt, options);
    bridges.add(shared);
    List<Blueprint> blueprints = new ArrayList<>(StandardHome.devices());
    if (options.everyKind()) {
      blueprints.addAll(Gadgets.devices());
      blueprints.addAll(Natives.devices());
    }
    for (Blueprint blueprint : blueprints) {
      Bridge bridge = shared;
      if (blueprint.alone()) {
        bridge = new Bridge(blueprint, mqtt, options);
        bridges.add(bridge);
      }
      devices.put(blueprint.id(), bridge.add(blueprint));
    }
  }

  /**
   * Starts the home with {@link SimulationOptions#defaults}.
   *
   * @param mqtt how to reach the broker; client ids are derived from the one given
   * @return the home, still connecting
   */
  public static SimulatedHome start(MqttOptions mqtt) {
    return start(mqtt, SimulationOptions.defaults());
  }

  /**
   * Starts the home; returns at once, while it connects, and connects again whenever it must.
   *
   * @param mqtt how to reach the broker; client ids are derived from the one given
   * @param options how the home behaves; its time is closed with the home
   * @return the home, still connecting
   */
  public static SimulatedHome start(MqttOptions mqtt, SimulationOptions options) {
    SimulatedHome home = new SimulatedHome(mqtt, options);
    home.bridges.forEach(Bridge::start);
    home.tickLater();
    LOG.info(
        "Simulated home: {} devices with {} entities on {}",
        home.devices.size(),
        home.devices.values().stream().mapToInt(d -> d.blueprint().points().size()).sum(),
        mqtt.uri());
    return home;
  }

  /**
   * Removes everything that a simulated home left on a broker, so that its devices do not linger
   * there as ghosts. None may be running.
   *
   * @param mqtt how to reach the broker
   * @param options the topics that the home had
   * @param timeout how long to try
   * @return whether all of it is gone
   * @throws InterruptedException when interrupted
   */
  public static boolean erase(MqttOptions mqtt, SimulationOptions options, Duration timeout)
      throws InterruptedException {
    List<String> topics =
        new SimulatedHome(mqtt, options)
            .bridges.stream().flatMap(bridge -> bridge.retainedTopics().stream()).toList();
    try (MqttConnection connection =
        MqttConnection.start(roomy(mqtt).withClientId(mqtt.clientId() + "-erase"))) {
      if (!connection.awaitConnected(timeout)) {
        return false;
      }
      List<CompletableFuture<PublishResult>> sent =
          topics.stream().map(topic -> connection.publish(topic, new byte[0], 1, true)).toList();
      return await(CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)), timeout)
          && sent.stream().allMatch(each -> each.join().sent());
    } finally {
      options.time().close();
    }
  }

  private static boolean await(CompletableFuture<?> future, Duration timeout)
      throws InterruptedException {
    try {
      Object _ = future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("Publishing failed", e);
    }
  }

  private void tickLater() {
    SimulationTime.Timer _ =
        options
            .time()
            .after(
                options.tick(),
                () -> {
                  Duration life =
                      Duration.ofNanos(Math.round(options.tick().toNanos() * options.speed()));
                  devices.values().forEach(device -> device.tick(life));
                  if (!closed) {
                    tickLater();
                  }
                });
  }

  /**
   * Waits until the whole home has announced itself for the first time.
   *
   * @param timeout how long to wait
   * @return whether it has
   * @throws InterruptedException when interrupted
   */
  public boolean awaitAnnounced(Duration timeout) throws InterruptedException {
    return await(
        CompletableFuture.allOf(
            bridges.stream().map(Bridge::announced).toArray(CompletableFuture[]::new)),
        timeout);
  }

  /**
   * Whether a device is one of a simulated home, not a real one that happens to have an entity of
   * the same id.
   *
   * @param device the device's id
   * @return true when it is simulated
   */
  public static boolean owns(DeviceId device) {
    return device.value().startsWith(DEVICE_PREFIX);
  }

  /**
   * What discovery does not tell: floors, and names in other languages. Devices of rarer kinds are
   * not in it.
   *
   * @return the layout, the same for every simulated home
   */
  public static HomeLayout layout() {
    return StandardHome.layout();
  }

  /**
   * What discovery does not tell of a generated home: its floors and rooms.
   *
   * @param entities how many entities it has, 1 to {@value SimulationOptions#MOST_ENTITIES}
   * @return the layout, the same for every home of that size
   */
  public static HomeLayout layout(int entities) {
    return new GeneratedHome(entities).layout();
  }

  /**
   * A device of the home.
   *
   * @param id its id, or the id of one of its entities with or without the part before the dot
   * @return the device
   * @throws IllegalArgumentException when there is none
   */
  public SimulatedDevice device(String id) {
    String slug = id.substring(id.indexOf('.') + 1);
    SimulatedDevice direct = devices.get(slug);
    if (direct != null) {
      return direct;
    }
    for (SimulatedDevice device : devices.values()) {
      if (device.blueprint().points().stream().anyMatch(p -> p.label().id().equals(slug))) {
        return device;
      }
    }
    throw new IllegalArgumentException(
        "The simulated home has no device '" + id + "'; it has " + devices.keySet());
  }

  /**
   * The device of an entity.
   *
   * @param id the entity
   * @return the device
   * @throws IllegalArgumentException when there is none
   */
  public SimulatedDevice device(EntityId id) {
    return device(id.value());
  }

  /**
   * All devices.
   *
   * @return in the order of the areas
   */
  public Collection<SimulatedDevice> devices() {
    return List.copyOf(devices.values());
  }

  /**
   * Stops the home: its devices say that they are offline and keep their place on the broker
   * ({@link #erase} removes that). Takes a few seconds at most.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    RuntimeException failure = null;
    for (Bridge bridge : bridges) {
      failure = close(bridge, failure);
    }
    options.time().close();
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable RuntimeException close(
      Bridge bridge, @Nullable RuntimeException earlier) {
    try {
      bridge.close();
      return earlier;
    } catch (RuntimeException e) {
      if (earlier == null) {
        return e;
      }
      earlier.addSuppressed(e);
      return earlier;
    }
  }
}
