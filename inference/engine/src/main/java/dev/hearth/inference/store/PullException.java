package dev.hearth.inference.store;

import java.io.IOException;

/** A download cannot be finished; trying again by itself would not help. */
public final class PullException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong and what helps. */
  public PullException(String message) {
    super(message);
  }

  /** Says what is wrong and what helps. */
  public PullException(String message, Throwable cause) {
    super(message, cause);
  }
}
