package dev.hearth.inference;

/** Why a generation ended. */
public enum FinishReason {
  /** A stop token was chosen, or the grammar had nothing left but the end of the turn. */
  STOP,
  /** The request's token limit was reached. */
  LENGTH,
  /** The caller cancelled, or the calling thread was interrupted. */
  CANCELLED,
  /** The request's time was up, in the queue or while it ran. */
  DEADLINE,
  /** The model's context length was reached. */
  CONTEXT_FULL
}
