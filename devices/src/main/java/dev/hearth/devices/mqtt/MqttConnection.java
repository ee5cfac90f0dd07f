package dev.hearth.devices.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A connection to a broker that makes itself: it tries until the broker is there, comes back after
 * every loss, and restores all subscriptions before it calls itself connected. Thread-safe.
 */
public interface MqttConnection extends AutoCloseable {
  /**
   * Starts a connection; returns at once.
   *
   * @param options how to reach the broker
   * @return the connection, still connecting
   */
  static MqttConnection start(MqttOptions options) {
    return MqttSupervisor.start(options);
  }

  /**
   * How the connection is now.
   *
   * @return the status
   */
  MqttStatus status();

  /**
   * How many messages were dropped since the start because handlers were too slow.
   *
   * @return their number
   */
  long dropped();

  /**
   * Listens to the status; the listener gets the present one at once, later ones on a thread of the
   * connection: be quick.
   *
   * @param listener what to call
   * @return closes to stop listening
   */
  Registration onStatus(Consumer<MqttStatus> listener);

  /**
   * Waits until connected.
   *
   * @param timeout how long at most
   * @return whether connected
   * @throws InterruptedException when interrupted
   */
  boolean awaitConnected(Duration timeout) throws InterruptedException;

  /**
   * Subscribes at QoS 1, or 0 for a filter with wildcards, now or as soon as there is a connection,
   * and again after every loss. Several handlers may share a filter; each new one is given the
   * retained messages. Those of a filter without wildcards that had them already are not given them
   * again.
   *
   * @param filter a topic filter
   * @param handler what takes the messages
   * @return closes to end it
   * @throws IllegalArgumentException when the filter is not one
   */
  MqttSubscription subscribe(String filter, MqttHandler handler);

  /**
   * Publishes a message, or fails at once: nothing is kept for a later connection, for a command
   * must not act minutes after it was given.
   *
   * @param topic a topic
   * @param payload the payload; do not change it afterwards
   * @param qos 0 or 1
   * @param retained whether the broker shall keep it
   * @return completes with the result, never exceptionally
   * @throws IllegalArgumentException when the topic is not one or the QoS is neither 0 nor 1
   */
  CompletableFuture<PublishResult> publish(String topic, byte[] payload, int qos, boolean retained);

  /**
   * Publishes a text at QoS 1, not retained.
   *
   * @param topic a topic
   * @param payload the payload
   * @return completes with the result, never exceptionally
   */
  default CompletableFuture<PublishResult> publish(String topic, String payload) {
    return publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, false);
  }

  /**
   * Publishes a command at QoS 1, never retained, as {@link #publish(String, byte[], int, boolean)}
   * does. A broker of MQTT 5 forgets it when it could not deliver it in time, for example because
   * the device is away and has left a session behind; one of MQTT 3.1.1 cannot be told.
   *
   * @param topic a topic
   * @param payload the payload
   * @param expiry how long it may wait at the broker, rounded up to whole seconds
   * @return completes with the result, never exceptionally
   */
  CompletableFuture<PublishResult> command(String topic, String payload, Duration expiry);

  /** Says goodbye if connected, and stops; takes less than 3 s whatever the broker does. */
  @Override
  void close();

  /** Something registered that can be taken back. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
