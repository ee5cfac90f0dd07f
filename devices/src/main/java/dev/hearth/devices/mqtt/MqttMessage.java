package dev.hearth.devices.mqtt;

import java.nio.charset.StandardCharsets;

/** A message that came from the broker. */
public final class MqttMessage {
  private final String topic;
  private final byte[] payload;
  private final int qos;
  private final boolean retained;
  private final long receivedNanos;

  /**
   * A message.
   *
   * @param topic its topic
   * @param payload its payload, not copied
   * @param qos 0, 1 or 2
   * @param retained true only for the replay of a retained message after subscribing
   * @param receivedNanos {@link System#nanoTime()} when it came
   */
  public MqttMessage(String topic, byte[] payload, int qos, boolean retained, long receivedNanos) {
    this.topic = topic;
    this.payload = payload;
    this.qos = qos;
    this.retained = retained;
    this.receivedNanos = receivedNanos;
  }

  /**
   * The topic.
   *
   * @return never empty
   */
  public String topic() {
    return topic;
  }

  /**
   * The payload.
   *
   * @return not a copy: do not change it
   */
  @SuppressWarnings("EI_EXPOSE_REP")
  public byte[] payload() {
    return payload;
  }

  /**
   * The payload as UTF-8; malformed bytes become U+FFFD.
   *
   * @return the text
   */
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /**
   * Quality of service.
   *
   * @return 0, 1 or 2
   */
  public int qos() {
    return qos;
  }

  /**
   * Whether this is the replay of an old, retained message.
   *
   * @return false for a message that was published just now
   */
  public boolean retained() {
    return retained;
  }

  /**
   * When it came.
   *
   * @return by {@link System#nanoTime()}
   */
  public long receivedNanos() {
    return receivedNanos;
  }

  @Override
  public String toString() {
    return "MqttMessage["
        + topic
        + ", "
        + payload.length
        + " bytes, qos "
        + qos
        + (retained ? ", retained]" : "]");
  }
}
