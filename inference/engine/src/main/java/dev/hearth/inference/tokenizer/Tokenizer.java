package dev.hearth.inference.tokenizer;

import java.util.OptionalInt;
import java.util.Set;

/** Text to tokens and back. Immutable and safe for several threads. */
public interface Tokenizer {

  /**
   * Marks a place where text that only looks like a special token was broken; removed when encoding
   * with special tokens. It is a Unicode noncharacter, so no honest text contains it.
   */
  char BREAK = '\uFDD0';

  /**
   * Encodes text.
   *
   * @param text any text; unpaired surrogates are read as U+FFFD
   * @param parseSpecial whether the names of added tokens in the text stand for those tokens. Text
   *     is first split at them, then {@link #BREAK} is removed from the pieces between. Give false
   *     for text from outside.
   */
  int[] encode(String text, boolean parseSpecial);

  /**
   * The text of tokens, names of added tokens included; bytes that are no UTF-8 become U+FFFD.
   *
   * @throws IllegalArgumentException if an id is outside the vocabulary
   */
  String decode(int[] tokens);

  /**
   * The bytes that a token stands for; a fresh or shared array that must not be changed.
   *
   * @throws IllegalArgumentException if the id is outside the vocabulary
   */
  byte[] tokenBytes(int token);

  /** Number of token ids. */
  int vocabularySize();

  /** The id of an added token by its name, such as {@code <|im_end|>}. */
  OptionalInt idOf(String special);

  /** Whether a token is an added one (control, user-defined or unused), not a piece of text. */
  boolean isSpecial(int token);

  /**
   * Whether a token is never text: a control token such as {@code <|im_end|>}, or an unused id.
   * {@code <tool_call>}, an added token that is text, is none.
   */
  boolean isControl(int token);

  /** Tokens that end a turn: the file's end-of-sequence token and its kin by name. */
  Set<Integer> endOfTurn();

  /** A streaming decoder that leaves control tokens out. */
  Detokenizer detokenizer();
}
