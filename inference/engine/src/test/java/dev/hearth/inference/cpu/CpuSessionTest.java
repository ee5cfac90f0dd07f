package dev.hearth.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.inference.KvType;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.testing.Errors;
import dev.hearth.inference.testing.ReferenceDecoder;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
   * @param kv how the KV cache is stored
   * @param threads number of threads
   */
  record Way(Kernels kernels, boolean keepPanels, KvType kv, int threads) {
    Session open(DecoderPlan plan, ModelFile file) {
      return new CpuSession(plan, file, kernels, threads, kv, keepPanels);
    }

    @Override
    public String toString() {
      return kernels.name() + (keepPanels ? " panels" : " stored") + " " + kv + " x" + threads;
    }
  }

  private static List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
      for (boolean keep : new boolean[] {true, false}) {
        ways.add(new Way(kernels, keep, KvType.F32, 1));
        ways.add(new Way(kernels, keep, KvType.F16, 3));
        ways.add(new Way(kernels, keep, KvType.Q8_0, 2));
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
    // How the cache is stored does not depend on the weights.
    return models().stream()
        .flatMap(model ->
            ways().stream()
                .filter(way -> way.kv() != KvType.Q8_0 || model.type() == WeightType.F32)
                .map(way -> Arguments.of(model, way)));
  }

  private static int[] tokens(int count) {
    SplittableRandom random = new SplittableRandom(7);
    return random.ints(count, 0, 400).toArray();
  }

  private static float[] run(Session session, Sequence sequence, int[] tokens, int to, int logits) {
    return session.forward(List.of(new Slice(sequence, tokens, to, logits)));
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
    return switch (way.kv()) {
      case F32 -> 1e-9;
      case F16 -> 1e-5;
      case Q8_0 -> 3e-3;
    };
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("combinations")
  void prefillAgreesWithTheReference(TinyModel model, Way way) {
    int[] tokens = tokens(37);
    with(
        model,
        way,
        (session, sequence, file, plan) -> {
          float[] logits = run(session, sequence, tokens, tokens.length, tokens.length);
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
            float[] logits = run(session, sequence, tokens, t + 1, 1);
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
            float[] logits = run(session, sequence, tokens, cuts[i + 1], 1);
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
          float[] fresh = Arrays.copyOf(run(session, sequence, tokens, 150, 1), width);
          sequence.truncate(40);
          run(session, sequence, other, 90, 0);
          sequence.truncate(40);
          float[] replayed = run(session, sequence, tokens, 150, 1);
          assertThat(Arrays.copyOf(replayed, width)).containsExactly(fresh, within(1e-4f));
        });
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aSequenceThatSharesPagesGoesOnLikeTheOriginal(Way way) {
    int[] tokens = tokens(170);
    with(
        TinyModel.ofType(WeightType.F32),
        way,
        (session, sequence, file, plan) -> {
          int width = plan.shape().vocabulary();
          run(session, sequence, tokens, 150, 0);
          Sequence copy = session.newSequence();
          copy.append(sequence.page(0), 128);
          copy.append(sequence.page(139), 12);
          float[] copied = Arrays.copyOf(run(session, copy, tokens, 170, 1), width);
          sequence.truncate(140);
          float[] original = run(session, sequence, tokens, 170, 1);
          assertThat(Arrays.copyOf(original, width)).containsExactly(copied, within(1e-4f));
        });
  }

  @Test
  void smallModelsGiveTheSameLogitsHoweverTokensAreBatched() {
    int[] tokens = tokens(24);
    Way way = new Way(new VectorKernels(), true, KvType.F32, 1);
    with(
        TinyModel.ofType(WeightType.Q8_0),
        way,
        (session, sequence, file, plan) -> {
          int width = plan.shape().vocabulary();
          float[] batched = Arrays.copyOf(run(session, sequence, tokens, 24, 1), width);
          sequence.truncate(0);
          float[] single = {};
          for (int t = 0; t < 24; t++) {
            single = run(session, sequence, tokens, t + 1, 1);
          }
          assertThat(Arrays.copyOf(single, width)).containsExactly(batched, within(1e-5f));
        });
  }

  @ParameterizedTest
  @MethodSource("ways")
  void writingBehindASharedPageLeavesTheOtherHolderAlone(Way way) {
    int[] tokens = tokens(170);
    int[] other = tokens.clone();
    for (int i = 140; i < other.length; i++) {
      other[i] = (tokens[i] + 1) % 400;
    }
    with(
        TinyModel.ofType(WeightType.F32),
        way,
        (session, sequence, file, plan) -> {
          run(session, sequence, tokens, 150, 0);
          Sequence second = session.newSequence();
          second.append(sequence.page(0), 128);
          second.append(sequence.page(128), 12);
          float[] branched = run(session, second, other, 170, 1).clone();
          float[] original = run(session, sequence, tokens, 170, 1).clone();
          ReferenceDecoder reference = new ReferenceDecoder(file);
          assertThat(Errors.nmse(reference.logits(other)[169], branched, 0))
              .isLessThan(tolerance(TinyModel.ofType(WeightType.F32), way));
          assertThat(Errors.nmse(reference.logits(tokens)[169], original, 0))
              .isLessThan(tolerance(TinyModel.ofType(WeightType.F32), way));
        });
  }

  @ParameterizedTest
  @MethodSource("ways")
  void sequencesOfDifferentLengthsInOnePassDoNotMix(Way way) {
    int[] first = tokens(40);
    int[] second = new SplittableRandom(8).ints(150, 0, 400).toArray();
    TinyModel model = TinyModel.ofType(WeightType.F32);
    with(
        model,
        way,
        (session, sequence, file, plan) -> {
          Sequence other = session.newSequence();
          run(session, sequence, first, 37, 0);
          run(session, other, second, 120, 0);
          float[] logits =
              session.forward(
                  List.of(new Slice(sequence, first, 40, 2), new Slice(other, second, 150, 1)));
          ReferenceDecoder reference = new ReferenceDecoder(file);
          int width = plan.shape().vocabulary();
          double tolerance = tolerance(model, way);
          assertThat(Errors.nmse(reference.logits(first)[38], logits, 0)).isLessThan(tolerance);
          assertThat(Errors.nmse(reference.logits(first)[39], logits, width)).isLessThan(tolerance);
          assertThat(Errors.nmse(reference.logits(second)[149], logits, 2 * width))
              .isLessThan(tolerance);
        });
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theNextTokenLayerAgreesWithTheReferenceHoweverItIsCut(Way way) {
    int[] tokens = tokens(150);
    TinyModel model = TinyModel.ofType(WeightType.F32).withNextToken();
    with(
        model,
        way,
        (session, sequence, file, plan) -> {
          double[][] expected = new ReferenceDecoder(file).nextLogits(tokens);
          double tolerance = tolerance(model, way);
          run(session, sequence, tokens, 130, 0);
          session.draft(List.of(new Slice(sequence, tokens, 100, 0)));
          assertThat(sequence.drafted()).isEqualTo(99);
          float[] logits = session.draft(List.of(new Slice(sequence, tokens, 131, 2)));
          int width = plan.shape().vocabulary();
          assertThat(Errors.nmse(expected[128], logits, 0)).isLessThan(tolerance);
          assertThat(Errors.nmse(expected[129], logits, width)).isLessThan(tolerance);
          run(session, sequence, tokens, 149, 1);
          sequence.truncate(140);
          run(session, sequence, tokens, 149, 1);
          logits = session.draft(List.of(new Slice(sequence, tokens, 150, 1)));
          assertThat(Errors.nmse(expected[148], logits, 0)).isLessThan(tolerance);
          assertThat(sequence.drafted()).isEqualTo(149);
        });
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aSavedPageGoesOnInAnotherSession(Way way) {
    int[] tokens = tokens(140);
    TinyModel model = TinyModel.ofType(WeightType.F32);
    with(
        model,
        way,
        (session, sequence, file, plan) -> {
          run(session, sequence, tokens, 128, 0);
          try (Session other = way.open(plan, new ModelFile(file));
              Arena arena = Arena.ofConfined()) {
            MemorySegment saved = arena.allocate(session.pageBytes());
            sequence.page(0).save(saved);
            KvPage page = other.newPage();
            page.restore(saved);
            Sequence restored = other.newSequence();
            restored.append(page, 128);
            assertThat(run(other, restored, tokens, 140, 1))
                .isEqualTo(run(session, sequence, tokens, 140, 1));
          }
        });
  }

  @Test
  void refusesWhatDoesNotFit() {
    Way way = new Way(new ScalarKernels(), true, KvType.F32, 1);
    int[] tokens = tokens(600);
    int[] unknown = tokens.clone();
    unknown[500] = 448;
    with(
        TinyModel.ofType(WeightType.F32),
        way,
        (session, sequence, file, plan) -> {
          run(session, sequence, tokens, 256, 0);
          run(session, sequence, tokens, 500, 0);
          assertThatThrownBy(() -> run(session, sequence, tokens, 520, 0))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("512");
          assertThatThrownBy(() -> run(session, sequence, unknown, 501, 0))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("448");
          assertThatThrownBy(() -> run(session, sequence, tokens, 500, 0))
              .isInstanceOf(IllegalArgumentException.class);
          assertThat(sequence.position()).isEqualTo(500);
          assertThatThrownBy(() -> sequence.truncate(501))
              .isInstanceOf(IllegalArgumentException.class);
        });
  }
}
