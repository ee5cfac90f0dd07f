package dev.hearth.agent.web;

/** A request breaks a rule; the caller can mend it. */
public final class InvalidRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * Names what is wrong.
   *
   * @param field the field of the request, such as {@code text}
   * @param message what was found and what is expected, a sentence for the caller
   */
  public InvalidRequestException(String field, String message) {
    super(message);
    this.field = field;
  }

  /** The field of the request that breaks a rule. */
  public String field() {
    return field;
  }
}
