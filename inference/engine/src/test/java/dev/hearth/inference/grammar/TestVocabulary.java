package dev.hearth.inference.grammar;

import dev.hearth.inference.gguf.HuggingFaceTokenizer;
import dev.hearth.inference.testing.Shared;
import dev.hearth.inference.tokenizer.BpeTokenizer;
import dev.hearth.inference.tokenizer.ByteSymbols;
import dev.hearth.inference.tokenizer.TokenKind;
import dev.hearth.inference.tokenizer.Tokenizer;
import dev.hearth.inference.tokenizer.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Vocabularies for tests: one trained here on sentences and calls, and MiMo's where at hand. */
record TestVocabulary(Tokenizer tokenizer) implements TokenVocabulary {
  private static final Pattern PIECES =
      Pattern.compile(
          "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  /** A small vocabulary; {@code <tool_call>} and {@code </tool_call>} are added tokens. */
  static final TestVocabulary SMALL = small(List.of("<tool_call>", "</tool_call>"));

  /** The same without them. */
  static final TestVocabulary PLAIN = small(List.of());

  /** The small one whose marks of thinking are added tokens too. */
  static TestVocabulary withThinkingTokens() {
    return small(List.of("<tool_call>", "</tool_call>", "<think>", "</think>"));
  }

  static final String END = "<|im_end|>";

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

  int[] encode(String text) {
    return tokenizer.encode(text, false);
  }

  private static TestVocabulary small(List<String> textTokens) {
    List<String> texts = new ArrayList<>();
    List<String> words =
        List.of(
            "kitchen",
            "bedroom",
            "living room",
            "light",
            "ceiling",
            "temperature",
            "turn",
            "on",
            "off",
            "set",
            "brightness",
            "客厅",
            "卧室的灯",
            "Küche",
            "hall",
            "office 12",
            "unknown",
            "state",
            "attic",
            "blue",
            "warm white");
    for (String a : words) {
      for (String b : List.of("light", "客厅", "room", "x", "lower the blinds", "\\\\", "12 %")) {
        texts.add(
            "{\"name\": \"%s %s\", \"area\": [\"%s\", \"%s\"], \"n\": 21.5}\n"
                .formatted(a, b, b, a));
        texts.add(
            "{\"name\":\"%s\",\"on\":true,\"list\":[\"%s\"],\"v\":\"%s\"}".formatted(a, b, b));
        texts.add("Please turn the %s %s off, then set it to 100. ".formatted(a, b));
        texts.add("[\"%s\"],\"%s\":[1,2],\"p\":{}},{\"q\":null}]}\n".formatted(b, a));
        texts.add("It's the %ss' one; don't close every window upstairs!\n\n".formatted(a));
      }
    }
    List<String> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteSymbols.symbol(b)));
    }
    List<String> merges = train(texts, 700);
    merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
    List<TokenKind> kinds =
        tokens.stream().map(t -> TokenKind.NORMAL).collect(Collectors.toCollection(ArrayList::new));
    List<String> added = new ArrayList<>(List.of("<|endoftext|>", "<|im_start|>", END));
    added.addAll(textTokens);
    for (String name : added) {
      tokens.add(name);
      kinds.add(name.startsWith("<|") ? TokenKind.CONTROL : TokenKind.USER_DEFINED);
    }
    tokens.add("[unused]");
    kinds.add(TokenKind.UNUSED);
    return new TestVocabulary(
        new BpeTokenizer(
            new Vocabulary("test", tokens, kinds, merges, Set.of(tokens.indexOf(END)))));
  }

  /** Plain byte-pair training: the most frequent pair, again and again. */
  private static List<String> train(List<String> texts, int wanted) {
    Map<List<String>, Integer> pieces = new HashMap<>();
    for (String text : texts) {
      Matcher matcher = PIECES.matcher(text);
      while (matcher.find()) {
        String symbols = ByteSymbols.encode(matcher.group());
        pieces.merge(List.of(symbols.split("")), 1, Integer::sum);
      }
    }
    List<String> merges = new ArrayList<>();
    while (merges.size() < wanted) {
      Map<String, Integer> pairs = new HashMap<>();
      pieces.forEach((piece, count) -> {
        for (int i = 0; i + 1 < piece.size(); i++) {
          pairs.merge(piece.get(i) + " " + piece.get(i + 1), count, Integer::sum);
        }
      });
      Optional<Map.Entry<String, Integer>> best =
          pairs.entrySet().stream()
              .max(
                  Map.Entry.<String, Integer>comparingByValue()
                      .thenComparing(Map.Entry.comparingByKey()));
      if (best.isEmpty()) {
        break;
      }
      String merge = best.get().getKey();
      merges.add(merge);
      Map<List<String>, Integer> merged = new HashMap<>();
      pieces.forEach((piece, count) -> merged.merge(apply(piece, merge), count, Integer::sum));
      pieces = merged;
    }
    return merges;
  }

  private static List<String> apply(List<String> piece, String merge) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < piece.size(); i++) {
      if (i + 1 < piece.size() && merge.equals(piece.get(i) + " " + piece.get(i + 1))) {
        out.add(piece.get(i) + piece.get(++i));
      } else {
        out.add(piece.get(i));
      }
    }
    return out;
  }

  /** MiMo-7B's vocabulary, where the shared data is at hand. */
  static Optional<TestVocabulary> mimo() {
    return Shared.find("data/mimo-7b/vocab.json.gz")
        .map(path -> {
          try {
            HuggingFaceTokenizer files = HuggingFaceTokenizer.read(path.toString());
            files.pad(151_680);
            return new TestVocabulary(
                new BpeTokenizer(Vocabulary.of(files, "mimo", Set.of(151_645))));
          } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
          }
        });
  }
}
