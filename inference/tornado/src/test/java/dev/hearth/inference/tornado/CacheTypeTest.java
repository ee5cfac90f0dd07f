package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.KvType;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.BackendUnfitException;
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
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole decoders with caches in half precision and in eight bits. */
class CacheTypeTest {

  @TempDir Path folder = Path.of("unset");

  private static double tolerance(KvType type) {
    return switch (type) {
      case F32 -> 1e-9;
      case F16 -> 1e-5;
      case Q8_0 -> 3e-3;
    };
  }

  private static float[] fill(Session session, Sequence sequence, int[] tokens, int to) {
    while (to - sequence.position() > session.maxRows()) {
      int next = sequence.position() + session.maxRows();
      session.forward(List.of(new Slice(sequence, tokens, next, 0)));
    }
    return session.forward(List.of(new Slice(sequence, tokens, to, 1)));
  }

  @ParameterizedTest
  // Heads of 20 are nothing for OpenCL C: operations without a matrix run in Java.
  @CsvSource({"F32, 32", "F16, 32", "Q8_0, 32", "F16, 20"})
  void sharedSavedAndRestoredPagesAgreeWithTheReference(KvType type, int headDim) {
    int[] tokens = new SplittableRandom(7).ints(150, 0, 400).toArray();
    Path path =
        TinyModel.ofType(WeightType.F32)
            .untied()
            .withHeads(6, 2, headDim)
            .withNextToken()
            .write(folder.resolve("model.gguf"));
    TornadoBackend backend = Device.backend();
    try (GgufFile file = GgufFile.open(path)) {
      ModelFile description = new ModelFile(file);
      DecoderPlan plan = description.plan(ModelOptions.defaults());
      double[][] expected = new ReferenceDecoder(file).logits(tokens);
      double[][] next = new ReferenceDecoder(file).nextLogits(tokens);
      try (Session session = backend.open(plan, description, 1, type);
          Session other = backend.open(plan, description, 1, type)) {
        assertThat(session.pageBytes()).isEqualTo(KvCache.pageBytes(plan, type));
        Sequence sequence = session.newSequence();
        fill(session, sequence, tokens, 100);
        session.draft(List.of(new Slice(sequence, tokens, 64, 0)));
        session.draft(List.of(new Slice(sequence, tokens, 101, 0)));
        KvPage restored = other.newPage();
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment saved = arena.allocate(session.pageBytes());
          sequence.page(0).save(saved);
          fill(other, other.newSequence(), tokens, 3);
          restored.restore(saved);
        }
        Sequence elsewhere = other.newSequence();
        elsewhere.append(restored, 64);
        Sequence sharing = session.newSequence();
        sharing.append(sequence.page(0), 64);
        sharing.append(sequence.page(64), 26);
        check(expected[149], fill(session, sharing, tokens, 150), type);
        float[] drafted = session.draft(List.of(new Slice(sharing, tokens, 150, 1)));
        check(next[148], drafted, type);
        check(expected[149], fill(session, sequence, tokens, 150), type);
        check(expected[149], fill(other, elsewhere, tokens, 150), type);
      }
    }
  }

  private static void check(double[] expected, float[] logits, KvType type) {
    assertThat(Errors.nmse(expected, logits, 0)).isLessThan(tolerance(type));
  }

  @Test
  void headsThatAreNoWholeBlocksAreRefusedInEightBits() {
    Path path = TinyModel.ofType(WeightType.F32).write(folder.resolve("model.gguf"));
    TornadoBackend backend = Device.backend();
    try (GgufFile file = GgufFile.open(path)) {
      ModelFile description = new ModelFile(file);
      DecoderPlan plan = description.plan(ModelOptions.defaults());
      assertThatThrownBy(() -> backend.open(plan, description, 1, KvType.Q8_0))
          .isInstanceOf(BackendUnfitException.class)
          .hasMessageContaining("heads of 16 values in Q8_0; leave the KV type out");
    }
  }
}
