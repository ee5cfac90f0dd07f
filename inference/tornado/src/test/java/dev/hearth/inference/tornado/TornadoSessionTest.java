package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole decoders on the device against the float64 reference. */
class TornadoSessionTest {

  private static final double TOLERANCE = 1e-9;

  @TempDir Path folder = Path.of("unset");

  private interface Check {
    void on(Session session, Sequence sequence, GgufFile file, DecoderPlan plan);
  }

  private static List<TinyModel> models() {
    List<TinyModel> models = new ArrayList<>();
    for (WeightType type : WeightType.values()) {
      models.add(TinyModel.ofType(type));
    }
    models.add(TinyModel.ofType(WeightType.Q8_0).untied().withHeads(6, 2, 32));
    models.add(TinyModel.ofType(WeightType.F16).odd());
    models.add(TinyModel.ofType(WeightType.F32).qwen3().odd());
    return models;
  }

  private static int[] tokens(int count) {
    return new SplittableRandom(7).ints(count, 0, 400).toArray();
  }

  private static float[] run(Session session, Sequence sequence, int[] tokens, int to, int logits) {
    return session.forward(List.of(new Slice(sequence, tokens, to, logits)));
  }

  /** Runs tokens up to a position in passes of the session's size. */
  private static float[] fill(Session session, Sequence sequence, int[] tokens, int to) {
    while (to - sequence.position() > session.maxRows()) {
      run(session, sequence, tokens, sequence.position() + session.maxRows(), 0);
    }
    return run(session, sequence, tokens, to, 1);
  }

