package dev.hearth.inference.benchmarks;

import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Timings;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Measures load, first token, prefill and decode of a model, from a file or made up.
 *
 * <p>Each round has a prompt of its own, so that nothing is reused. The first round is what a user
 * sees right after loading; the others give best and median.
 */
@SuppressWarnings("SystemOut") // a command line
public final class BenchMain {

  private static final String USAGE =
      """
      usage: BenchMain [options]
        --model FILE      a GGUF file, or instead of it:
        --shape NAME      home, small, half-billion, one-and-a-half-billion (default home)
        --type TYPE       weight type of a made-up model (default Q8_0)
        --backend NAME    auto, vector, scalar (default auto)
        --threads N       default one per core
        --drafts N        tokens guessed ahead; 0 for the bare engine (default what pays)
        --prompt N        prompt tokens (default 128)
        --generate N      generated tokens (default 32)
        --rounds N        default 20
      """;

  private Path model = Path.of("");
  private String shape = "home";
  private WeightType type = WeightType.Q8_0;
  private ModelOptions options = ModelOptions.defaults();
  private int prompt = 128;
  private int generate = 32;
  private int rounds = 20;

  private BenchMain() {}

  /** Measures and prints; see the usage text. */
  public static void main(String[] args) throws IOException {
    BenchMain bench = new BenchMain();
    if (bench.parse(args)) {
      bench.run();
    } else {
      System.out.print(USAGE);
    }
  }

  private boolean parse(String[] args) {
    for (int i = 0; i + 1 < args.length; i += 2) {
      String value = args[i + 1];
      switch (args[i]) {
        case "--model" -> model = Path.of(value);
        case "--shape" -> shape = value;
        case "--type" -> type = WeightType.valueOf(value.toUpperCase(Locale.ROOT));
        case "--backend" -> options = options.withBackend(value);
        case "--threads" -> options = options.withThreads(Integer.parseInt(value));
        case "--drafts" -> options = options.withDrafts(Integer.parseInt(value));
        case "--prompt" -> prompt = Integer.parseInt(value);
        case "--generate" -> generate = Integer.parseInt(value);
        case "--rounds" -> rounds = Integer.parseInt(value);
        default -> {
          return false;
        }
      }
    }
    return args.length % 2 == 0;
  }

  private void run() throws IOException {
    boolean madeUp = model.toString().isEmpty();
    if (madeUp) {
      model = Files.createTempFile("bench", ".gguf");
      SyntheticModel.named(shape).write(model, type);
    }
    try {
      long start = System.nanoTime();
      try (LanguageModel loaded = LanguageModel.load(model, options)) {
        report(loaded, System.nanoTime() - start, start);
      }
    } finally {
      if (madeUp) {
        Files.deleteIfExists(model);
      }
    }
  }

  private void report(LanguageModel loaded, long loadNanos, long start) {
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f M parameters %s, %s (%s), %d cores%n",
        loaded.info().name(),
        loaded.info().parameters() / 1e6,
        loaded.info().weightTypes(),
        loaded.info().backend(),
        loaded.info().backendReason(),
        Runtime.getRuntime().availableProcessors());
    System.out.printf(Locale.ROOT, "load %.0f ms%n", loadNanos / 1e6);
    double[] prefill = new double[rounds];
    double[] decode = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      Timings timings = generate(loaded, round).timings();
      prefill[round] = timings.prefilledTokens() / (timings.prefillNanos() / 1e9);
      decode[round] = (timings.decodedTokens() - 1) / (timings.decodeNanos() / 1e9);
      if (round == 0) {
        System.out.printf(
            Locale.ROOT,
            "first round: prefill of %d %.1f ms, %.2f ms a decode step, done %.0f ms after start%n",
            timings.prefilledTokens(),
            timings.prefillNanos() / 1e6,
            1000 / decode[0],
            (System.nanoTime() - start) / 1e6);
      }
    }
    print("prefill", prefill);
    print("decode", decode);
  }

  private Generation generate(LanguageModel loaded, int round) {
    int vocabulary = loaded.tokenizer().vocabularySize();
    int[] tokens = new SplittableRandom(round).ints(prompt, 0, vocabulary).toArray();
    GenerationRequest request =
        GenerationRequest.of(tokens)
            .maxTokens(generate)
            .stopTokens(Set.of(Integer.MAX_VALUE))
            .build();
    return loaded.generate(request, TokenListener.NONE);
  }

  private static void print(String what, double[] perSecond) {
    double[] sorted = perSecond.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    double best = sorted[sorted.length - 1];
    System.out.printf(
        Locale.ROOT,
        "%-8s median %9.1f tok/s (%.3f ms a token)   best %9.1f tok/s (%.3f ms)%n",
        what,
        median,
        1000 / median,
        best,
        1000 / best);
  }
}
