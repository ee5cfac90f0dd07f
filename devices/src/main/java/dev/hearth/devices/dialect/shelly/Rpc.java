package dev.hearth.devices.dialect.shelly;

import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Calls to a device and its answers. Each device answers on a topic that has its own prefix, so
 * that the topic tells who answers.
 */
final class Rpc {
  /** The level below which devices answer, and the end of all topics of calls. */
  private static final String ANSWERS = "hearth/";

  private static final String CALLS = "/rpc";

  /** Questions about the whole device, whose answers anybody may hear. */
  static final int INFO = 1;

  static final int CONFIG = 2;
  static final int STATUS = 3;

  /** Numbers of commands begin anywhere, for there may be other agents beside this one. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(1_000, 1_000_000_000));

  /**
   * An answer.
   *
   * @param id the number of its call
   * @param result what it led to; null when it failed
   * @param error why it failed, cleaned; null when it did not
   */
  record Answer(int id, @Nullable Map<?, ?> result, @Nullable String error) {}

  private Rpc() {}

  static int nextId() {
    return NEXT.getAndUpdate(last -> last == Integer.MAX_VALUE ? 1_000 : last + 1);
  }

  /** The topic on which a device answers. */
  static String answers(String prefix) {
    return ANSWERS + prefix + CALLS;
  }

  /** The prefix of a device that answers on a topic, null for another topic. */
  static @Nullable String answering(String topic) {
    return topic.startsWith(ANSWERS)
            && topic.endsWith(CALLS)
            && topic.length() > ANSWERS.length() + CALLS.length()
        ? topic.substring(ANSWERS.length(), topic.length() - CALLS.length())
        : null;
  }

  static Outgoing call(String prefix, int id, String method, Map<String, ?> parameters) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("src", ANSWERS + prefix);
    json.put("method", method);
    if (!parameters.isEmpty()) {
      json.put("params", parameters);
    }
    return new Outgoing(prefix + CALLS, Json.write(json));
  }

  static Outgoing askInfo(String prefix) {
    return call(prefix, INFO, "Shelly.GetDeviceInfo", Map.of());
  }

  static Outgoing askConfig(String prefix) {
    return call(prefix, CONFIG, "Shelly.GetConfig", Map.of());
  }

  static Outgoing askStatus(String prefix) {
    return call(prefix, STATUS, "Shelly.GetStatus", Map.of());
  }

  /** An answer, or null when it is none. */
  static @Nullable Answer answer(Map<?, ?> json) {
    if (!(json.get("id") instanceof Integer id)) {
      return null;
    }
    if (json.get("error") instanceof Map<?, ?> error) {
      String reason = Names.clean(String.valueOf(error.get("message")));
      return new Answer(id, null, Names.clean(reason + " (" + error.get("code") + ")"));
    }
    // Some calls have nothing to tell but that they were carried out.
    return json.containsKey("result")
        ? new Answer(id, json.get("result") instanceof Map<?, ?> map ? map : Map.of(), null)
        : null;
  }
}
