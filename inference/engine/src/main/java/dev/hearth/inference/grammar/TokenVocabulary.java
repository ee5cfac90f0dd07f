package dev.hearth.inference.grammar;

import dev.hearth.inference.tokenizer.Tokenizer;
import java.util.Set;

/**
 * What a grammar needs to know of a model's vocabulary: the bytes behind each token.
 *
 * <p>Implementations are immutable and may be asked from several threads.
 */
public interface TokenVocabulary {

  /** The vocabulary of a tokenizer. */
  static TokenVocabulary of(Tokenizer tokenizer) {
    return new TokenizerVocabulary(tokenizer);
  }

  /** Number of tokens; ids are 0 to {@code size() - 1}. */
  int size();

  /**
   * The bytes that a token stands for, not to be changed by the caller.
   *
   * <p>For an added token (such as {@code <tool_call>} or {@code <|im_end|>}) these are the UTF-8
   * bytes of its name; for an unused id the array is empty.
   *
   * @param token 0 to {@code size() - 1}
   */
  byte[] bytes(int token);

  /**
   * Whether a token steers the conversation and is never text, such as {@code <|im_end|>}; unused
   * ids count as control tokens too.
   *
   * @param token 0 to {@code size() - 1}
   */
  boolean control(int token);

  /**
   * Whether the tokenizer takes a token's text as a whole before any merges, such as {@code
   * <tool_call>} and every control token. A grammar writes such text as this one token, never in
   * pieces, and never lets it occur inside ordinary text.
   *
   * @param token 0 to {@code size() - 1}
   */
  default boolean added(int token) {
    return control(token);
  }

  /** The tokens that end an assistant's turn. */
  Set<Integer> endOfTurn();
}
