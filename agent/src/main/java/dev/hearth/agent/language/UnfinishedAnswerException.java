package dev.hearth.agent.language;

/** The language model did not come to the end of its answer; nothing of it is to be used. */
public final class UnfinishedAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * An answer without an end.
   *
   * @param message what stopped it and what an operator can do
   */
  public UnfinishedAnswerException(String message) {
    super(message);
  }

  UnfinishedAnswerException(String message, Throwable cause) {
    super(message, cause);
  }
}
