package dev.hearth.inference.testing;

import dev.hearth.inference.gguf.GgufWriter;
import dev.hearth.inference.tokenizer.ByteSymbols;
import dev.hearth.inference.tokenizer.TokenKind;
import dev.hearth.inference.tokenizer.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A byte-level vocabulary of our own: all bytes, a few merges, Qwen2's special tokens. */
public final class TinyVocabulary {

  /** Words that become tokens by merging from the left. */
  private static final List<String> WORDS =
      List.of(
          " the",
          "the",
          " light",
          " kitchen",
          "ing",
          " turn",
          " on",
          " off",
          "and",
          "ll",
          "'s",
          "{\"",
          "\":",
          " {\"",
          "\", \"",
          "灯",
          "厨房",
          "\n\n",
          "  ");

  public static final String END_OF_TEXT = "<|endoftext|>";
  public static final String START = "<|im_start|>";
  public static final String END = "<|im_end|>";
  public static final String CALL = "<tool_call>";
  public static final String CALL_END = "</tool_call>";

  private final List<String> tokens = new ArrayList<>();
  private final List<TokenKind> kinds = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();

  private TinyVocabulary(int size) {
    for (int b = 0; b < 256; b++) {
      add(String.valueOf(ByteSymbols.symbol(b)), TokenKind.NORMAL);
    }
    WORDS.forEach(this::addWord);
    add(END_OF_TEXT, TokenKind.CONTROL);
    add(START, TokenKind.CONTROL);
    add(END, TokenKind.CONTROL);
    add(CALL, TokenKind.USER_DEFINED);
    add(CALL_END, TokenKind.USER_DEFINED);
    while (tokens.size() < size) {
      add("[PAD" + tokens.size() + "]", TokenKind.UNUSED);
    }
  }

  /** The vocabulary, padded with unused ids to a size of 320 or more. */
  public static Vocabulary ofSize(int size) {
    TinyVocabulary vocabulary = new TinyVocabulary(size);
    int end = vocabulary.tokens.indexOf(END);
    return new Vocabulary(
        "tiny", vocabulary.tokens, vocabulary.kinds, vocabulary.merges, Set.of(end));
  }

  /** Writes the vocabulary's keys into a GGUF file. */
  public static void put(GgufWriter writer, int size) {
    TinyVocabulary vocabulary = new TinyVocabulary(size);
    writer.put("tokenizer.ggml.model", "gpt2");
    writer.put("tokenizer.ggml.pre", "qwen2");
    writer.put("tokenizer.ggml.tokens", vocabulary.tokens.toArray(String[]::new));
    writer.put(
        "tokenizer.ggml.token_type",
        vocabulary.kinds.stream().mapToInt(TokenKind::ggufId).toArray());
    writer.put("tokenizer.ggml.merges", vocabulary.merges.toArray(String[]::new));
    writer.put("tokenizer.ggml.eos_token_id", vocabulary.tokens.indexOf(END));
  }

  private void add(String token, TokenKind kind) {
    tokens.add(token);
    kinds.add(kind);
  }

  private void addWord(String word) {
    String symbols = ByteSymbols.encode(word);
    String left = symbols.substring(0, 1);
    for (int i = 1; i < symbols.length(); i++) {
      String right = symbols.substring(i, i + 1);
      String merge = left + " " + right;
      left += right;
      if (!tokens.contains(left)) {
        merges.add(merge);
        add(left, TokenKind.NORMAL);
      }
    }
  }
}
