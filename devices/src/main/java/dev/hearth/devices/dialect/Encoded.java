package dev.hearth.devices.dialect;

import dev.hearth.devices.Attribute;
import java.util.List;
import java.util.Map;

/**
 * A command ready to publish.
 *
 * @param messages what to publish, in order
 * @param target the state that the device should then report, as exactly as its own scale can say
 *     it
 */
public record Encoded(List<Outgoing> messages, Map<Attribute, Object> target) {
  /** Copies the collections. */
  public Encoded {
    messages = List.copyOf(messages);
    target = Map.copyOf(target);
  }
}
