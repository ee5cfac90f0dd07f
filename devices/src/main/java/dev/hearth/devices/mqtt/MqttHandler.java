package dev.hearth.devices.mqtt;

/** Takes the messages of a subscription. */
@FunctionalInterface
public interface MqttHandler {
  /**
   * Takes one message. Messages of one topic come in order and one at a time; different topics may
   * come at once. Must not wait for a publish of its own. An exception is logged with the topic and
   * harms nothing else.
   *
   * @param message the message
   * @throws Exception for any reason
   */
  void handle(MqttMessage message) throws Exception;
}
