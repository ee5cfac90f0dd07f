package dev.hearth.inference.chat;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Breaks the texts of special tokens inside content, so that they are read as plain text. */
final class SpecialText {
  /** A noncharacter that the tokenizer removes again. */
  private static final String BREAK = "\uFDD0";

  private static final List<String> THINKING = List.of("<think>", "</think>");

  private final @Nullable Pattern all;
  private final @Nullable Pattern butThinking;

  SpecialText(List<String> specialTokens) {
    all = pattern(specialTokens);
    butThinking = pattern(specialTokens.stream().filter(t -> !THINKING.contains(t)).toList());
  }

  private static @Nullable Pattern pattern(List<String> tokens) {
    List<String> texts =
        tokens.stream()
            .filter(token -> token.length() > 1)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .toList();
    return texts.isEmpty()
        ? null
        : Pattern.compile(texts.stream().collect(Collectors.joining("|", "(?=", ")")));
  }

  String broken(String text) {
    return broken(text, all);
  }

  String brokenButThinking(String text) {
    return broken(text, butThinking);
  }

  private static String broken(String text, @Nullable Pattern pattern) {
    String clean = text.replace(BREAK, "");
    if (pattern == null) {
      return clean;
    }
    // Every start is found, also of a token inside or across another.
    Matcher matcher = pattern.matcher(clean);
    StringBuilder out = null;
    int copied = 0;
    while (matcher.find()) {
      out = out == null ? new StringBuilder(clean.length() + 8) : out;
      int after = clean.offsetByCodePoints(matcher.start(), 1);
      out.append(clean, copied, after).append(BREAK);
      copied = after;
    }
    return out == null ? clean : out.append(clean, copied, clean.length()).toString();
  }
}
