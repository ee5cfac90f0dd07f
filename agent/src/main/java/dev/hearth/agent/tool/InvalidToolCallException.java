package dev.hearth.agent.tool;

/** A tool call that breaks its schema; possible only for models that decode without a grammar. */
public final class InvalidToolCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, in words that a model can act on. */
  public InvalidToolCallException(String message) {
    super(message);
  }
}
