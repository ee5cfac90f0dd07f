package dev.hearth.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Where a turn stands in its grammar. Not thread-safe; {@link #copy()} to branch. */
public final class GrammarState {
  private final Grammar grammar;
  private Automaton.State state;
  private boolean ended;
  private int thinkingLeft;

  GrammarState(Grammar grammar, Automaton.State start, int thinkingTokens) {
    this.grammar = grammar;
    thinkingLeft = thinkingTokens;
    state = limited(start);
  }

  private GrammarState(GrammarState other) {
    grammar = other.grammar;
    state = other.state;
    ended = other.ended;
    thinkingLeft = other.thinkingLeft;
  }

  /** The state itself, or where thinking is over its limit the one that ends it. */
  private Automaton.State limited(Automaton.State to) {
    return thinkingLeft <= 0 && to.thinking ? to.closing() : to;
  }

  /**
   * Moves on by a token.
   *
   * @return false, and no change, when the grammar does not allow the token here
   */
  public boolean accept(int token) {
    Automaton.State to = after(token);
    if (to == null) {
      return false;
    }
    ended = isEnd(token);
    if (state.thinking) {
      thinkingLeft--;
    }
    state = limited(to);
    return true;
  }

  /** Whether {@link #accept} would take the token. */
  public boolean allows(int token) {
    return after(token) != null;
  }

  /**
   * Tokens allowed next: bit {@code token % 64} of element {@code token / 64}. Shared and cached:
   * do not change it. Empty of bits only after the end of the turn.
   */
  public long[] mask() {
    return ended ? new long[(grammar.index().vocabularySize + 63) >> 6] : state.mask();
  }

  /** The only token of {@link #mask()}, when there is just one: no model step is needed. */
  public OptionalInt onlyToken() {
    OptionalInt only = OptionalInt.empty();
    long[] mask = mask();
    for (int i = 0; i < mask.length; i++) {
      if (mask[i] == 0) {
        continue;
      }
      if (only.isPresent() || Long.bitCount(mask[i]) > 1) {
        return OptionalInt.empty();
      }
      only = OptionalInt.of(64 * i + Long.numberOfTrailingZeros(mask[i]));
    }
    return only;
  }

  /** Longest text with which every continuation begins, possibly empty; special tokens as text. */
  public byte[] forcedBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ended) {
      for (Automaton.Piece piece : state.forced().pieces()) {
        bytes.writeBytes(
            piece.token() >= 0 ? grammar.vocabulary().bytes(piece.token()) : piece.bytes());
      }
    }
    return bytes.toByteArray();
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
    return ended || state.forced().pieces().isEmpty()
        ? new int[0]
        : new ForcedTokens(grammar.index(), grammar.vocabulary(), encoder).of(state, turn);
  }

  /** Whether only the end of the turn is possible, or the turn has ended. */
  public boolean complete() {
    return ended || state.complete();
  }

  /** Whether the turn may end here (other continuations may be possible too). */
  public boolean mayEnd() {
    return ended || state.accepting;
  }

  /** An independent state at the same place. */
  public GrammarState copy() {
    return new GrammarState(this);
  }

  private boolean isEnd(int token) {
    return Arrays.binarySearch(grammar.index().endOfTurn, token) >= 0;
  }

  private Automaton.@Nullable State after(int token) {
    if (ended || token < 0 || token >= grammar.index().vocabularySize) {
      return null;
    }
    if (isEnd(token)) {
      return state.accepting ? state : null;
    }
    TokenVocabulary vocabulary = grammar.vocabulary();
    if (vocabulary.added(token) || vocabulary.control(token)) {
      return state.stepSpecial(token);
    }
    byte[] bytes = vocabulary.bytes(token);
    return bytes.length == 0 ? null : state.step(bytes);
  }
}
