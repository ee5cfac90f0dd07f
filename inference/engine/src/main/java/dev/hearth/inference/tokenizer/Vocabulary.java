package dev.hearth.inference.tokenizer;

import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.gguf.HuggingFaceTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A byte-level vocabulary as files hold it.
 *
 * @param source file name, for messages
 * @param tokens the written form of each token
 * @param kinds the kind of each token, as many as tokens
 * @param merges lines "left right" in order of rank
 * @param endTokens tokens that the file names as ends of a sequence or turn
 */
public record Vocabulary(
    String source,
    List<String> tokens,
    List<TokenKind> kinds,
    List<String> merges,
    Set<Integer> endTokens) {

  private static final String PREFIX = "tokenizer.ggml.";
  private static final String[] END_KEYS = {"eos_token_id", "eot_token_id"};

  /** Takes copies. */
  public Vocabulary {
    tokens = List.copyOf(tokens);
    kinds = List.copyOf(kinds);
    merges = List.copyOf(merges);
    endTokens = Set.copyOf(endTokens);
    if (kinds.size() != tokens.size()) {
      throw new ModelLoadException(
          source, "token kinds", tokens.size() + " as tokens", Integer.toString(kinds.size()));
    }
  }

  /**
   * Reads the vocabulary of a file.
   *
   * @throws ModelLoadException if the file has none or one of another kind
   */
  public static Vocabulary of(GgufFile file) {
    requireValue(file, PREFIX + "model", "gpt2", "byte-level byte-pair encoding");
    requireValue(file, PREFIX + "pre", "qwen2", "Qwen2's pre-tokenizer");
    String[] tokens = strings(file, PREFIX + "tokens");
    long[] types = file.integers(PREFIX + "token_type").orElseGet(() -> ordinary(tokens.length));
    List<TokenKind> kinds = Arrays.stream(types).mapToObj(TokenKind::of).toList();
    Set<Integer> ends = new TreeSet<>();
    for (String key : END_KEYS) {
      file.integer(PREFIX + key, 0, tokens.length - 1).ifPresent(ends::add);
    }
    return new Vocabulary(
        file.name(), List.of(tokens), kinds, List.of(strings(file, PREFIX + "merges")), ends);
  }

  /**
   * Takes the vocabulary of a tokenizer that no model file holds.
   *
   * @param tokenizer the tokenizer
   * @param source its name, for messages
   * @param endTokens tokens that end a sequence or turn
   */
  public static Vocabulary of(
      HuggingFaceTokenizer tokenizer, String source, Set<Integer> endTokens) {
    return new Vocabulary(
        source,
        tokenizer.tokens(),
        tokenizer.types().stream().map(TokenKind::of).toList(),
        tokenizer.merges(),
        endTokens);
  }

  private static long[] ordinary(int count) {
    long[] types = new long[count];
    Arrays.fill(types, TokenKind.NORMAL.ggufId());
    return types;
  }

  private static String[] strings(GgufFile file, String key) {
    return file.strings(key).orElseThrow(() -> file.missing(key, "an array of strings"));
  }

  private static void requireValue(GgufFile file, String key, String value, String meaning) {
    String found = file.string(key).orElse("nothing");
    if (!found.equals(value)) {
      throw file.wrong(key, value + " (" + meaning + ")", found);
    }
  }

  int size() {
    return tokens.size();
  }

  String token(int id) {
    return tokens.get(id);
  }

  TokenKind kind(int id) {
    return kinds.get(id);
  }

  ModelLoadException wrong(String field, String expected, String found) {
    return new ModelLoadException(source, PREFIX + field, expected, found);
  }
}
