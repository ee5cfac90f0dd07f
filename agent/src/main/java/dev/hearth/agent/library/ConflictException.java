package dev.hearth.agent.library;

/** What is asked for cannot be done while something else is as it is. */
public final class ConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what is in the way and what helps. */
  public ConflictException(String message) {
    super(message);
  }
}
