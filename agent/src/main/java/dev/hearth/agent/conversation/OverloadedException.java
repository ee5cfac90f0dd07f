package dev.hearth.agent.conversation;

/** Too many turns wait already. */
public final class OverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names how many turns may wait. */
  public OverloadedException(int limit) {
    super("more than " + limit + " commands are waiting; try again in a few seconds");
  }
}
