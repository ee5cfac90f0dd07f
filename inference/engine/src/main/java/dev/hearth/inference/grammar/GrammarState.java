package dev.hearth.inference.grammar;

import java.util.OptionalInt;

/** Where a turn stands in its grammar. Not thread-safe; {@link #copy()} to branch. */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class GrammarState {
  GrammarState() {}

  /**
   * Moves on by a token.
   *
   * @return false, and no change, when the grammar does not allow the token here
   */
  public boolean accept(int token) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Whether {@link #accept} would take the token. */
  public boolean allows(int token) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Tokens allowed next: bit {@code token % 64} of element {@code token / 64}. Shared and cached:
   * do not change it. Empty of bits only after the end of the turn.
   */
  public long[] mask() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The only token of {@link #mask()}, when there is just one: no model step is needed. */
  public OptionalInt onlyToken() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Longest text with which every continuation begins, possibly empty; special tokens as text. */
  public byte[] forcedBytes() {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Tokens of the forced text that can be appended unsampled: those that the tokenizer itself would
   * give for the whole turn, without trailing ones that could merge with what follows. Does not
   * move the state: {@link #accept} each of them.
   *
   * @param encoder the tokenizer
   * @param turn tokens of this turn so far
   * @return possibly empty, then the model must choose
   */
  public int[] forcedTokens(TextEncoder encoder, int[] turn) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Whether only the end of the turn is possible, or the turn has ended. */
  public boolean complete() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Whether the turn may end here (other continuations may be possible too). */
  public boolean mayEnd() {
    throw new UnsupportedOperationException("not built yet");
  }

  /** An independent state at the same place. */
  public GrammarState copy() {
    throw new UnsupportedOperationException("not built yet");
  }
}
