package dev.hearth.agent.start;

import org.jspecify.annotations.Nullable;

/** The agent cannot start as it is set up; shown to the operator without a stack trace. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String remedy;

  /**
   * Creates the exception.
   *
   * @param what what is wrong, with the value that is wrong
   * @param remedy what the operator can do about it
   */
  public StartException(String what, String remedy) {
    this(what, remedy, null);
  }

  /**
   * Creates the exception with a cause.
   *
   * @param what what is wrong, with the value that is wrong
   * @param remedy what the operator can do about it
   * @param cause what happened
   */
  public StartException(String what, String remedy, @Nullable Throwable cause) {
    super(what, cause);
    this.remedy = remedy;
  }

  /** What the operator can do about it. */
  public String remedy() {
    return remedy;
  }
}
