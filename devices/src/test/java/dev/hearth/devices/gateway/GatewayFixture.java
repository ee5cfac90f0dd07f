package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.command.CommandExecutor;
import dev.hearth.devices.command.Deadlines;
import dev.hearth.devices.command.Outcome;
import dev.hearth.devices.mqtt.Mosquitto;
import dev.hearth.devices.registry.InMemoryHomeStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  Entity await(String id, Predicate<Entity> condition) {
    EntityId entity = new EntityId(id);
    org.awaitility.Awaitility.await("entity " + id)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> gateway.registry().home().entity(entity).filter(condition).isPresent());
    return gateway.registry().home().entity(entity).orElseThrow();
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
