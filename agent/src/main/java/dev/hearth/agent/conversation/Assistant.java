package dev.hearth.agent.conversation;

/** The one way from an utterance to the home; every front end calls it. Thread-safe, blocking. */
public interface Assistant {
  /**
   * Runs one turn.
   *
   * @throws IllegalArgumentException the utterance breaks a limit; the message names it
   * @throws OverloadedException too many turns wait already
   */
  Turn ask(Utterance utterance);

  /**
   * Executes a plan that waits for confirmation; a token works once and for a limited time.
   *
   * @throws UnknownConfirmationException no plan waits under this token
   * @throws OverloadedException too many turns wait already
   */
  Turn confirm(String token);
}
