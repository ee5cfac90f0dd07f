package dev.hearth.devices.gateway;

import dev.hearth.devices.command.Deadlines;

/**
 * How the gateway behaves.
 *
 * @param conventions how and where devices are heard
 * @param deadlines how long to wait for evidence
 * @param maxEntities announcements beyond this many entities are ignored with a warning, at least 1
 * @param exposeDiscovered whether new entities are visible to the agent before anyone approved them
 * @param announceBirth whether to publish {@code online} on {@code <prefix>/status} after
 *     connecting, which asks devices that do not retain their announcements to repeat them
 */
public record GatewayOptions(
    Conventions conventions,
    Deadlines deadlines,
    int maxEntities,
    boolean exposeDiscovered,
    boolean announceBirth) {
  /**
   * All conventions at their usual places, default deadlines, 25,000 entities (a lamp of
   * Zigbee2MQTT comes with half a dozen of settings), exposed, no birth.
   */
  public static final GatewayOptions DEFAULTS =
      new GatewayOptions(Conventions.DEFAULTS, Deadlines.DEFAULTS, 25_000, true, false);

  /** Checks the limit. */
  public GatewayOptions {
    if (maxEntities < 1) {
      throw new IllegalArgumentException("maxEntities must be at least 1, not " + maxEntities);
    }
  }

  /**
   * The same with another limit of entities.
   *
   * @param maxEntities at least 1
   * @return a copy
   */
  public GatewayOptions withMaxEntities(int maxEntities) {
    return new GatewayOptions(conventions, deadlines, maxEntities, exposeDiscovered, announceBirth);
  }

  /**
   * The same with other conventions.
   *
   * @param conventions how and where devices are heard
   * @return a copy
   */
  public GatewayOptions withConventions(Conventions conventions) {
    return new GatewayOptions(conventions, deadlines, maxEntities, exposeDiscovered, announceBirth);
  }

  /**
   * The same with other deadlines.
   *
   * @param deadlines how long to wait for evidence
   * @return a copy
   */
  public GatewayOptions withDeadlines(Deadlines deadlines) {
    return new GatewayOptions(conventions, deadlines, maxEntities, exposeDiscovered, announceBirth);
  }
}
