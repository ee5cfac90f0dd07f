package dev.hearth.inference.benchmarks;

import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Priority;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Several answers at once: tokens a second of one stream and of eight together, in turn, and how
 * long a short command takes alone and while eight streams and a long prompt go on.
 *
 * <p>Arguments: a GGUF file, or a shape of {@link BenchMain} and a weight type; then rounds.
 */
@SuppressWarnings("SystemOut") // a program that prints
public final class StreamsBench {

  private static final int STREAMS = 8;
  private static final int PROMPT = 64;
  private static final int TOKENS = 24;
  private static final int LONG_PROMPT = 600;
  private static final Set<Integer> NO_STOP = Set.of(Integer.MAX_VALUE);

  private final LanguageModel model;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger seed = new AtomicInteger();

  private StreamsBench(LanguageModel model) {
    this.model = model;
  }

  /** Measures and prints. */
  public static void main(String[] args) throws Exception {
    boolean file = args[0].endsWith(".gguf");
    Path path = file ? Path.of(args[0]) : Files.createTempFile("bench", ".gguf");
    if (!file) {
      SyntheticModel.named(args[0]).write(path, WeightType.valueOf(args[1]));
    }
    ModelOptions options = ModelOptions.defaults().withContextLength(1024).withKv(null, 2L << 30);
    try (LanguageModel model = LanguageModel.load(path, options.withDrafts(0))) {
      new StreamsBench(model).run(Integer.parseInt(args[file ? 1 : 2]));
    } finally {
      delete(path, file);
    }
  }

  private static void delete(Path path, boolean keep) throws IOException {
    if (!keep) {
      Files.delete(path);
    }
  }

  private void run(int rounds) throws Exception {
    together(1);
    together(STREAMS);
    command();
    double[] one = new double[rounds];
    double[] eight = new double[rounds];
    double[] alone = new double[rounds];
    double[] among = new double[rounds];
    double[] step = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      one[round] = together(1);
      eight[round] = together(STREAMS);
      alone[round] = command();
      among[round] = commandAmongStreams();
      step[round] = STREAMS / eight[round] * 1e3;
    }
    print("one stream, tokens/s", one);
    print("eight streams, tokens/s together", eight);
    print("a step of eight, ms", step);
    print("a command alone, ms", alone);
    print("a command among them, ms", among);
    System.out.printf(Locale.ROOT, "eight to one: %.2f%n", median(eight) / median(one));
  }

  private int[] prompt(int length) {
    return new SplittableRandom(seed.incrementAndGet()).ints(length, 0, 400).toArray();
  }

  private Generation answer(int prompt, int tokens, Priority priority, BooleanSupplier cancelled) {
    return model.generate(
        GenerationRequest.of(prompt(prompt))
            .maxTokens(tokens)
            .stopTokens(NO_STOP)
            .priority(priority)
            .cancelled(cancelled)
            .build(),
        TokenListener.NONE);
  }

  /** Tokens a second from when all prompts are read. */
  private double together(int streams) throws ExecutionException, InterruptedException {
    List<Future<Generation>> answers = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      answers.add(threads.submit(() -> answer(PROMPT, TOKENS, Priority.CHAT, () -> false)));
    }
    double longest = 0;
    for (Future<Generation> answer : answers) {
      longest = Math.max(longest, answer.get().timings().decodeNanos() / 1e9);
    }
    return streams * (TOKENS - 1) / longest;
  }

  /** Milliseconds of a command. */
  private double command() {
    long start = System.nanoTime();
    answer(16, 4, Priority.COMMAND, () -> false);
    return (System.nanoTime() - start) / 1e6;
  }

  private double commandAmongStreams() throws ExecutionException, InterruptedException {
    AtomicBoolean enough = new AtomicBoolean();
    List<Future<Generation>> answers = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      int length = i == 0 ? LONG_PROMPT : PROMPT;
      answers.add(threads.submit(() -> answer(length, 400, Priority.CHAT, enough::get)));
    }
    together(1);
    double millis = command();
    enough.set(true);
    for (Future<Generation> answer : answers) {
      answer.get();
    }
    return millis;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void print(String what, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%-34s median %9.2f  (%.2f to %.2f)%n",
        what,
        median(values),
        sorted[0],
        sorted[sorted.length - 1]);
  }
}