  private void with(TinyModel model, Check check) {
    TornadoBackend backend = Device.backend();
    Path path = model.write(folder.resolve("model.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      ModelFile description = new ModelFile(file);
      DecoderPlan plan = description.plan(ModelOptions.defaults());
      try (Session session = backend.open(plan, description, 1, null)) {
        check.on(session, session.newSequence(), file, plan);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void prefillAndDecodingAgreeWithTheReference(TinyModel model) {
    int[] tokens = tokens(45);
    with(
        model,
        (session, sequence, file, plan) -> {
          double[][] expected = new ReferenceDecoder(file).logits(tokens);
          float[] logits = run(session, sequence, tokens, 37, 37);
          for (int t = 0; t < 37; t++) {
            assertThat(Errors.nmse(expected[t], logits, t * plan.shape().vocabulary()))
                .as("position %d", t)
                .isLessThan(TOLERANCE);
          }
          for (int t = 37; t < tokens.length; t++) {
            logits = run(session, sequence, tokens, t + 1, 1);
            assertThat(Errors.nmse(expected[t], logits, 0))
                .as("position %d", t)
                .isLessThan(TOLERANCE);
          }
          assertThat(sequence.position()).isEqualTo(tokens.length);
        });
  }

  @Test
  void aSecondSessionOfTheWeightsReadsThemAnewAndTheFirstGoesOn() {
    int[] tokens = tokens(30);
    with(
        TinyModel.ofType(WeightType.Q8_0),
        (session, sequence, file, plan) -> {
          double[][] expected = new ReferenceDecoder(file).logits(tokens);
          run(session, sequence, tokens, 10, 1);
          ModelFile description = new ModelFile(file);
          try (Session second = Device.backend().open(plan, description, 1, null)) {
            float[] logits = run(second, second.newSequence(), tokens, 20, 1);
            assertThat(Errors.nmse(expected[19], logits, 0)).isLessThan(TOLERANCE);
            logits = run(session, sequence, tokens, 25, 1);
            assertThat(Errors.nmse(expected[24], logits, 0)).isLessThan(TOLERANCE);
          }
          float[] logits = run(session, sequence, tokens, 30, 1);
          assertThat(Errors.nmse(expected[29], logits, 0)).isLessThan(TOLERANCE);
        });
  }

  @Test
  void acrossPagesAndPassesTheResultIsTheSame() {
    int[] tokens = tokens(200);
    with(
        TinyModel.ofType(WeightType.F32),
        (session, sequence, file, plan) -> {
          double[][] expected = new ReferenceDecoder(file).logits(tokens);
          int[] cuts = {1, 63, 65, 66, 127, 128, 190, 193, 200};
          for (int cut : cuts) {
            float[] logits = fill(session, sequence, tokens, cut);
            assertThat(Errors.nmse(expected[cut - 1], logits, 0)).isLessThan(TOLERANCE);
          }
        });
  }

  @Test
  void replayAfterTruncationEqualsAFreshRun() {
    int[] tokens = tokens(100);
    int[] other = tokens(120);
    Arrays.setAll(other, i -> (other[i] + 1) % 400);
    with(
        TinyModel.ofType(WeightType.Q8_0),
        (session, sequence, file, plan) -> {
          int width = plan.shape().vocabulary();
          float[] fresh = Arrays.copyOf(fill(session, sequence, tokens, 100), width);
          sequence.truncate(40);
          fill(session, sequence, other, 90);
          sequence.truncate(40);
          float[] replayed = Arrays.copyOf(fill(session, sequence, tokens, 100), width);
          assertThat(replayed).containsExactly(fresh, within(1e-4f));
        });
  }

  @Test
  void writingBehindASharedPageLeavesTheOtherHolderAlone() {
    int[] tokens = tokens(110);
    int[] other = tokens.clone();
    for (int i = 90; i < other.length; i++) {
      other[i] = (tokens[i] + 1) % 400;
    }
    with(
        TinyModel.ofType(WeightType.F32),
        (session, sequence, file, plan) -> {
          fill(session, sequence, tokens, 100);
          Sequence second = session.newSequence();
          second.append(sequence.page(0), 64);
          second.append(sequence.page(64), 26);
          float[] branched = fill(session, second, other, 110).clone();
          float[] original = fill(session, sequence, tokens, 110).clone();
          ReferenceDecoder reference = new ReferenceDecoder(file);
          assertThat(Errors.nmse(reference.logits(other)[109], branched, 0)).isLessThan(TOLERANCE);
          assertThat(Errors.nmse(reference.logits(tokens)[109], original, 0)).isLessThan(TOLERANCE);
        });
  }

  @Test
  void aPassThatFailsLeavesASharedPageAsItWas() {
    int[] tokens = tokens(130);
    with(
        TinyModel.ofType(WeightType.F32),
        (session, sequence, file, plan) -> {
          fill(session, sequence, tokens, 100);
          Sequence second = session.newSequence();
          second.append(sequence.page(0), 64);
          second.append(sequence.page(64), 26);
          List<KvPage> held = new ArrayList<>();
          while (held.size() < session.mostPages() - 3) {
            held.add(session.newPage());
          }
          // One page is left, where a copy of the shared one and a new one are needed.
          assertThatThrownBy(() -> fill(session, second, tokens, 130))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("pages of the KV cache are held");
          held.forEach(KvPage::release);
          assertThat(second.position()).isEqualTo(90);
          float[] logits = fill(session, second, tokens, 130);
          assertThat(Errors.nmse(new ReferenceDecoder(file).logits(tokens)[129], logits, 0))
              .isLessThan(TOLERANCE);
        });
  }

  @Test
  void sequencesOfDifferentLengthsInOnePassDoNotMix() {
    int[] first = tokens(40);
    int[] second = new SplittableRandom(8).ints(150, 0, 400).toArray();
    with(
        TinyModel.ofType(WeightType.F32),
        (session, sequence, file, plan) -> {
          Sequence other = session.newSequence();
          fill(session, sequence, first, 37);
          fill(session, other, second, 120);
          float[] logits =
              session.forward(
                  List.of(new Slice(sequence, first, 40, 2), new Slice(other, second, 150, 1)));
          ReferenceDecoder reference = new ReferenceDecoder(file);
          int width = plan.shape().vocabulary();
          assertThat(Errors.nmse(reference.logits(first)[38], logits, 0)).isLessThan(TOLERANCE);
          assertThat(Errors.nmse(reference.logits(first)[39], logits, width)).isLessThan(TOLERANCE);
          assertThat(Errors.nmse(reference.logits(second)[149], logits, 2 * width))
              .isLessThan(TOLERANCE);
        });
  }

  @Test
  void theNextTokenLayerAgreesWithTheReferenceHoweverItIsCut() {
    int[] tokens = tokens(150);
    with(
        TinyModel.ofType(WeightType.F32).withNextToken(),
        (session, sequence, file, plan) -> {
          assertThat(session.drafts()).isTrue();
          double[][] expected = new ReferenceDecoder(file).nextLogits(tokens);
          fill(session, sequence, tokens, 130);
          draft(session, sequence, tokens, 60, 0);
          draft(session, sequence, tokens, 100, 0);
          assertThat(sequence.drafted()).isEqualTo(99);
          float[] logits = draft(session, sequence, tokens, 131, 2);
          int width = plan.shape().vocabulary();
          assertThat(Errors.nmse(expected[128], logits, 0)).isLessThan(TOLERANCE);
          assertThat(Errors.nmse(expected[129], logits, width)).isLessThan(TOLERANCE);
          run(session, sequence, tokens, 149, 1);
          sequence.truncate(140);
          run(session, sequence, tokens, 149, 1);
          logits = draft(session, sequence, tokens, 150, 1);
          assertThat(Errors.nmse(expected[148], logits, 0)).isLessThan(TOLERANCE);
          assertThat(sequence.drafted()).isEqualTo(149);
        });
  }

  @Test
  void theNextTokenLayerReadsSharedSavedAndRestoredPages() {
    int[] tokens = tokens(120);
    with(
        TinyModel.ofType(WeightType.F32).withNextToken(),
        (session, sequence, file, plan) -> {
          double[][] expected = new ReferenceDecoder(file).nextLogits(tokens);
          fill(session, sequence, tokens, 100);
          draft(session, sequence, tokens, 60, 0);
          draft(session, sequence, tokens, 101, 1);
          KvPage restored = session.newPage();
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment saved = arena.allocate(session.pageBytes());
            sequence.page(0).save(saved);
            restored.restore(saved);
          }
          Sequence second = session.newSequence();
          second.append(restored, 64);
          second.append(sequence.page(64), 26);
          run(session, second, tokens, 119, 1);
          float[] logits = draft(session, second, tokens, 120, 1);
          assertThat(Errors.nmse(expected[118], logits, 0)).isLessThan(TOLERANCE);
        });
  }

  @Test
  void aDecoderOfSeveralGraphsAgreesWithTheReference() {
    int[] tokens = tokens(120);
    with(
        TinyModel.ofType(WeightType.Q8_0).withLayers(15).withNextToken(),
        (session, sequence, file, plan) -> {
          assertThat(Step.of(plan.ops())).hasSizeGreaterThan(2 * Lowering.MOST_STEPS);
          ReferenceDecoder reference = new ReferenceDecoder(file);
          double[][] expected = reference.logits(tokens);
          double[][] drafted = reference.nextLogits(tokens);
          float[] logits = fill(session, sequence, tokens, 70);
          assertThat(Errors.nmse(expected[69], logits, 0)).isLessThan(TOLERANCE);
          logits = draft(session, sequence, tokens, 60, 1);
          assertThat(Errors.nmse(drafted[58], logits, 0)).isLessThan(TOLERANCE);
          KvPage restored = session.newPage();
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment saved = arena.allocate(session.pageBytes());
            sequence.page(0).save(saved);
            restored.restore(saved);
          }
          Sequence second = session.newSequence();
          second.append(restored, 64);
          for (Sequence one : List.of(sequence, second)) {
            logits = fill(session, one, tokens, 119);
            assertThat(Errors.nmse(expected[118], logits, 0)).isLessThan(TOLERANCE);
            logits = run(session, one, tokens, 120, 1);
            assertThat(Errors.nmse(expected[119], logits, 0)).isLessThan(TOLERANCE);
          }
        });
  }

  private static float[] draft(
      Session session, Sequence sequence, int[] tokens, int to, int logits) {
    return session.draft(List.of(new Slice(sequence, tokens, to, logits)));
  }

  @Test
  void aSavedPageGoesOnInAnotherSession() {
    int[] tokens = tokens(80);
    with(
        TinyModel.ofType(WeightType.F32),
        (session, sequence, file, plan) -> {
          fill(session, sequence, tokens, 64);
          try (Session other = Device.backend().open(plan, new ModelFile(file), 1, null);
              Arena arena = Arena.ofConfined()) {
            MemorySegment saved = arena.allocate(session.pageBytes());
            sequence.page(0).save(saved);
            Sequence before = other.newSequence();
            fill(other, before, tokens, 3);
            KvPage page = other.newPage();
            page.restore(saved);
            Sequence restored = other.newSequence();
            restored.append(page, 64);
            assertThat(fill(other, restored, tokens, 80).clone())
                .isEqualTo(fill(session, sequence, tokens, 80));
          }
        });
  }

  @Test
  void refusesWhatDoesNotFit() {
    int[] tokens = tokens(600);
    int[] unknown = tokens.clone();
    unknown[500] = 448;
    with(
        TinyModel.ofType(WeightType.F32),
        (session, sequence, file, plan) -> {
          fill(session, sequence, tokens, 500);
          assertThatThrownBy(() -> run(session, sequence, tokens, 520, 0))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("512");
          assertThatThrownBy(() -> run(session, sequence, unknown, 501, 0))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("448");
          assertThatThrownBy(() -> run(session, sequence, tokens, 500, 0))
              .isInstanceOf(IllegalArgumentException.class);
          assertThat(sequence.position()).isEqualTo(500);
          List<KvPage> held = new ArrayList<>();
          assertThatThrownBy(
                  () -> {
                    while (held.size() <= session.mostPages()) {
                      held.add(session.newPage());
                    }
                  })
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("pages of the KV cache are held");
        });
  }
}
