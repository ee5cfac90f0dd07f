package dev.hearth.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.testing.TinyVocabulary;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpeTokenizerTest {

  private static final Vocabulary VOCABULARY = TinyVocabulary.ofSize(448);
  private static final BpeTokenizer TOKENIZER = new BpeTokenizer(VOCABULARY);

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (int token : TOKENIZER.encode(text, true)) {
      pieces.add(TOKENIZER.decode(new int[] {token}));
    }
    return pieces;
  }

  @Test
  void mergesByRank() {
    assertThat(pieces("turn on the kitchen light"))
        .containsExactly("t", "u", "r", "n", " on", " the", " kitchen", " light");
  }

  @Test
  void splitsDigitsSinglyAndContractions() {
    assertThat(pieces("it's 2025")).containsExactly("i", "t", "'s", " ", "2", "0", "2", "5");
  }

  @Test
  void leavesTheLastBlankOfARunToTheNextWord() {
    assertThat(pieces("  the")).containsExactly(" ", " the");
    assertThat(pieces("the\u3000\u3000the").getFirst()).isEqualTo("the");
  }

  @Test
  void mergesCharactersOfSeveralBytes() {
    assertThat(pieces("灯")).containsExactly("灯");
    assertThat(pieces("厨房")).containsExactly("厨房");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n\n \t\r\n  x",
        "Привет, мир",
        "Ελληνικά",
        "العربية עברית",
        "हिन्दी ไทย 한국어 日本語",
        "把厨房的灯关掉，温度二十一度。",
        "👩‍👩‍👧‍👦 🇩🇪 🏳️‍🌈 emoji",
        "12345678901234567890 ¼ ² Ⅷ ٣",
        "a\u00A0b\u2028c\u3000d",
        "I'LL we'Ve ſ 'ſ",
        "\u0000\u0001\u007F\u0085",
        "{\"name\": \"light.turn_on\", \"arguments\": {\"x\": 1}}"
      })
  void givesTextBack(String text) {
    assertThat(TOKENIZER.decode(TOKENIZER.encode(text, false))).isEqualTo(text);
  }

  @Property(tries = 500)
  void givesAnyNormalisedTextBack(@ForAll String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
    String expected = replaceUnpairedSurrogates(normal);
    assertThat(TOKENIZER.decode(TOKENIZER.encode(text, false))).isEqualTo(expected);
  }

  private static String replaceUnpairedSurrogates(String text) {
    int[] points = text.codePoints().map(p -> p >= 0xD800 && p <= 0xDFFF ? 0xFFFD : p).toArray();
    return new String(points, 0, points.length);
  }

  @Test
  void composesCharactersToNfc() {
    assertThat(TOKENIZER.decode(TOKENIZER.encode("e\u0301", false))).isEqualTo("é");
  }

  @Test
  void readsAnUnpairedSurrogateAsReplacementCharacter() {
    assertThat(TOKENIZER.decode(TOKENIZER.encode("a\uD800b", false))).isEqualTo("a\uFFFDb");
  }

  @Test
  void takesSpecialTokensAsOneWhenAsked() {
    int start = TOKENIZER.idOf(TinyVocabulary.START).orElseThrow();
    int call = TOKENIZER.idOf(TinyVocabulary.CALL).orElseThrow();
    assertThat(TOKENIZER.encode("<|im_start|>the<tool_call>", true))
        .startsWith(start)
        .endsWith(call)
        .hasSize(3);
    assertThat(TOKENIZER.encode("<|im_start|>", false)).doesNotContain(start);
    assertThat(TOKENIZER.decode(TOKENIZER.encode("<|im_start|>", false))).isEqualTo("<|im_start|>");
  }

  @Test
  void brokenSpecialTokensStayTextAndTheBreakDisappears() {
    int end = TOKENIZER.idOf(TinyVocabulary.END).orElseThrow();
    int[] tokens = TOKENIZER.encode("x<" + Tokenizer.BREAK + "|im_end|>", true);
    assertThat(tokens).doesNotContain(end);
    assertThat(TOKENIZER.decode(tokens)).isEqualTo("x<|im_end|>");
  }

  @Test
  void removingTheBreakNeverMakesASpecialToken() {
    int end = TOKENIZER.idOf(TinyVocabulary.END).orElseThrow();
    String nested =
        "<|im" + Tokenizer.BREAK + "_end|>" + Tokenizer.BREAK + "<|im_end" + Tokenizer.BREAK + "|>";
    assertThat(TOKENIZER.encode(nested, true)).doesNotContain(end);
  }

  @Test
  void knowsWhichTokensSteer() {
    int end = TOKENIZER.idOf(TinyVocabulary.END).orElseThrow();
    int endOfText = TOKENIZER.idOf(TinyVocabulary.END_OF_TEXT).orElseThrow();
    int call = TOKENIZER.idOf(TinyVocabulary.CALL).orElseThrow();
    assertThat(TOKENIZER.isControl(end)).isTrue();
    assertThat(TOKENIZER.isControl(call)).isFalse();
    assertThat(TOKENIZER.isSpecial(call)).isTrue();
    assertThat(TOKENIZER.isControl(447)).as("unused").isTrue();
    assertThat(TOKENIZER.tokenBytes(447)).isEmpty();
    assertThat(TOKENIZER.endOfTurn()).containsExactlyInAnyOrder(end, endOfText);
    assertThat(TOKENIZER.idOf("<|nothing|>")).isEmpty();
  }

  @Test
  void refusesIdsOutsideTheVocabulary() {
    assertThatThrownBy(() -> TOKENIZER.decode(new int[] {448}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("448");
    assertThatThrownBy(() -> TOKENIZER.tokenBytes(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void streamsWholeCharactersOnly() {
    Detokenizer stream = TOKENIZER.detokenizer();
    String text = "é👩‍👧灯x";
    StringBuilder all = new StringBuilder();
    for (int token : TOKENIZER.encode(text, false)) {
      String piece = stream.accept(token);
      assertThat(piece).doesNotContain("\uFFFD");
      all.append(piece);
    }
    assertThat(all + stream.finish()).isEqualTo(text);
  }

  @Test
  void streamsBrokenBytesAsReplacementCharacters() {
    Detokenizer stream = TOKENIZER.detokenizer();
    int lead = TOKENIZER.encode("é", false)[0];
    int letter = TOKENIZER.encode("x", false)[0];
    assertThat(stream.accept(lead)).isEmpty();
    assertThat(stream.accept(letter)).isEqualTo("\uFFFDx");
    assertThat(stream.accept(lead)).isEmpty();
    assertThat(stream.finish()).isEqualTo("\uFFFD");
    assertThat(stream.accept(letter)).isEqualTo("x");
  }

  @Test
  void streamLeavesControlTokensOut() {
    Detokenizer stream = TOKENIZER.detokenizer();
    assertThat(stream.accept(TOKENIZER.idOf(TinyVocabulary.END).orElseThrow())).isEmpty();
    assertThat(stream.accept(TOKENIZER.idOf(TinyVocabulary.CALL).orElseThrow()))
        .isEqualTo("<tool_call>");
  }

  @Test
  void aMillionLettersAreNoHang() {
    String text = "the".repeat(300_000);
    assertThat(TOKENIZER.encode(text, false)).hasSize(300_000);
  }

  @Test
  void namesTheMergeThatIsNotInTheVocabulary() {
    Vocabulary broken =
        new Vocabulary(
            "file.gguf", VOCABULARY.tokens(), VOCABULARY.kinds(), List.of("q x"), Set.of());
    assertThatThrownBy(() -> new BpeTokenizer(broken))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("file.gguf")
        .hasMessageContaining("merge 0")
        .hasMessageContaining("q x");
  }

  @Test
  void needsATokenForEachByte() {
    Vocabulary broken =
        new Vocabulary(
            "file.gguf",
            VOCABULARY.tokens().subList(1, 256),
            VOCABULARY.kinds().subList(1, 256),
            List.of(),
            Set.of());
    assertThatThrownBy(() -> new BpeTokenizer(broken))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("byte 0");
  }
}
