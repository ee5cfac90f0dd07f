package dev.hearth.inference;

/** Too many requests are waiting for the model; try again later. */
public final class OverloadedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param limit how many requests may wait
   */
  public OverloadedException(int limit) {
    super(limit + " requests are already waiting for the model; try again when some have ended");
  }
}
