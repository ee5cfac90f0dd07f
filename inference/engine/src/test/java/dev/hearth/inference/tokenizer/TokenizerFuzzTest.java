package dev.hearth.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.testing.Fuzz;
import dev.hearth.inference.testing.TinyVocabulary;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Hostile vocabularies are refused or work, hostile text comes back as it was. */
class TokenizerFuzzTest {

  private static final BpeTokenizer TINY = new BpeTokenizer(TinyVocabulary.ofSize(320));

  private static final List<String> PARTS =
      List.of(
          "a",
          "Z",
          " ",
          "  ",
          "\n",
          "\r\n",
          "\t",
          "'s",
          "'LL",
          "1",
          "٣",
          "灯",
          "é",
          "e\u0301",
          "\u0301",
          "\u1100\u1161",
          "😀",
          "\ud83d",
          "\ude00",
          "\u0000",
          "\u00a0",
          "\u3000",
          "\ufdd0",
          "\ufffe",
          "<|im_end|>",
          "<tool_call>",
          "<|im_",
          "{\"",
          "\u202e",
          "\u200d");

  /** What decoding gives back: well-formed and in the tokenizer's normal form. */
  private static String normal(String text) {
    int[] points = text.codePoints().map(p -> p >= 0xd800 && p <= 0xdfff ? 0xfffd : p).toArray();
    return Normalizer.normalize(new String(points, 0, points.length), Normalizer.Form.NFC);
  }

  private static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(most); n > 0; n--) {
      String part = PARTS.get(random.nextInt(PARTS.size()));
      text.append(
          random.nextInt(8) == 0
              ? Character.toString(random.nextInt(Character.MAX_CODE_POINT))
              : part);
    }
    return text.toString();
  }

  @Test
  void anyTextComesBackAndNeverHoldsAnAddedToken() {
    Fuzz.each(
        5_000,
        random -> {
          String text = text(random, 40);
          int[] tokens = TINY.encode(text, false);
          assertThat(TINY.decode(tokens)).isEqualTo(normal(text));
          for (int token : tokens) {
            assertThat(TINY.isSpecial(token)).as(text).isFalse();
          }
          Detokenizer stream = TINY.detokenizer();
          StringBuilder streamed = new StringBuilder();
          for (int token : tokens) {
            streamed.append(stream.accept(token));
          }
          assertThat(streamed.append(stream.finish()).toString()).isEqualTo(normal(text));
          assertThat(TINY.encode(text, true)).isNotNull();
        });
  }

  @Test
  void longRunsOfOneKindAreNoHang() {
    for (String part : PARTS) {
      String text = part.repeat(100_000 / part.length()) + "x";
      assertThat(TINY.encode(text, false)).as(part).isNotEmpty();
    }
  }

  @Test
  void anyIdsBecomeText() {
    Fuzz.each(
        2_000,
        random -> {
          Detokenizer stream = TINY.detokenizer();
          int length = 0;
          for (int n = random.nextInt(60); n > 0; n--) {
            length += stream.accept(random.nextInt(TINY.vocabularySize())).length();
          }
          assertThat(length + stream.finish().length()).isNotNegative();
        });
  }

  @Test
  void hostileVocabulariesAreRefusedOrWork() {
    Fuzz.each(
        1_500,
        random -> {
          Vocabulary tiny = TinyVocabulary.ofSize(320);
          List<String> tokens = new ArrayList<>(tiny.tokens());
          List<TokenKind> kinds = new ArrayList<>(tiny.kinds());
          List<String> merges = new ArrayList<>(tiny.merges());
          for (int n = random.nextInt(6); n > 0; n--) {
            damage(tokens, kinds, merges, random);
          }
          BpeTokenizer tokenizer;
          try {
            tokenizer =
                new BpeTokenizer(
                    new Vocabulary(
                        "hostile", tokens, kinds, merges, Set.of(random.nextInt(tokens.size()))));
          } catch (ModelLoadException e) {
            assertThat(e.file()).isEqualTo("hostile");
            return;
          }
          String text = text(random, 20);
          assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(normal(text));
          assertThat(tokenizer.encode(text, true)).isNotNull();
        });
  }

  private static void damage(
      List<String> tokens, List<TokenKind> kinds, List<String> merges, Random random) {
    int at = random.nextInt(tokens.size());
    switch (random.nextInt(9)) {
      case 0 -> tokens.set(at, "");
      case 1 -> tokens.set(at, tokens.get(random.nextInt(tokens.size())));
      case 2 -> kinds.set(at, Fuzz.pick(TokenKind.values(), random));
      case 3 -> merges.set(random.nextInt(merges.size()), "");
      case 4 -> merges.set(random.nextInt(merges.size()), tokens.get(at) + " " + tokens.get(at));
      case 5 -> merges.add(merges.get(random.nextInt(merges.size())));
      case 6 -> tokens.set(at, "x".repeat(5_000));
      case 7 -> merges.remove(random.nextInt(merges.size()));
      default -> tokens.set(at, text(random, 4));
    }
  }
}
