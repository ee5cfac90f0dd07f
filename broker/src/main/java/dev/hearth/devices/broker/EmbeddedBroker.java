package dev.hearth.devices.broker;

/**
 * An MQTT broker (3.1, 3.1.1 and 5) inside this process, reachable from this machine only.
 *
 * <p>Every client must give the user name and password of {@link BrokerOptions}. With a data
 * folder, retained messages, persistent sessions and their queues survive a restart; what arrived
 * in the last second before a crash may be lost.
 */
public interface EmbeddedBroker extends AutoCloseable {

  /**
   * Starts a broker and waits until it accepts connections.
   *
   * @param options port, data folder and credentials
   * @return the running broker
   * @throws BrokerStartException when the port or the data folder is taken or unusable
   */
  static EmbeddedBroker start(BrokerOptions options) {
    return HiveMqBroker.start(options);
  }

  /**
   * The address for clients on this machine.
   *
   * @return for example {@code tcp://127.0.0.1:1883}
   */
  String uri();

  /**
   * The port the broker listens on.
   *
   * @return 1 to 65535, the chosen one when the options said 0
   */
  int port();

  /**
   * Disconnects all clients, writes what is to be kept and frees the port; later calls do nothing.
   */
  @Override
  void close();
}
