package dev.hearth.agent.conversation;

import org.jspecify.annotations.Nullable;

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

  /**
   * Puts back what was done last, as far as the devices told how it was. Undoing twice does it
   * again.
   *
   * @param conversation in which conversation; null for the last that was done in the home at all
   * @param language BCP 47 tag of the reply's language; null for that of what is undone
   * @throws OverloadedException too many turns wait already
   */
  Turn undo(@Nullable String conversation, @Nullable String language);

  /**
   * Whether {@link #undo} would do anything now.
   *
   * @param conversation in which conversation
   */
  boolean undoable(String conversation);
}
