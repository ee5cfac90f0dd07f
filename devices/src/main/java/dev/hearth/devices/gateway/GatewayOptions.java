package dev.hearth.devices.gateway;

import dev.hearth.devices.command.Deadlines;
import java.util.List;

/**
 * How the gateway behaves.
 *
 * @param discoveryPrefixes first topic levels under which devices announce themselves
 * @param deadlines how long to wait for evidence
 * @param maxEntities announcements beyond this many entities are ignored with a warning
 * @param exposeDiscovered whether new entities are visible to the agent before anyone approved them
 * @param announceBirth whether to publish {@code online} on {@code <prefix>/status} after
 *     connecting, which asks devices that do not retain their announcements to repeat them
 */
public record GatewayOptions(
    List<String> discoveryPrefixes,
    Deadlines deadlines,
    int maxEntities,
    boolean exposeDiscovered,
    boolean announceBirth) {
  /** Prefix {@code homeassistant}, default deadlines, 2,000 entities, exposed, no birth. */
  public static final GatewayOptions DEFAULTS =
      new GatewayOptions(List.of("homeassistant"), Deadlines.DEFAULTS, 2_000, true, false);

  /** Copies the list. */
  public GatewayOptions {
    discoveryPrefixes = List.copyOf(discoveryPrefixes);
    if (discoveryPrefixes.isEmpty()) {
      throw new IllegalArgumentException(
          "GatewayOptions.discoveryPrefixes is empty; give at least 'homeassistant'");
    }
  }

  /**
   * The same with other deadlines.
   *
   * @param deadlines how long to wait for evidence
   * @return a copy
   */
  public GatewayOptions withDeadlines(Deadlines deadlines) {
    return new GatewayOptions(
        discoveryPrefixes, deadlines, maxEntities, exposeDiscovered, announceBirth);
  }
}
