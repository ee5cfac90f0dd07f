package dev.hearth.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.gguf.HuggingFaceTokenizer;
import dev.hearth.inference.testing.Shared;
import dev.hearth.inference.testing.TinyVocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The real vocabulary of MiMo-7B, when it is beside the clone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MimoTokenizerTest {

  private static final int EMBEDDING_ROWS = 151_680;

  private BpeTokenizer tokenizer = new BpeTokenizer(TinyVocabulary.ofSize(320));

  @BeforeAll
  void read() throws IOException {
    HuggingFaceTokenizer files =
        HuggingFaceTokenizer.read(Shared.file("data/mimo-7b/vocab.json.gz").toString());
    files.pad(EMBEDDING_ROWS);
    tokenizer = new BpeTokenizer(Vocabulary.of(files, "mimo", Set.of(151_645)));
  }

  @Test
  void encodesKnownTextAsQwenDoes() {
    // Ids as Qwen2's published tokenizer gives them.
    assertThat(tokenizer.encode("Hello world", false)).containsExactly(9707, 1879);
    assertThat(tokenizer.encode("<|im_start|>user\nhi<|im_end|>\n", true))
        .containsExactly(151_644, 872, 198, 6023, 151_645, 198);
    assertThat(tokenizer.encode("<tool_call>", true)).containsExactly(151_657);
  }

  @Test
  void splitsDigitsSingly() {
    assertThat(tokenizer.encode("2025", false)).hasSize(4);
  }

  @Test
  void givesEveryPlaneOfCharactersBack() {
    StringBuilder text = new StringBuilder();
    for (int point = 0; point < 0x3_2000; point += point < 0x3000 ? 1 : 7) {
      if (Character.isDefined(point) && (point < 0xD800 || point > 0xDFFF)) {
        text.appendCodePoint(point);
        if (point % 97 == 0) {
          text.append(" 12 \n\t  x");
        }
      }
    }
    String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
    assertThat(tokenizer.decode(tokenizer.encode(normal, false))).isEqualTo(normal);
  }

  @Test
  void everyTextTokenStreamsToItsBytes() {
    for (int token = 0; token < 151_643; token += 13) {
      byte[] bytes = tokenizer.tokenBytes(token);
      Detokenizer stream = tokenizer.detokenizer();
      String text = stream.accept(token) + stream.finish();
      assertThat(text).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @Test
  void paddingIdsStandForNothing() {
    for (int token = 151_665; token < EMBEDDING_ROWS; token++) {
      assertThat(tokenizer.isControl(token)).isTrue();
      assertThat(tokenizer.tokenBytes(token)).isEmpty();
    }
  }
}
