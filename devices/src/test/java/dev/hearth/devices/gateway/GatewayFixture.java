package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.command.CommandExecutor;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Outcome;
import dev.hearth.devices.mqtt.Mosquitto;
import dev.hearth.devices.mqtt.MqttSubscription;
import dev.hearth.devices.registry.InMemoryHomeStore;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A broker, a gateway with short deadlines, and a device to script. */
final class GatewayFixture implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(30);

  final Mosquitto broker;
  final ScriptedDevice device;
  DeviceGateway gateway;
  final InMemoryHomeStore store = new InMemoryHomeStore();

  GatewayFixture() throws InterruptedException {
    this(Deadlines.all(Duration.ofSeconds(10)));
  }

  GatewayFixture(Deadlines deadlines) throws InterruptedException {
    broker = Mosquitto.start();
    device = new ScriptedDevice(broker.options());
    gateway =
        DeviceGateway.start(
            broker.options(), GatewayOptions.DEFAULTS.withDeadlines(deadlines), store);
    assertThat(gateway.connection().awaitConnected(SOON)).isTrue();
  }

  /** Starts the gateway anew with another deadline. */
  GatewayFixture deadlines(Deadlines deadlines) throws InterruptedException {
    gateway.close();
    gateway =
        DeviceGateway.start(
            broker.options(), GatewayOptions.DEFAULTS.withDeadlines(deadlines), store);
    assertThat(gateway.connection().awaitConnected(SOON)).isTrue();
    return this;
  }

  /** Waits until an entity is as wished and the gateway has dealt with all it heard before. */
  Entity await(String id, Predicate<Entity> condition) {
    EntityId entity = new EntityId(id);
    org.awaitility.Awaitility.await("entity " + id)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> gateway.registry().home().entity(entity).filter(condition).isPresent());
    if (gateway.connection().status().connected()) {
      catchUp();
      catchUp(); // What an announcement made it subscribe to is confirmed now, too.
    }
    return gateway.registry().home().entity(entity).orElseThrow();
  }

  /**
   * The gateway hears messages in order: when it has heard this one, it is done with the others.
   */
  private void catchUp() {
    CountDownLatch heard = new CountDownLatch(1);
    String topic = "fixture/" + UUID.randomUUID();
    try (MqttSubscription marker =
        gateway.connection().subscribe(topic, message -> heard.countDown())) {
      assertThat(marker.active().get(30, TimeUnit.SECONDS)).isTrue();
      device.live(topic, "");
      assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  Entity await(String id) {
    return await(id, e -> true);
  }

  Outcome execute(String id, Command command) {
    return get(gateway.executor().execute(new EntityId(id), command));
  }

  CommandExecutor.Execution submit(String id, Command command) {
    return gateway.executor().submit(new EntityId(id), command);
  }

  static Outcome get(CompletableFuture<Outcome> future) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    gateway.close();
    device.close();
    broker.close();
  }
}
