package dev.hearth.devices.dialect;

/**
 * A message to publish at QoS 1, never retained.
 *
 * @param topic its topic
 * @param payload its payload, UTF-8
 */
public record Outgoing(String topic, String payload) {}
