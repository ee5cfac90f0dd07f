package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.KvType;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Prefixes that outlive the process. */
class PreparedPrefixTest {

  private static final int LENGTH = 300;

  @TempDir Path folder = Path.of("unset");
  private Path path = Path.of("unset");
  private Path saved = Path.of("unset");
  private final int[] prefix = new SplittableRandom(5).ints(LENGTH, 0, 300).toArray();
  private final int[] prompt = Arrays.copyOf(prefix, LENGTH + 12);

  @BeforeEach
  void write() {
    path = TinyModel.ofType(WeightType.F32).withNextToken().write(folder.resolve("tiny.gguf"));
    saved = folder.resolve("prefixes");
  }

  private LanguageModel load(ModelOptions options) {
    return LanguageModel.load(path, options.withBackend("scalar").withThreads(1));
  }

  private LanguageModel load() {
    return load(ModelOptions.defaults().withDrafts(0));
  }

  private Generation generate(LanguageModel model) {
    GenerationRequest request =
        GenerationRequest.of(prompt).maxTokens(8).stopTokens(Set.of(447)).build();
    return model.generate(request, TokenListener.NONE);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(saved)) {
      return all.toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void isReadByTheNextProcessInsteadOfRunAgain(KvType kv) throws IOException {
    ModelOptions options = ModelOptions.defaults().withDrafts(0).withKv(kv, 0);
    Generation first;
    try (LanguageModel model = load(options)) {
      assertThat(model.prepare(prefix, saved)).isFalse();
      first = generate(model);
      assertThat(first.timings().cachedTokens()).isEqualTo(LENGTH);
    }
    assertThat(files()).hasSize(1);
    try (LanguageModel model = load(options)) {
      assertThat(model.prepare(prefix, saved)).isTrue();
      Generation again = generate(model);
      assertThat(again.timings().cachedTokens()).isEqualTo(LENGTH);
      assertThat(again.tokens()).containsExactly(first.tokens());
    }
  }

  @Test
  void isKeptForTheNextTokenLayerToo() {
    ModelOptions options = ModelOptions.defaults().withDrafts(2);
    int[] expected;
    try (LanguageModel model = load(options)) {
      model.prepare(prefix, saved);
      expected = generate(model).tokens();
    }
    try (LanguageModel model = load(options)) {
      assertThat(model.prepare(prefix, saved)).isTrue();
      Generation again = generate(model);
      assertThat(again.timings().cachedTokens()).isEqualTo(LENGTH - 2);
      assertThat(again.tokens()).containsExactly(expected);
    }
  }

  @Test
  void isMadeAnewWhenAnyByteOfTheFileIsWrong() throws IOException {
    int[] expected;
    try (LanguageModel model = load()) {
      model.prepare(prefix, saved);
      expected = generate(model).tokens();
    }
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 12; i++) {
      byte[] damaged = whole.clone();
      damaged[i < 4 ? i * 13 : random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, i == 5 ? Arrays.copyOf(whole, whole.length / 2) : damaged);
      try (LanguageModel model = load()) {
        assertThat(model.prepare(prefix, saved)).as("damage %d", i).isFalse();
        assertThat(generate(model).tokens()).containsExactly(expected);
      }
      assertThat(Files.size(file)).as("written anew").isEqualTo(whole.length);
    }
    try (LanguageModel model = load()) {
      assertThat(model.prepare(prefix, saved)).isTrue();
    }
  }

  @Test
  void belongsToOneModelAndOneFormOfTheCache() {
    try (LanguageModel model = load()) {
      model.prepare(prefix, saved);
    }
    try (LanguageModel model = load(ModelOptions.defaults().withDrafts(0).withKv(KvType.F16, 0))) {
      assertThat(model.prepare(prefix, saved)).isFalse();
    }
    path = TinyModel.ofType(WeightType.F16).withNextToken().write(folder.resolve("other.gguf"));
    try (LanguageModel model = load()) {
      assertThat(model.prepare(prefix, saved)).isFalse();
      assertThat(model.prepare(Arrays.copyOf(prefix, 290), saved)).isFalse();
    }
  }

  @Test
  void oldOnesAreRemoved() throws IOException {
    try (LanguageModel model = load()) {
      for (int i = 0; i < 6; i++) {
        model.prepare(Arrays.copyOf(prefix, 200 + i), saved);
      }
    }
    assertThat(files()).hasSize(4);
  }

  @Test
  void aFolderThatCannotBeWrittenCostsOnlyTheNextStart() throws IOException {
    Files.writeString(saved, "a file in the way");
    try (LanguageModel model = load()) {
      assertThat(model.prepare(prefix, saved)).isFalse();
      assertThat(generate(model).timings().cachedTokens()).isEqualTo(LENGTH);
    }
  }
}
