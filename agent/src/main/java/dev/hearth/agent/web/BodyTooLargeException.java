package dev.hearth.agent.web;

import java.io.IOException;

/** A request's body is longer than its path allows. */
public final class BodyTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Names the limit.
   *
   * @param limit in bytes
   */
  public BodyTooLargeException(long limit) {
    super("the body is longer than " + limit + " bytes");
  }

  /**
   * Finds it behind another exception.
   *
   * @param thrown what a reader of the body threw
   * @return whether the body's length was the reason
   */
  public static boolean causes(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof BodyTooLargeException) {
        return true;
      }
    }
    return false;
  }
}
