package dev.hearth.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Session.Logits;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.testing.Errors;
import dev.hearth.inference.testing.ReferenceDecoder;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole decoders against the float64 reference, on both sets of kernels. */
class CpuSessionTest {

  @TempDir Path folder = Path.of("unset");

  /**
   * One way to run a model.
   *
   * @param kernels the kernels
   * @param keepPanels whether matrices are kept in single precision
   * @param half whether the KV cache is kept in half precision
   * @param threads number of threads
   */
  record Way(Kernels kernels, boolean keepPanels, boolean half, int threads) {
    Session open(DecoderPlan plan, ModelFile file) {
      boolean[] layers = new boolean[plan.shape().layers()];
      Arrays.fill(layers, half);
      return new CpuSession(plan, file, kernels, threads, layers, keepPanels);
    }

    @Override
    public String toString() {
      return kernels.name()
          + (keepPanels ? " panels" : " stored")
          + (half ? " half" : "")
          + " x"
          + threads;
    }
  }

  private static List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
      for (boolean keep : new boolean[] {true, false}) {
        ways.add(new Way(kernels, keep, false, 1));
        ways.add(new Way(kernels, keep, true, 3));
      }
    }
    return ways;
  }

  private static List<TinyModel> models() {
    List<TinyModel> models = new ArrayList<>();
    for (WeightType type : WeightType.values()) {
      models.add(TinyModel.ofType(type));
      TinyModel untied = TinyModel.ofType(type).untied();
      boolean wide = type.blockValues() > 64;
      models.add(wide ? untied.withHeads(4, 2, 64) : untied.withHeads(6, 2, 32));
      if (type.blockValues() == 1) {
        models.add(TinyModel.ofType(type).odd());
        models.add(TinyModel.ofType(type).qwen3());
        models.add(untied.qwen3().odd());
      }
    }
    return models;
  }

  static Stream<Arguments> combinations() {
    return models().stream().flatMap(model -> ways().stream().map(way -> Arguments.of(model, way)));
  }

  private static int[] tokens(int count) {
    SplittableRandom random = new SplittableRandom(7);
    return random.ints(count, 0, 400).toArray();
  }

  private interface Check {
    void on(Session session, Sequence sequence, GgufFile file, DecoderPlan plan);
  }

  private void with(TinyModel model, Way way, Check check) {
    Path path = model.write(folder.resolve("model.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      ModelFile description = new ModelFile(file);
      DecoderPlan plan = description.plan(ModelOptions.defaults());
      try (Session session = way.open(plan, description)) {
        check.on(session, session.newSequence(), file, plan);
      }
    }
  }

  /** Eight-bit activations and half-precision caches are less exact than single precision. */
  private static double tolerance(TinyModel model, Way way) {
    if (!way.keepPanels() && model.type().blockValues() > 1) {
      return 1e-2;
    }
    return way.half() ? 1e-5 : 1e-9;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("combinations")
  void prefillAgreesWithTheReference(TinyModel model, Way way) {
    int[] tokens = tokens(37);
    with(
        model,
        way,
        (session, sequence, file, plan) -> {
          float[] logits = session.forward(sequence, tokens, 0, tokens.length, Logits.ALL);
          double[][] expected = new ReferenceDecoder(file).logits(tokens);
          for (int t = 0; t < tokens.length; t++) {
            assertThat(Errors.nmse(expected[t], logits, t * plan.shape().vocabulary()))
                .as("position %d", t)
                .isLessThan(tolerance(model, way));
          }
          assertThat(sequence.position()).isEqualTo(tokens.length);
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("combinations")
  void decodingTokenByTokenAgreesWithTheReference(TinyModel model, Way way) {
    int[] tokens = tokens(21);
    with(
        model,
        way,
        (session, sequence, file, plan) -> {
          double[][] expected = new ReferenceDecoder(file).logits(tokens);
          for (int t = 0; t < tokens.length; t++) {
            float[] logits = session.forward(sequence, tokens, t, t + 1, Logits.LAST);
            assertThat(Errors.nmse(expected[t], logits, 0))
                .as("position %d", t)
                .isLessThan(tolerance(model, way));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("ways")
  void acrossPagesAndPassesTheResultIsTheSame(Way way) {
    int[] tokens = tokens(300);
    TinyModel model = TinyModel.ofType(WeightType.F32);
    with(
        model,
        way,
        (session, sequence, file, plan) -> {
          double[][] expected = new ReferenceDecoder(file).logits(tokens);
          int[] cuts = {0, 1, 130, 131, 200, 299, 300};
          for (int i = 0; i + 1 < cuts.length; i++) {
            float[] logits = session.forward(sequence, tokens, cuts[i], cuts[i + 1], Logits.LAST);
            assertThat(Errors.nmse(expected[cuts[i + 1] - 1], logits, 0))
                .isLessThan(tolerance(model, way));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("ways")
  void replayAfterTruncationEqualsAFreshRun(Way way) {
    int[] tokens = tokens(150);
    int[] other = tokens(200);
    with(
        TinyModel.ofType(WeightType.Q8_0),
        way,
        (session, sequence, file, plan) -> {
          int width = plan.shape().vocabulary();
          float[] fresh =
              Arrays.copyOf(session.forward(sequence, tokens, 0, 150, Logits.LAST), width);
          sequence.truncate(40);
          session.forward(sequence, other, 150, 200, Logits.NONE);
          sequence.truncate(40);
          float[] replayed = session.forward(sequence, tokens, 40, 150, Logits.LAST);
          assertThat(Arrays.copyOf(replayed, width)).containsExactly(fresh, within(1e-4f));
        });
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aCopyOfAPrefixGoesOnLikeTheOriginal(Way way) {
    int[] tokens = tokens(170);
    with(
        TinyModel.ofType(WeightType.F32),
        way,
        (session, sequence, file, plan) -> {
          int width = plan.shape().vocabulary();
          session.forward(sequence, tokens, 0, 150, Logits.NONE);
          Sequence copy = session.newSequence();
          copy.copyFrom(sequence, 140);
          float[] copied =
              Arrays.copyOf(session.forward(copy, tokens, 140, 170, Logits.LAST), width);
          sequence.truncate(140);
          float[] original = session.forward(sequence, tokens, 140, 170, Logits.LAST);
          assertThat(Arrays.copyOf(original, width)).containsExactly(copied, within(1e-4f));
        });
  }

  @Test
  void smallModelsGiveTheSameLogitsHoweverTokensAreBatched() {
    int[] tokens = tokens(24);
    Way way = new Way(new VectorKernels(), true, false, 1);
    with(
        TinyModel.ofType(WeightType.Q8_0),
        way,
        (session, sequence, file, plan) -> {
          int width = plan.shape().vocabulary();
          float[] batched =
              Arrays.copyOf(session.forward(sequence, tokens, 0, 24, Logits.LAST), width);
          sequence.truncate(0);
          float[] single = {};
          for (int t = 0; t < 24; t++) {
            single = session.forward(sequence, tokens, t, t + 1, Logits.LAST);
          }
          assertThat(Arrays.copyOf(single, width)).containsExactly(batched, within(1e-5f));
        });
  }

  @Test
  void refusesWhatDoesNotFit() {
    Way way = new Way(new ScalarKernels(), true, false, 1);
    int[] tokens = tokens(600);
    with(
        TinyModel.ofType(WeightType.F32),
        way,
        (session, sequence, file, plan) -> {
          session.forward(sequence, tokens, 0, 256, Logits.NONE);
          session.forward(sequence, tokens, 256, 500, Logits.NONE);
          assertThatThrownBy(() -> session.forward(sequence, tokens, 500, 520, Logits.NONE))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("512");
          assertThatThrownBy(() -> session.forward(sequence, new int[] {448}, 0, 1, Logits.NONE))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("448");
          assertThatThrownBy(() -> session.forward(sequence, tokens, 0, 0, Logits.NONE))
              .isInstanceOf(IllegalArgumentException.class);
          assertThat(sequence.position()).isEqualTo(500);
          assertThatThrownBy(() -> sequence.truncate(501))
              .isInstanceOf(IllegalArgumentException.class);
        });
  }
}
