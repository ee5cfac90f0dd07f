package dev.hearth.devices.broker;

import org.jspecify.annotations.Nullable;

/** The embedded broker could not start; the message names what stood in the way and the remedy. */
public final class BrokerStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
