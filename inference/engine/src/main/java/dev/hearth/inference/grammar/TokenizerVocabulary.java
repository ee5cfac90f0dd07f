package dev.hearth.inference.grammar;

import dev.hearth.inference.tokenizer.Tokenizer;
import java.util.Set;

/**
 * A tokenizer as grammars see it.
 *
 * @param tokenizer the tokenizer
 */
record TokenizerVocabulary(Tokenizer tokenizer) implements TokenVocabulary {

  @Override
  public int size() {
    return tokenizer.vocabularySize();
  }

  @Override
  public byte[] bytes(int token) {
    return tokenizer.tokenBytes(token);
  }

  @Override
  public boolean control(int token) {
    return tokenizer.isControl(token);
  }

  @Override
  public boolean added(int token) {
    return tokenizer.isSpecial(token);
  }

  @Override
  public Set<Integer> endOfTurn() {
    return tokenizer.endOfTurn();
  }
}
