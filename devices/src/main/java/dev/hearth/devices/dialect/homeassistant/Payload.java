package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.dialect.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A message's payload, as text and, when asked for, as JSON, which is parsed once. */
final class Payload {
  private final String text;
  private boolean parsed;
  private @Nullable Object json;

  Payload(byte[] bytes) {
    this(new String(bytes, StandardCharsets.UTF_8));
  }

  Payload(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** The JSON value, or null when it is JSON null or no JSON. */
  @Nullable Object json() {
    if (!parsed) {
      parsed = true;
      json = Json.parseOrNull(text);
    }
    return json;
  }
}
