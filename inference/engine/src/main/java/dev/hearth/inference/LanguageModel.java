package dev.hearth.inference;

import dev.hearth.inference.chat.ChatTemplate;
import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.generate.LocalModel;
import dev.hearth.inference.grammar.TokenVocabulary;
import dev.hearth.inference.tokenizer.Tokenizer;
import java.nio.file.Path;

/**
 * A loaded language model. Safe for several threads: requests run together, step by step; commands
 * go first ({@link Priority}).
 */
public interface LanguageModel extends AutoCloseable {

  /**
   * Loads a model.
   *
   * @param gguf a GGUF file of a known architecture
   * @param options context length, threads, backend
   * @throws ModelLoadException if the file cannot be used; names file, field, expected and found
   */
  static LanguageModel load(Path gguf, ModelOptions options) {
    return LocalModel.load(gguf, options);
  }

  /** What was loaded and how it runs. */
  ModelInfo info();

  /** The model's tokenizer. */
  Tokenizer tokenizer();

  /** The vocabulary as grammars need it. */
  TokenVocabulary vocabulary();

  /**
   * The model's chat template.
   *
   * @throws IllegalStateException if the file has none
   */
  ChatTemplate chatTemplate();

  /** How the model writes tool calls. */
  ToolCallSyntax toolCallSyntax();

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

  /**
   * Gets the start of prompts to come ready, so that they need not run it: from a file of an
   * earlier start if there is a whole one for this very model, KV cache and prefix, else by running
   * it, and then it is written to such a file. A file that cannot be read or written is only
   * logged.
   *
   * @param prefix the tokens; shorter than the context
   * @param folder where the files are, few and old ones removed
   * @return whether the prefix came from a file
   * @throws IllegalArgumentException as {@link #generate}
   */
  boolean prepare(int[] prefix, Path folder);

  /** Ends running requests, waits for them and releases the memory. */
  @Override
  void close();
}
