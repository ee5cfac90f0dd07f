package dev.hearth.devices.gateway;

import java.util.LinkedHashMap;
import java.util.Map;

/** What is wrong with announcements, by topic, until a better one comes. Thread-safe. */
final class Faults {
  /** Anybody may publish nonsense on any number of topics. */
  private static final int MAX_TOPICS = 200;

  private final Map<String, String> byTopic = new LinkedHashMap<>();

  /**
   * Notes a fault; the oldest one gives way when there are too many.
   *
   * @return whether it is news, and not one of too many
   */
  synchronized boolean put(String topic, String message) {
    boolean news = !message.equals(byTopic.remove(topic));
    byTopic.put(topic, message);
    if (byTopic.size() > MAX_TOPICS) {
      byTopic.remove(byTopic.keySet().iterator().next());
      return false;
    }
    return news;
  }

  synchronized void clear(String topic) {
    byTopic.remove(topic);
  }

  synchronized Map<String, String> all() {
    return Map.copyOf(byTopic);
  }
}
