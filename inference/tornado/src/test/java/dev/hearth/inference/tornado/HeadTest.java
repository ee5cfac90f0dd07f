package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.backend.Wanted;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.sampling.GreedySampler;
import dev.hearth.inference.testing.Errors;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Logits of listed tokens and greatest logits, in both forms. */
class HeadTest {

  private static final int ROWS = 3;

  @TempDir Path folder = Path.of("unset");

  @BeforeEach
  void start() {
    Device.backend();
  }

  private static RowTasks tasks(boolean openCl, IntArray pass) {
    return openCl ? new RowTwin(pass) : new RowJava(pass, KernelRun.LANES);
  }

  private static Head head(int vocabulary, int columns) {
    return new Head(new Weight("head", WeightType.F32, vocabulary, columns));
  }

  /** A mask of some tokens, as many as {@code most} at most. */
  private static long[] mask(SplittableRandom random, int vocabulary, int most) {
    BitSet bits = new BitSet();
    for (int i = random.nextInt(1 + most); i > 0; i--) {
      bits.set(random.nextInt(vocabulary));
    }
    return bits.toLongArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void multipliesTheRowsThatWereLookedUp(boolean openCl) {
    int columns = 77;
    int count = 5;
    Head head = head(400, columns);
    IntArray pass = KernelRun.pass(ROWS);
    pass.set(Pass.LISTED, count);
    SplittableRandom random = new SplittableRandom(1);
    FloatArray in = new FloatArray(ROWS * columns);
    for (int i = 0; i < in.getSize(); i++) {
      in.set(i, (float) random.nextGaussian());
    }
    for (int i = 0; i < count * columns; i++) {
      head.looked().set(i, (float) random.nextGaussian());
    }
    head.listed().init(Float.NaN);
    RowTasks tasks = tasks(openCl, pass);
    new KernelRun()
        .reads(pass, in, head.looked())
        .writes(head.listed())
        .task("t", pass, graph -> tasks.listed(graph, "t", in, head, columns))
        .run();
    for (int row = 0; row < ROWS; row++) {
      double[] expected = new double[count];
      float[] actual = new float[count];
      for (int i = 0; i < count; i++) {
        for (int k = 0; k < columns; k++) {
          expected[i] += (double) in.get(row * columns + k) * head.looked().get(i * columns + k);
        }
        actual[i] = head.listed().get(row * Head.MOST_LISTED + i);
      }
      assertThat(Errors.nmse(expected, actual, 0)).isLessThan(1e-11);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, 1000", "true, 1000", "false, 8193", "true, 8193", "false, 33", "true, 33"})
  void findsTheGreatestAllowedLogitAndOfEqualsTheLowestId(boolean openCl, int vocabulary) {
    SplittableRandom random = new SplittableRandom(vocabulary);
    Head head = head(vocabulary, 16);
    FloatArray logits = new FloatArray(ROWS * vocabulary);
    float[][] rows = new float[ROWS][vocabulary];
    for (int round = 0; round < 8; round++) {
      List<Wanted> wanted = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        // Few different values, so that many are equal; all below 0, as nothing is.
        for (int id = 0; id < vocabulary; id++) {
          rows[row][id] = -1 - random.nextInt(20);
          logits.set(row * vocabulary + id, rows[row][id]);
        }
        wanted.add(new Wanted(mask(random, vocabulary, round % 2 == 0 ? 3 : 9999), true));
      }
      IntArray pass = KernelRun.pass(ROWS);
      head.want(wanted, pass);
      pass.set(Pass.GREATEST, ROWS);
      writeMasks(head, wanted, vocabulary);
      head.greatest().init(Float.NaN);
      RowTasks tasks = tasks(openCl, pass);
      new KernelRun()
          .reads(pass, logits, head.masks())
          .writes(head.greatest())
          .task("t", pass, graph -> tasks.greatest(graph, "t", logits, head))
          .run();
      for (int row = 0; row < ROWS; row++) {
        long[] allowed = wanted.get(row).allowed();
        int expected = allowed == null ? -1 : new GreedySampler().sample(rows[row], allowed);
        int best = head.best(row);
        assertThat(best < 0 ? -1 : (int) head.greatest().get(best + 1)).isEqualTo(expected);
        if (best >= 0) {
          assertThat(head.greatest().get(best)).isEqualTo(rows[row][expected]);
        }
      }
    }
  }

  /** Small masks would make a list of what is asked for. */
  private static void writeMasks(Head head, List<Wanted> wanted, int vocabulary) {
    int words = Math.ceilDiv(vocabulary, 32);
    for (int row = 0; row < wanted.size(); row++) {
      long[] allowed = wanted.get(row).allowed();
      BitSet bits = allowed == null ? new BitSet() : BitSet.valueOf(allowed);
      for (int word = 0; word < words; word++) {
        long[] part = bits.get(32 * word, 32 * word + 32).toLongArray();
        head.masks().set(row * words + word, part.length == 0 ? 0 : (int) part[0]);
      }
    }
  }

  @ParameterizedTest
  // Heads of 20 are nothing for OpenCL C: operations without a matrix run in Java.
  @CsvSource({"F32, false, 20", "F16, true, 16", "Q4_0, false, 16", "Q6_K, false, 64"})
  void wantedLogitsAreThoseOfAFullPass(WeightType type, boolean nextToken, int headDim) {
    SplittableRandom random = new SplittableRandom(11);
    int[] tokens = new SplittableRandom(7).ints(60, 0, 400).toArray();
    TinyModel tiny = TinyModel.ofType(type).untied().withHeads(4, 2, headDim);
    TinyModel model = nextToken ? tiny.withNextToken() : tiny;
    Path path = model.write(folder.resolve("tiny.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      ModelFile description = new ModelFile(file);
      DecoderPlan plan = description.plan(ModelOptions.defaults());
      int width = plan.shape().vocabulary();
      try (Session session = Device.backend().open(plan, description, 1, null)) {
        Sequence sequence = session.newSequence();
        session.forward(List.of(new Slice(sequence, tokens, 40, 0)));
        if (nextToken) {
          session.draft(List.of(new Slice(sequence, tokens, 30, 0)));
        }
        for (int round = 0; round < 30; round++) {
          int rows = 1 + random.nextInt(6);
          List<Wanted> wanted = new ArrayList<>();
          boolean greatest = random.nextBoolean();
          int most = random.nextBoolean() ? 4 : 2 * width;
          for (int row = 0; row < rows; row++) {
            wanted.add(
                random.nextInt(9) == 0
                    ? Wanted.ALL
                    : new Wanted(mask(random, width, most), greatest));
          }
          boolean draft = nextToken && round % 3 == 0;
          int to = draft ? 30 + rows : 40 + rows;
          float[] buffer = run(session, draft, new Slice(sequence, tokens, to, rows));
          float[] full = buffer.clone();
          Arrays.fill(buffer, Float.NaN);
          sequence.truncate(draft ? 29 : 40);
          if (draft) {
            session.forward(List.of(new Slice(sequence, tokens, 40, 0)));
          }
          float[] some = run(session, draft, new Slice(sequence, tokens, to, wanted));
          for (int row = 0; row < rows; row++) {
            check(wanted.get(row), row * width, width, full, some);
          }
          sequence.truncate(draft ? 29 : 40);
          if (draft) {
            session.forward(List.of(new Slice(sequence, tokens, 40, 0)));
          }
        }
      }
    }
  }

  private static float[] run(Session session, boolean draft, Slice slice) {
    return draft ? session.draft(List.of(slice)) : session.forward(List.of(slice));
  }

  private static void check(Wanted wanted, int from, int width, float[] full, float[] some) {
    BitSet all = new BitSet();
    all.set(0, width);
    long[] allowed = wanted.allowed() == null ? all.toLongArray() : wanted.allowed();
    int choice = new GreedySampler().sample(Arrays.copyOfRange(full, from, from + width), allowed);
    assertThat(new GreedySampler().sample(Arrays.copyOfRange(some, from, from + width), allowed))
        .isEqualTo(choice);
    int[] ids =
        wanted.greatest() && choice >= 0
            ? new int[] {choice}
            : BitSet.valueOf(allowed).stream().toArray();
    double[] expected = Arrays.stream(ids).mapToDouble(id -> full[from + id]).toArray();
    float[] actual = new float[ids.length];
    for (int i = 0; i < ids.length; i++) {
      actual[i] = some[from + ids[i]];
    }
    if (ids.length > 0) {
      assertThat(Errors.nmse(expected, actual, 0)).isLessThan(1e-9);
    }
  }
}
