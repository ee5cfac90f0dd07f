package dev.hearth.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.KvType;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.backend.Wanted;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.sampling.GreedySampler;
import dev.hearth.inference.sampling.Sampler;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits of some tokens only. */
class WantedLogitsTest {

  @TempDir Path folder = Path.of("unset");

  private interface Check {
    void on(Session session, Sequence sequence, int vocabulary);
  }

  private void with(TinyModel model, CpuSessionTest.Way way, Check check) {
    Path path = model.write(folder.resolve("model.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      ModelFile description = new ModelFile(file);
      DecoderPlan plan = description.plan(ModelOptions.defaults());
      try (Session session = way.open(plan, description)) {
        check.on(session, session.newSequence(), plan.shape().vocabulary());
      }
    }
  }

  private static int[] tokens(int count) {
    return new SplittableRandom(7).ints(count, 0, 400).toArray();
  }

  private static float[] run(Session session, Sequence sequence, int[] tokens, int to, int logits) {
    return session.forward(List.of(new Slice(sequence, tokens, to, logits)));
  }

  /** A row of logits that wants few, many or all tokens of a vocabulary. */
  private static Wanted wanted(SplittableRandom random, int vocabulary) {
    int kind = random.nextInt(8);
    if (kind == 0) {
      return Wanted.ALL;
    }
    BitSet bits = new BitSet();
    int count = kind < 6 ? 1 + random.nextInt(4) : random.nextInt(2 * vocabulary);
    for (int i = 0; i < count; i++) {
      bits.set(random.nextInt(vocabulary));
    }
    return new Wanted(bits.toLongArray(), random.nextBoolean());
  }

  private static long[] mask(Wanted wanted, int vocabulary) {
    BitSet all = new BitSet();
    all.set(0, vocabulary);
    return wanted.allowed() == null ? all.toLongArray() : wanted.allowed();
  }

  @ParameterizedTest
  @MethodSource("dev.hearth.inference.cpu.CpuSessionTest#combinations")
  void wantedLogitsAreThoseOfAFullPassToTheBit(TinyModel model, CpuSessionTest.Way way) {
    SplittableRandom random = new SplittableRandom(11);
    int[] tokens = tokens(40);
    with(
        model,
        way,
        (session, sequence, vocabulary) -> {
          Sampler greedy = new GreedySampler();
          run(session, sequence, tokens, 30, 0);
          for (int round = 0; round < 12; round++) {
            int rows = 1 + random.nextInt(9);
            float[] buffer = run(session, sequence, tokens, 30 + rows, rows);
            float[] full = buffer.clone();
            Arrays.fill(buffer, Float.NaN);
            sequence.truncate(30);
            List<Wanted> wanted = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
              wanted.add(wanted(random, vocabulary));
            }
            float[] some = session.forward(List.of(new Slice(sequence, tokens, 30 + rows, wanted)));
            sequence.truncate(30);
            for (int row = 0; row < rows; row++) {
              long[] mask = mask(wanted.get(row), vocabulary);
              int from = row * vocabulary;
              BitSet.valueOf(mask).stream()
                  .forEach(id -> assertThat(some[from + id]).isEqualTo(full[from + id]));
              assertThat(greedy.sample(Arrays.copyOfRange(some, from, from + vocabulary), mask))
                  .isEqualTo(
                      greedy.sample(Arrays.copyOfRange(full, from, from + vocabulary), mask));
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void logitsFarFromTheWantedOnesAreNotComputed(boolean keepPanels) {
    CpuSessionTest.Way way = new CpuSessionTest.Way(new ScalarKernels(), keepPanels, KvType.F32, 2);
    int[] tokens = tokens(10);
    with(
        TinyModel.ofType(WeightType.F32),
        way,
        (session, sequence, vocabulary) -> {
          float[] first = run(session, sequence, tokens, 9, 1).clone();
          Wanted one = new Wanted(new long[] {0, 0, 0, 1L << 5}, true);
          float[] second = session.forward(List.of(new Slice(sequence, tokens, 10, List.of(one))));
          assertThat(second[3 * 64 + 5]).isNotEqualTo(first[3 * 64 + 5]);
          assertThat(Arrays.copyOf(second, 128)).containsExactly(Arrays.copyOf(first, 128));
          assertThat(Arrays.copyOfRange(second, 256, 448))
              .containsExactly(Arrays.copyOfRange(first, 256, 448));
        });
  }
}
