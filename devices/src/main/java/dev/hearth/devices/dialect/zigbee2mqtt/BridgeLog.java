package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The bridge's log, where it says what came to nothing, in this form and an older one. */
final class BridgeLog {
  private static final int MAX_PAYLOAD = 16 * 1024;

  private static final Pattern FAILED =
      Pattern.compile(
          "Publish '(set|get)' '([^']{1,200})' to '(.{1,600}?)' failed: '?(.*)", Pattern.DOTALL);
  private static final Pattern NO_CONVERTER =
      Pattern.compile(
          "No converter available for (?:'(set|get)' )?'([^']{1,200})' on '(.{1,600}?)'");
  private static final Pattern NO_ENTITY = Pattern.compile("Entity '(.{1,600}?)' is unknown");
  private static final Pattern NO_ENDPOINT =
      Pattern.compile("Device '(.{1,600}?)' has no endpoint");
  private static final Pattern NO_SUPPORT =
      Pattern.compile("Cannot publish to unsupported device '(.{1,600}?)'");

  /**
   * A message to a device that came to nothing.
   *
   * @param reading whether it was a question
   * @param key what it was about, or null when not told
   * @param name the device or group
   * @param reason why, cleaned
   */
  record Failure(boolean reading, @Nullable String key, String name, String reason) {}

  private BridgeLog() {}

  static List<String> topics(String base) {
    return List.of(base + "/bridge/logging", base + "/bridge/log");
  }

  /** The failure that a line tells of, or null. */
  static @Nullable Failure read(byte[] payload) {
    if (payload.length > MAX_PAYLOAD || !mayTell(payload)) {
      return null;
    }
    Map<?, ?> json = Json.objectOrNull(payload);
    if (json == null || !(json.get("message") instanceof String line)) {
      return null;
    }
    Matcher failed = FAILED.matcher(line);
    if (failed.find()) {
      String reason = failed.group(4).strip();
      reason = reason.endsWith("'") ? reason.substring(0, reason.length() - 1) : reason;
      return new Failure(
          failed.group(1).equals("get"), failed.group(2), failed.group(3), Names.clean(reason));
    }
    Matcher converter = NO_CONVERTER.matcher(line);
    if (converter.find()) {
      return new Failure(
          "get".equals(converter.group(1)), converter.group(2), converter.group(3), clean(line));
    }
    for (Pattern each : List.of(NO_ENTITY, NO_ENDPOINT, NO_SUPPORT)) {
      Matcher other = each.matcher(line);
      if (other.find()) {
        return new Failure(false, null, other.group(1), clean(line));
      }
    }
    return null;
  }

  private static String clean(String line) {
    return Names.clean(line);
  }

  /** Most lines are about messages that went well, and every device hears them all. */
  private static boolean mayTell(byte[] payload) {
    String text = new String(payload, StandardCharsets.ISO_8859_1);
    return text.contains("failed")
        || text.contains("No converter")
        || text.contains("is unknown")
        || text.contains("has no endpoint")
        || text.contains("unsupported");
  }
}
