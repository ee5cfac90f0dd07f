package dev.hearth.devices.mqtt;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One connection of one protocol version, used once. The rest of the package knows only this. */
interface Link {
  /** What comes back, on a thread of the client library: do not block. */
  interface Listener {
    /** A message came. */
    void message(String topic, byte[] payload, int qos, boolean retained);

    /** The connection broke; called at least once, or the other, with a reason for the log. */
    void lost(String reason);

    /** The broker broke the connection, for another client came with the same client id. */
    void takenOver();
  }

  /**
   * Connects.
   *
   * @param listener takes messages and the end
   * @param deadline for the whole of it
   * @throws LinkException when it fails; the link is then unusable
   * @throws InterruptedException when interrupted; the link is then unusable
   */
  void connect(Listener listener, Duration deadline) throws LinkException, InterruptedException;

  /** The protocol, for the log. */
  String protocol();

  /** How many QoS 1 publishes the broker takes at once. */
  int receiveMaximum();

  /**
   * Subscribes at {@link Topics#qos}; completes with one code per filter, 128 and above meaning
   * refused.
   */
  CompletableFuture<int[]> subscribe(List<String> filters);

  /** Unsubscribes; nobody waits for the answer. */
  void unsubscribe(List<String> filters);

  /**
   * Publishes; completes when acknowledged.
   *
   * @param expirySeconds after which the broker shall forget it, 0 for never; only MQTT 5 can say
   *     so
   * @throws TooManyInFlightException when the client library has no room just now
   */
  CompletableFuture<?> publish(
      String topic, byte[] payload, int qos, boolean retained, long expirySeconds)
      throws TooManyInFlightException;

  /** Whether an error of a publish means that the broker has answered, and answered no. */
  boolean refused(Throwable error);

  /** Says goodbye and closes, within the time. */
  void disconnect(Duration timeout);

  /** Closes the socket without a goodbye. */
  void abort();

  /** The client library has no room for another publish just now. */
  final class TooManyInFlightException extends Exception {
    private static final long serialVersionUID = 1L;

    TooManyInFlightException() {
      super("too many publishes in flight", null, false, false);
    }
  }
}
