package dev.hearth.devices.mqtt;

/**
 * The message that the broker publishes when this client vanishes without a goodbye (QoS 1).
 *
 * @param topic its topic
 * @param payload its payload, UTF-8
 * @param retained whether the broker keeps it
 */
public record LastWill(String topic, String payload, boolean retained) {
  /** Checks the topic. */
  public LastWill {
    Topics.requireTopic(topic);
  }
}
