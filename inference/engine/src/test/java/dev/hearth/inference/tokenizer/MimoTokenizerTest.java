package dev.hearth.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.testing.Shared;
import dev.hearth.inference.testing.TinyVocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The real vocabulary of MiMo-7B, when it is beside the clone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MimoTokenizerTest {

  private static final int EMBEDDING_ROWS = 151_680;

  private BpeTokenizer tokenizer = new BpeTokenizer(TinyVocabulary.ofSize(320));

  @BeforeAll
  void read() throws IOException {
    Path vocabulary = Shared.file("data/mimo-7b/vocab.json.gz");
    Path merges = Shared.file("data/mimo-7b/merges.txt.gz");
    Path config = Shared.file("data/mimo-7b/tokenizer_config.json");
    ObjectMapper json = new ObjectMapper();
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < EMBEDDING_ROWS; i++) {
      tokens.add("[PAD" + i + "]");
    }
    List<TokenKind> kinds = new ArrayList<>(Collections.nCopies(EMBEDDING_ROWS, TokenKind.UNUSED));
    for (Map.Entry<String, JsonNode> entry : json.readTree(unzip(vocabulary)).properties()) {
      tokens.set(entry.getValue().asInt(), entry.getKey());
      kinds.set(entry.getValue().asInt(), TokenKind.NORMAL);
    }
    JsonNode added = json.readTree(Files.readAllBytes(config)).path("added_tokens_decoder");
    for (Map.Entry<String, JsonNode> entry : added.properties()) {
      int id = Integer.parseInt(entry.getKey());
      boolean special = entry.getValue().path("special").asBoolean();
      tokens.set(id, entry.getValue().path("content").asString());
      kinds.set(id, special ? TokenKind.CONTROL : TokenKind.USER_DEFINED);
    }
    List<String> lines =
        Arrays.stream(new String(unzip(merges), StandardCharsets.UTF_8).split("\n", -1))
            .filter(line -> !line.isBlank() && !line.startsWith("#version"))
            .toList();
    tokenizer = new BpeTokenizer(new Vocabulary("mimo", tokens, kinds, lines, Set.of(151_645)));
  }

  private static byte[] unzip(Path path) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path))) {
      return in.readAllBytes();
    }
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
