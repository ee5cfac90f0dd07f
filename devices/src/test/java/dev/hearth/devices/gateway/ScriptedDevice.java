package dev.hearth.devices.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.mqtt.MqttConnection;
import dev.hearth.devices.mqtt.MqttOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A device on a connection of its own that speaks real MQTT and does what a test tells it. */
public final class ScriptedDevice implements AutoCloseable {
  private final MqttConnection connection;
  private final List<String> received = new CopyOnWriteArrayList<>();

  /** Connects a device. */
  public ScriptedDevice(MqttOptions options) throws InterruptedException {
    connection = MqttConnection.start(options);
    assertThat(connection.awaitConnected(Duration.ofSeconds(30))).isTrue();
  }

  /** Publishes a retained message and waits until the broker has it. */
  public ScriptedDevice retained(String topic, String payload) {
    return publish(topic, payload, true);
  }

  /** Publishes a message that is not kept, and waits until the broker has it. */
  public ScriptedDevice live(String topic, String payload) {
    return publish(topic, payload, false);
  }

  private ScriptedDevice publish(String topic, String payload, boolean retained) {
    try {
      assertThat(
              connection
                  .publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, retained)
                  .get(30, TimeUnit.SECONDS)
                  .sent())
          .isTrue();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return this;
  }

  /** Publishes from a handler, where one must not wait. */
  public void reply(String topic, String payload) {
    var _ = connection.publish(topic, payload);
  }

  /** Calls a script for each message on a filter; waits until subscribed. */
  public ScriptedDevice on(String filter, BiConsumer<ScriptedDevice, String> script) {
    try {
      assertThat(
              connection
                  .subscribe(
                      filter,
                      message -> {
                        received.add(message.topic() + " " + message.text());
                        script.accept(this, message.text());
                      })
                  .active()
                  .get(30, TimeUnit.SECONDS))
          .isTrue();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return this;
  }

  /** Listens without answering. */
  public ScriptedDevice deaf(String filter) {
    return on(filter, (device, payload) -> {});
  }

  /** Everything received so far, as {@code topic payload}. */
  public List<String> received() {
    return received;
  }

  /** Waits until the connection is back. */
  public void awaitConnected() throws InterruptedException {
    assertThat(connection.awaitConnected(Duration.ofSeconds(30))).isTrue();
  }

  @Override
  public void close() {
    connection.close();
  }
}
