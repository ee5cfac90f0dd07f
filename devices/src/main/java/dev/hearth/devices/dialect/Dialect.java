package dev.hearth.devices.dialect;

import java.util.List;

/**
 * A convention by which devices announce themselves. Messages come one at a time, in the order in
 * which the broker sent them.
 */
public interface Dialect {
  /**
   * The topic filters on which devices are announced.
   *
   * @return at least one
   */
  List<String> filters();

  /**
   * Reads a message on one of the filters. Payloads come from strangers: what cannot be used is
   * said, and what was announced before stays valid.
   *
   * @param topic its topic
   * @param payload its payload
   * @return what it announces, by source
   * @throws DiscoveryException when nothing of it can be used
   */
  List<Announced> announcements(String topic, byte[] payload) throws DiscoveryException;
}
