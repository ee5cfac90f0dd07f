package dev.hearth.training;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns a byte-level BPE vocabulary (Sennrich et al. 2016, byte alphabet and pre-tokenizer of
 * GPT-2/Qwen2) from text.
 */
final class Bpe {
  private static final Pattern PRE =
      Pattern.compile(
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
              + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private record Pair(String left, String right) {}

  /** More frequent first; among equals the one that comes first in the alphabet. */
  private static final Comparator<Map.Entry<Pair, Long>> ORDER =
      Map.Entry.<Pair, Long>comparingByValue()
          .thenComparing(
              e -> e.getKey().left() + " " + e.getKey().right(), Comparator.reverseOrder());

  private final Map<String, Integer> counts = new HashMap<>();

  /** The symbols: 256 bytes, then one for each merge. */
  final List<String> vocabulary = new ArrayList<>();

  /** The merges in order of rank, {@code left right}. */
  final List<String> merges = new ArrayList<>();

  void count(String text) {
    Matcher matcher = PRE.matcher(text);
    while (matcher.find()) {
      counts.merge(symbols(matcher.group()), 1, Integer::sum);
    }
  }

  /** Learns until there are {@code size} symbols or no pair occurs twice. */
  void learn(int size) {
    for (int b = 0; b < 256; b++) {
      vocabulary.add(String.valueOf(symbol(b)));
    }
    List<List<String>> words = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> {
          words.add(new ArrayList<>(e.getKey().chars().mapToObj(Character::toString).toList()));
          weights.add(e.getValue());
        });
    Map<Pair, Long> pairs = new HashMap<>();
    Map<Pair, Set<Integer>> places = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      add(words.get(i), i, weights.get(i), pairs, places);
    }
    while (vocabulary.size() < size) {
      Map.Entry<Pair, Long> best = null;
      for (Map.Entry<Pair, Long> entry : pairs.entrySet()) {
        if (best == null || ORDER.compare(entry, best) > 0) {
          best = entry;
        }
      }
      if (best == null || best.getValue() < 2) {
        return;
      }
      Pair pair = best.getKey();
      merges.add(pair.left() + " " + pair.right());
      vocabulary.add(pair.left() + pair.right());
      for (int i : List.copyOf(places.getOrDefault(pair, Set.of()))) {
        List<String> word = words.get(i);
        add(word, i, -weights.get(i), pairs, places);
        for (int j = 0; j + 1 < word.size(); j++) {
          if (word.get(j).equals(pair.left()) && word.get(j + 1).equals(pair.right())) {
            word.set(j, pair.left() + pair.right());
            word.remove(j + 1);
          }
        }
        add(word, i, weights.get(i), pairs, places);
      }
      pairs.remove(pair);
      places.remove(pair);
    }
  }

  /** Adds a word's pairs to the counts; a negative weight takes them out. */
  private static void add(
      List<String> word,
      int place,
      long weight,
      Map<Pair, Long> pairs,
      Map<Pair, Set<Integer>> places) {
    for (int j = 0; j + 1 < word.size(); j++) {
      Pair pair = new Pair(word.get(j), word.get(j + 1));
      pairs.merge(pair, weight, Long::sum);
      places.computeIfAbsent(pair, p -> new HashSet<>()).add(place);
    }
  }

  /** Symbol to id. */
  Map<String, Integer> ids() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    vocabulary.forEach(s -> ids.put(s, ids.size()));
    return ids;
  }

  private static String symbols(String piece) {
    StringBuilder symbols = new StringBuilder();
    for (byte b : piece.getBytes(StandardCharsets.UTF_8)) {
      symbols.append(symbol(b & 255));
    }
    return symbols.toString();
  }

  /** GPT-2's printable stand-in for a byte. */
  private static char symbol(int b) {
    boolean printable =
        (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
    if (printable) {
      return (char) b;
    }
    int shift = 0;
    for (int i = 0; i < b; i++) {
      boolean p = (i >= '!' && i <= '~') || (i >= 0xA1 && i <= 0xAC) || (i >= 0xAE && i <= 0xFF);
      if (!p) {
        shift++;
      }
    }
    return (char) (256 + shift);
  }
}
