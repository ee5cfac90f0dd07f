package dev.hearth.devices.dialect;

import dev.hearth.devices.Names;

/** An announcement that cannot be used. The message names the key, its value and the remedy. */
public final class DiscoveryException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param message key, value and remedy, which becomes a {@linkplain Names#line line}
   */
  public DiscoveryException(String message) {
    super(Names.line(message));
  }
}
