package dev.hearth.devices.gateway;

import dev.hearth.devices.command.Deadlines;
import java.util.List;

/**
 * How the gateway behaves.
 *
 * @param discoveryPrefixes first topic levels under which devices announce themselves
 * @param zigbee2mqttTopics base topics of Zigbee2MQTT bridges to talk to in their own words, which
 *     goes before what they announce below the discovery prefixes; empty to hear that alone
 * @param deadlines how long to wait for evidence
 * @param maxEntities announcements beyond this many entities are ignored with a warning
 * @param exposeDiscovered whether new entities are visible to the agent before anyone approved them
 * @param announceBirth whether to publish {@code online} on {@code <prefix>/status} after
 *     connecting, which asks devices that do not retain their announcements to repeat them
 */
public record GatewayOptions(
    List<String> discoveryPrefixes,
    List<String> zigbee2mqttTopics,
    Deadlines deadlines,
    int maxEntities,
    boolean exposeDiscovered,
    boolean announceBirth) {
  /**
   * Prefix {@code homeassistant}, base topic {@code zigbee2mqtt}, default deadlines, 5,000 entities
   * (a lamp of Zigbee2MQTT comes with half a dozen of settings), exposed, no birth.
   */
  public static final GatewayOptions DEFAULTS =
      new GatewayOptions(
          List.of("homeassistant"), List.of("zigbee2mqtt"), Deadlines.DEFAULTS, 5_000, true, false);

  /** Copies the lists. */
  public GatewayOptions {
    discoveryPrefixes = List.copyOf(discoveryPrefixes);
    zigbee2mqttTopics = List.copyOf(zigbee2mqttTopics);
    if (discoveryPrefixes.isEmpty()) {
      throw new IllegalArgumentException(
          "GatewayOptions.discoveryPrefixes is empty; give at least 'homeassistant'");
    }
  }

  /**
   * The same with other Zigbee2MQTT bridges.
   *
   * @param bases their base topics
   * @return a copy
   */
  public GatewayOptions withZigbee2mqttTopics(List<String> bases) {
    return new GatewayOptions(
        discoveryPrefixes, bases, deadlines, maxEntities, exposeDiscovered, announceBirth);
  }

  /**
   * The same with other deadlines.
   *
   * @param deadlines how long to wait for evidence
   * @return a copy
   */
  public GatewayOptions withDeadlines(Deadlines deadlines) {
    return new GatewayOptions(
        discoveryPrefixes,
        zigbee2mqttTopics,
        deadlines,
        maxEntities,
        exposeDiscovered,
        announceBirth);
  }
}
