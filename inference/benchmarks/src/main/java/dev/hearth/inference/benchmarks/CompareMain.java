package dev.hearth.inference.benchmarks;

import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Timings;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * This engine and llama.cpp's {@code llama-bench} in turn on the same file with the same threads:
 * prefill and decode (without guessing ahead) of each round, medians and their ratio. Only such
 * pairs can be compared on a machine that does other things too. As {@code llama-bench} runs each
 * of its tests unmeasured before, so does this engine in each round. {@code --busy N} adds N
 * threads that compute all the time.
 */
@SuppressWarnings("SystemOut") // a command line
public final class CompareMain {

  private static final String USAGE =
      """
      usage: CompareMain --model FILE --llama-bench FILE [options]
        --threads N       of each engine (default one per core)
        --prompt N        prompt tokens (default 128)
        --generate N      generated tokens (default 16)
        --rounds N        default 5
        --busy N          other busy threads (default 0)
      """;

  /** The last column of a row of the table: {@code | pp128 | 98.10 ± 1.20 |}. */
  private static final Pattern ROW = Pattern.compile("\\|\\s+(pp|tg)\\d+ \\|\\s+([0-9.]+) ±");

  /** How long to run unmeasured at first: small models take many rounds until all is compiled. */
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(10);

  private String model = "";
  private String llamaBench = "";
  private int threads = Runtime.getRuntime().availableProcessors();
  private int prompt = 128;
  private int generate = 16;
  private int rounds = 5;
  private int busy;

  private CompareMain() {}

  /** Measures and prints; see the usage text. */
  public static void main(String[] args) throws IOException, InterruptedException {
    CompareMain compare = new CompareMain();
    if (compare.parse(args) && !compare.model.isEmpty() && !compare.llamaBench.isEmpty()) {
      compare.run();
    } else {
      System.out.print(USAGE);
    }
  }

  private boolean parse(String[] args) {
    for (int i = 0; i + 1 < args.length; i += 2) {
      String value = args[i + 1];
      switch (args[i]) {
        case "--model" -> model = value;
        case "--llama-bench" -> llamaBench = value;
        case "--threads" -> threads = Integer.parseInt(value);
        case "--prompt" -> prompt = Integer.parseInt(value);
        case "--generate" -> generate = Integer.parseInt(value);
        case "--rounds" -> rounds = Integer.parseInt(value);
        case "--busy" -> busy = Integer.parseInt(value);
        default -> {
          return false;
        }
      }
    }
    return args.length % 2 == 0;
  }

  private void run() throws IOException, InterruptedException {
    for (int i = 0; i < busy; i++) {
      Thread.ofPlatform().daemon().start(CompareMain::compute);
    }
    double[][] ours = new double[2][rounds];
    double[][] theirs = new double[2][rounds];
    long start = System.nanoTime();
    ModelOptions options =
        ModelOptions.defaults().withThreads(threads).withContextLength(4096).withDrafts(0);
    try (LanguageModel loaded = LanguageModel.load(Path.of(model), options)) {
      System.out.printf(Locale.ROOT, "load %.0f ms%n", (System.nanoTime() - start) / 1e6);
      sayTokensInUse(loaded.tokenizer());
      long loadedAt = System.nanoTime();
      for (int round = -1; System.nanoTime() - loadedAt < WARM_UP_NANOS; round--) {
        double[] here = measure(loaded, round);
        System.out.printf(
            Locale.ROOT, "unmeasured: prefill %.2f, decode %.2f tok/s%n", here[0], here[1]);
      }
      for (int round = 0; round < rounds; round++) {
        measure(loaded, rounds + round);
        double[] here = measure(loaded, round);
        double[] there = measureLlama();
        for (int what = 0; what < 2; what++) {
          ours[what][round] = here[what];
          theirs[what][round] = there[what];
        }
        System.out.printf(
            Locale.ROOT,
            "round %d: prefill %.2f and %.2f, decode %.2f and %.2f tok/s%n",
            round + 1,
            here[0],
            there[0],
            here[1],
            there[1]);
      }
    }
    report("prefill", ours[0], theirs[0]);
    report("decode", ours[1], theirs[1]);
  }

  private static void compute() {
    double x = 1;
    while (x > 0) {
      x = Math.sqrt(x + 1);
    }
  }

  /**
   * This engine computes logits only of tokens that stand for something, llama-bench those of all:
   * a made-up file that is filled up with unused ones would flatter this engine.
   */
  private static void sayTokensInUse(Tokenizer tokenizer) {
    long used =
        IntStream.range(0, tokenizer.vocabularySize())
            .filter(token -> tokenizer.tokenBytes(token).length > 0)
            .count();
    System.out.printf(Locale.ROOT, "tokens in use: %d of %d%n", used, tokenizer.vocabularySize());
  }

  /** Tokens a second of a prompt, and of a text that begins with one token. */
  private double[] measure(LanguageModel loaded, int round) {
    Timings prefill = timings(loaded, round, prompt, 1);
    Timings decode = timings(loaded, round, 1, generate + 1);
    return new double[] {
      prefill.prefilledTokens() / (prefill.prefillNanos() / 1e9),
      (decode.decodedTokens() - 1) / (decode.decodeNanos() / 1e9)
    };
  }

  private static Timings timings(LanguageModel loaded, int seed, int count, int generate) {
    int[] tokens =
        new SplittableRandom(seed).ints(count, 0, loaded.tokenizer().vocabularySize()).toArray();
    GenerationRequest request =
        GenerationRequest.of(tokens)
            .maxTokens(generate)
            .stopTokens(Set.of(Integer.MAX_VALUE))
            .build();
    return loaded.generate(request, TokenListener.NONE).timings();
  }

  private double[] measureLlama() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(llamaBench, "-m", model, "-r", "1"));
    command.addAll(List.of("-t", Integer.toString(threads)));
    command.addAll(List.of("-p", Integer.toString(prompt), "-n", Integer.toString(generate)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException(llamaBench + " failed: " + output);
    }
    double[] result = new double[2];
    for (Matcher row = ROW.matcher(output); row.find(); ) {
      result[row.group(1).equals("pp") ? 0 : 1] = Double.parseDouble(row.group(2));
    }
    if (result[0] == 0 || result[1] == 0) {
      throw new IOException(llamaBench + " printed no rows of pp and tg: " + output);
    }
    return result;
  }

  private static void report(String what, double[] ours, double[] theirs) {
    double[] ratios = new double[ours.length];
    Arrays.setAll(ratios, i -> ours[i] / theirs[i]);
    System.out.printf(
        Locale.ROOT,
        "%-8s ours %.2f, llama.cpp %.2f tok/s; ratio of a pair %.2f (%.2f to %.2f)%n",
        what,
        median(ours),
        median(theirs),
        median(ratios),
        Arrays.stream(ratios).min().orElse(0),
        Arrays.stream(ratios).max().orElse(0));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
