package dev.hearth.devices.mqtt;

import java.nio.charset.StandardCharsets;

/**
 * The rules of topic names and topic filters (MQTT 5, section 4.7). Plain strings are used on the
 * way; these checks stand at the edges.
 */
public final class Topics {
  /** The longest topic that Hearth accepts, in UTF-8 bytes; MQTT allows 65,535. */
  public static final int MAX_BYTES = 1024;

  private Topics() {}

  /**
   * Whether a text can be a topic name to publish on.
   *
   * @param topic the text
   * @return false when empty, too long, or containing a wildcard or control character
   */
  public static boolean isTopic(String topic) {
    return isText(topic) && topic.indexOf('+') < 0 && topic.indexOf('#') < 0;
  }

  /**
   * Whether a text can be a topic filter to subscribe to.
   *
   * @param filter the text
   * @return false when empty, too long, or with a wildcard that does not fill its level
   */
  public static boolean isFilter(String filter) {
    if (!isText(filter)) {
      return false;
    }
    String[] levels = filter.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      boolean wildcard = levels[i].indexOf('+') >= 0 || levels[i].indexOf('#') >= 0;
      boolean valid = levels[i].equals("+") || (levels[i].equals("#") && i == levels.length - 1);
      if (wildcard && !valid) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(String text) {
    return !text.isEmpty()
        && text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
        && text.codePoints()
            .noneMatch(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF));
  }

  /**
   * Checks a topic given by our own code.
   *
   * @param topic the topic
   * @return the same topic
   * @throws IllegalArgumentException when it is not one
   */
  public static String requireTopic(String topic) {
    if (!isTopic(topic)) {
      throw new IllegalArgumentException(
          "'"
              + topic
              + "' is not a topic: it must have 1 to "
              + MAX_BYTES
              + " bytes, no + or # and no control characters");
    }
    return topic;
  }

  /**
   * Checks a topic filter given by our own code.
   *
   * @param filter the filter
   * @return the same filter
   * @throws IllegalArgumentException when it is not one
   */
  public static String requireFilter(String filter) {
    if (!isFilter(filter)) {
      throw new IllegalArgumentException(
          "'" + filter + "' is not a topic filter: + and # must fill a level, # only the last one");
    }
    return filter;
  }

  /**
   * Whether a filter has wildcards.
   *
   * @param filter a valid filter
   * @return true when it has
   */
  public static boolean hasWildcard(String filter) {
    return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
  }

  /**
   * At which QoS to subscribe: one topic at 1, a filter with wildcards at 0. A Mosquitto as it
   * comes holds 1,000 messages of QoS 1 for a client ({@code max_queued_messages}) and drops the
   * rest in silence, so of 3,000 retained announcements 1,020 arrive; those of QoS 0 go into the
   * socket at once. Within one connection TCP loses none, and a new connection hears everything
   * retained again.
   */
  static int qos(String filter) {
    return hasWildcard(filter) ? 0 : 1;
  }

  /**
   * Whether a topic matches a filter. Wildcards at the start do not match topics that begin with $.
   *
   * @param filter a valid filter
   * @param topic a valid topic
   * @return true when it matches
   */
  public static boolean matches(String filter, String topic) {
    if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) {
      return false;
    }
    // Where the present levels begin. No texts are made, for this is tried often.
    int wanted = 0;
    int level = 0;
    while (wanted <= filter.length()) {
      if (filter.startsWith("#", wanted)) {
        return true;
      }
      if (level > topic.length()) {
        return false;
      }
      int wantedEnd = end(filter, wanted);
      int levelEnd = end(topic, level);
      int length = wantedEnd - wanted;
      boolean same =
          length == levelEnd - level && filter.regionMatches(wanted, topic, level, length);
      if (!same && !(length == 1 && filter.charAt(wanted) == '+')) {
        return false;
      }
      wanted = wantedEnd + 1;
      level = levelEnd + 1;
    }
    return level > topic.length();
  }

  private static int end(String text, int level) {
    int slash = text.indexOf('/', level);
    return slash < 0 ? text.length() : slash;
  }
}
