package dev.hearth.inference.cpu;

import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.benchmarks.SyntheticModel;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What guessing ahead costs on the processor: passes of one to four tokens with all logits and a
 * guess of the next-token layer, in turn, on a made-up model. From that, which share of guesses
 * must be right for it to pay, and what it brings when 70 and 90 of 100 are.
 */
@SuppressWarnings("SystemOut") // a program that prints
public final class GuessBench {

  private static final int MOST_ROWS = 4;
  private static final int CONTEXT = 1024;
  private static final long WARM_UP_NANOS = 15_000_000_000L;
  private static final int PASSES = 4;

  private final Session session;
  private final Sequence sequence;
  private final int[] tokens = new int[CONTEXT];

  private GuessBench(Session session) {
    this.session = session;
    sequence = session.newSequence();
    Arrays.setAll(tokens, i -> i * 7919 % 400);
  }

  /**
   * Runs.
   *
   * @param args shape (see {@link SyntheticModel#named}), weight type, rounds
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: GuessBench SHAPE TYPE ROUNDS, as in half-billion Q8_0 15");
      System.exit(2);
    }
    Path path = Files.createTempFile("guess", ".gguf");
    try {
      SyntheticModel.named(args[0]).writeWithNextToken(path, WeightType.valueOf(args[1]));
      run(path, Integer.parseInt(args[2]));
    } finally {
      Files.delete(path);
    }
  }

  private static void run(Path path, int rounds) {
    try (GgufFile file = GgufFile.open(path)) {
      ModelFile model = new ModelFile(file, null);
      DecoderPlan plan = model.plan(ModelOptions.defaults().withContextLength(CONTEXT));
      CpuBackend backend = new CpuBackend(new VectorKernels());
      try (Session session = backend.open(plan, model, 2, null)) {
        new GuessBench(session).measure(rounds);
      }
    }
  }

  private void measure(int rounds) {
    long end = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < end) {
      for (int rows = 0; rows <= MOST_ROWS; rows++) {
        millis(rows);
      }
    }
    double[][] millis = new double[MOST_ROWS + 1][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int rows = 0; rows <= MOST_ROWS; rows++) {
        millis[rows][round] = millis(rows);
      }
    }
    double one = median(millis[1]);
    for (int rows = 1; rows <= MOST_ROWS; rows++) {
      double time = median(millis[rows]);
      System.out.printf(Locale.ROOT, "%d tokens: %.2f ms, %.2f of one%n", rows, time, time / one);
    }
    double draft = median(millis[0]);
    double cost = (draft + median(millis[2])) / one;
    System.out.printf(Locale.ROOT, "a guess: %.2f ms, %.2f of one%n", draft, draft / one);
    System.out.printf(Locale.ROOT, "pays when more than %.0f %% are right%n", 100 * (cost - 1));
    System.out.printf(
        Locale.ROOT, "decode with 70 %% right: %.2f times, 90 %%: %.2f%n", 1.7 / cost, 1.9 / cost);
  }

  /** A decode pass of some tokens, or for 0 a guess; the time of the pass alone. */
  private double millis(int rows) {
    long nanos = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      if (sequence.position() + MOST_ROWS >= CONTEXT) {
        sequence.clear();
      }
      int to = sequence.position() + Math.max(1, rows);
      long start = System.nanoTime();
      session.forward(List.of(new Slice(sequence, tokens, to, Math.max(1, rows))));
      long ran = System.nanoTime();
      session.draft(List.of(new Slice(sequence, tokens, to + 1, 1)));
      nanos += rows == 0 ? System.nanoTime() - ran : ran - start;
    }
    return nanos / 1e6 / PASSES;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
