package dev.hearth.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.grammar.Grammar;
import dev.hearth.inference.grammar.GrammarState;
import dev.hearth.inference.grammar.TokenVocabulary;
import dev.hearth.inference.grammar.ToolChoice;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.tokenizer.BpeTokenizer;
import dev.hearth.inference.tokenizer.Tokenizer;
import dev.hearth.inference.tokenizer.Vocabulary;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Opening and closing gives everything back. */
@EnabledOnOs(OS.LINUX)
class LeakTest {

  private static final int CYCLES = 1_000;

  /** Descriptors that something else in the process may open meanwhile. */
  private static final int OTHERS = 8;

  @TempDir Path folder = Path.of("unset");

  private static void cycle(Path model) {
    try (GgufFile file = GgufFile.open(model)) {
      Tokenizer tokenizer = new BpeTokenizer(Vocabulary.of(file));
      TokenVocabulary words = TokenVocabulary.of(tokenizer);
      Grammar grammar =
          Grammar.forTools(List.of(), ToolCallSyntax.HERMES, ToolChoice.TEXT, 1, words);
      GrammarState state = grammar.withThinking(3, true).start();
      for (int token : tokenizer.encode("turn on the kitchen light", false)) {
        state.mask();
        state.accept(token);
      }
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static long mappings(Path file) throws IOException {
    String name = file.toRealPath().toString();
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains(name)).count();
    }
  }

  @Test
  void aThousandCyclesLeaveNoDescriptorAndNoMapping() throws IOException {
    Path model =
        new TinyModel("qwen2", 1, 32, 2, 1, 16, 32, 320, WeightType.Q8_0, true, true, false)
            .write(folder.resolve("leak.gguf"));
    cycle(model);
    long before = descriptors();
    for (int i = 0; i < CYCLES; i++) {
      cycle(model);
    }
    assertThat(mappings(model)).isZero();
    assertThat(descriptors()).isLessThanOrEqualTo(before + OTHERS);
    try (GgufFile file = GgufFile.open(model)) {
      assertThat(mappings(model)).as("the count sees a mapping of %s", file.name()).isPositive();
    }
  }

  @Test
  void aFileThatIsRefusedIsUnmappedToo() throws IOException {
    Path broken = Files.write(folder.resolve("broken.gguf"), new byte[100_000]);
    for (int i = 0; i < 100; i++) {
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(() -> GgufFile.open(broken).close()))
          .isInstanceOf(ModelLoadException.class);
    }
    assertThat(mappings(broken)).isZero();
  }
}
