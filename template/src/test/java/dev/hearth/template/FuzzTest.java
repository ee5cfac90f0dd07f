package dev.hearth.template;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Any text either renders or fails with a {@link TemplateException}. The system property {@code
 * hearth.fuzz.factor} multiplies the tries for long runs, {@code hearth.fuzz.seed} gives others.
 */
class FuzzTest {
  private static final int FACTOR = Integer.getInteger("hearth.fuzz.factor", 1);
  private static final long SEED = Long.getLong("hearth.fuzz.seed", 0);
  private static final TemplateOptions SMALL =
      new TemplateOptions(true, true, 20_000, 1 << 14, Duration.ofMillis(500));
  private static final Map<String, ?> CONTEXT =
      Json.object(
          "{\"value\": \"42\", \"value_json\": {\"a\": 1, \"b\": [1, 2, {\"c\": null}], \"t\": 2.5}, \"m\": []}");
  private static final List<String> PIECES =
      List.of(
          "{{",
          "}}",
          "{%",
          "%}",
          "{#",
          "#}",
          "-",
          "+",
          "if",
          "else",
          "endif",
          "for",
          "in",
          "endfor",
          "set",
          "endset",
          "macro",
          "endmacro",
          "raw",
          "endraw",
          "x",
          "value",
          "value_json",
          ".a",
          ".b",
          "[",
          "]",
          "(",
          ")",
          "{",
          "}",
          ":",
          ",",
          "|",
          "~",
          "*",
          "**",
          "/",
          "//",
          "%",
          "==",
          "<",
          "is",
          "not",
          "and",
          "or",
          "'s'",
          "\"q\"",
          "1",
          "2.5",
          "0",
          "99999999999",
          " ",
          "\n",
          "=",
          "loop",
          "join",
          "map",
          "int",
          "float",
          "round",
          "tojson",
          "range",
          "namespace",
          "defined",
          "none",
          "true",
          "replace",
          "default",
          "filter",
          "with",
          "do",
          "中",
          "\ud83d",
          "\\",
          "'",
          "\"",
          "split",
          "format",
          "items",
          "sort",
          "\u0000");

  @Test
  void randomPiecesOfSyntaxRenderOrFailProperly() {
    Random random = new Random(7 + SEED);
    for (int i = 0; i < FACTOR * 20_000; i++) {
      StringBuilder source = new StringBuilder(random.nextBoolean() ? "{{ " : "");
      for (int n = random.nextInt(25); n >= 0; n--) {
        source.append(PIECES.get(random.nextInt(PIECES.size())));
        source.append(random.nextInt(3) == 0 ? " " : "");
      }
      check(source.append(random.nextBoolean() ? " }}" : "").toString());
    }
  }

  @Test
  void randomBytesRenderOrFailProperly() {
    Random random = new Random(8 + SEED);
    for (int i = 0; i < FACTOR * 5_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      check("{{" + new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1) + "}}");
    }
  }

  @Test
  void mutatedTemplatesRenderOrFailProperly() {
    Random random = new Random(9 + SEED);
    List<Cases.Case> cases = Cases.all();
    for (int i = 0; i < FACTOR * 20_000; i++) {
      StringBuilder source = new StringBuilder(cases.get(random.nextInt(cases.size())).source());
      for (int n = random.nextInt(4); n >= 0 && source.length() > 1; n--) {
        int at = random.nextInt(source.length());
        switch (random.nextInt(3)) {
          case 0 -> source.deleteCharAt(at);
          case 1 -> source.insert(at, PIECES.get(random.nextInt(PIECES.size())));
          default -> source.setCharAt(at, source.charAt(random.nextInt(source.length())));
        }
      }
      check(source.toString());
    }
  }

  private static void check(String source) {
    try {
      Template.compile(source, SMALL).render(CONTEXT);
    } catch (TemplateException e) {
      Assertions.assertThat(e.getMessage()).isNotBlank();
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError("template <" + source + "> broke the renderer", e);
    }
  }
}
