package dev.hearth.inference;

import dev.hearth.inference.grammar.TokenVocabulary;
import dev.hearth.inference.tokenizer.Tokenizer;

/**
 * A loaded language model. Safe for several threads: requests are run one after another in the
 * order they came.
 */
public interface LanguageModel extends AutoCloseable {

  /** What was loaded and how it runs. */
  ModelInfo info();

  /** The model's tokenizer. */
  Tokenizer tokenizer();

  /** The vocabulary as grammars need it. */
  TokenVocabulary vocabulary();

  /**
   * Generates text after a prompt; blocks until done. The keys and values of the longest prefix
   * that an earlier request shares with this one are reused.
   *
   * @param request prompt, sampling, limits
   * @param listener told of the text while it grows, on this thread
   * @throws OverloadedException if too many requests are waiting
   * @throws IllegalArgumentException if the prompt holds an id outside the vocabulary or is longer
   *     than the context
   * @throws IllegalStateException if the model is closed
   */
  Generation generate(GenerationRequest request, TokenListener listener);

  /** Ends running requests, waits for them and releases the memory. */
  @Override
  void close();
}
