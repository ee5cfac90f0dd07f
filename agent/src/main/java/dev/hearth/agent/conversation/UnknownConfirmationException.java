package dev.hearth.agent.conversation;

/** No plan waits under the given confirmation token: unknown, used already or expired. */
public final class UnknownConfirmationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what to do; the token itself is not repeated. */
  public UnknownConfirmationException() {
    super(
        "no plan waits under this confirmation token: it is unknown, used or expired; give the"
            + " command again");
  }
}
