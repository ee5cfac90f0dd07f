package dev.hearth.devices.mqtt;

/** Takes the messages of a subscription. */
@FunctionalInterface
public interface MqttHandler {
  /**
   * Takes one message. Messages come one at a time, in the order in which the broker sent them, so
   * a slow handler holds up all others. Must not wait for a publish of its own. An exception is
   * logged with the topic and harms nothing else.
   *
   * @param message the message
   * @throws Exception for any reason
   */
  void handle(MqttMessage message) throws Exception;
}
