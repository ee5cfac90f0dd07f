package dev.hearth.devices.gateway;

import java.util.LinkedHashMap;
import java.util.Map;

/** What is wrong with announcements, by topic, until a better one comes. Thread-safe. */
final class Faults {
  /** Anybody may publish nonsense on any number of topics. */
  private static final int MAX_TOPICS = 200;

  private final Map<String, String> byTopic = new LinkedHashMap<>();

  /** Notes a fault; the oldest one gives way when there are too many. */
  synchronized void put(String topic, String message) {
    byTopic.remove(topic);
    byTopic.put(topic, message);
    if (byTopic.size() > MAX_TOPICS) {
      byTopic.remove(byTopic.keySet().iterator().next());
    }
  }

  synchronized void clear(String topic) {
    byTopic.remove(topic);
  }

  synchronized Map<String, String> all() {
    return Map.copyOf(byTopic);
  }
}
