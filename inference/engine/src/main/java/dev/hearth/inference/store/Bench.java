package dev.hearth.inference.store;

import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelInfo;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Timings;
import dev.hearth.inference.TokenListener;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Measures a model on this machine: loading, the first prompt, then prefill and decode. Each round
 * has a prompt of its own, so nothing is reused.
 */
final class Bench {

  private final PrintStream out;
  private final int prompt;
  private final int generate;
  private final int rounds;

  /**
   * A measurement.
   *
   * @param prompt tokens of a prompt
   * @param generate tokens to generate, 2 or more
   * @param rounds prompts after the first
   */
  Bench(PrintStream out, int prompt, int generate, int rounds) {
    this.out = out;
    this.prompt = prompt;
    this.generate = generate;
    this.rounds = rounds;
  }

  /**
   * Measures and prints.
   *
   * @throws dev.hearth.inference.ModelLoadException if it is no model
   */
  void run(Path file) {
    long start = System.nanoTime();
    ModelOptions options = ModelOptions.defaults().withContextLength(prompt + generate);
    try (LanguageModel model = LanguageModel.load(file, options)) {
      ModelInfo info = model.info();
      out.printf(
          Locale.ROOT,
          "%s: %.1f million parameters %s, backend %s, %d cores%n",
          info.name(),
          info.parameters() / 1e6,
          info.weightTypes(),
          info.backend(),
          Runtime.getRuntime().availableProcessors());
      out.printf(Locale.ROOT, "load          %10.0f ms%n", (System.nanoTime() - start) / 1e6);
      Timings first = round(model, 0);
      out.printf(
          Locale.ROOT,
          "first prompt  %10.0f ms for %d tokens, then %.1f ms a token%n",
          first.prefillNanos() / 1e6,
          first.prefilledTokens(),
          1e3 / decode(first));
      double[] prefill = new double[rounds];
      double[] decode = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        Timings timings = round(model, i + 1);
        prefill[i] = timings.prefilledTokens() / (timings.prefillNanos() / 1e9);
        decode[i] = decode(timings);
      }
      print("prefill", prefill);
      print("decode", decode);
    }
  }

  private Timings round(LanguageModel model, int seed) {
    int[] tokens =
        new SplittableRandom(seed).ints(prompt, 0, model.tokenizer().vocabularySize()).toArray();
    GenerationRequest request =
        GenerationRequest.of(tokens)
            .maxTokens(generate)
            .stopTokens(Set.of(Integer.MAX_VALUE))
            .build();
    return model.generate(request, TokenListener.NONE).timings();
  }

  /** Tokens a second; the first token's step belongs to the prompt. */
  private static double decode(Timings timings) {
    return (timings.decodedTokens() - 1) / (timings.decodeNanos() / 1e9);
  }

  private void print(String what, double[] perSecond) {
    double[] sorted = perSecond.clone();
    Arrays.sort(sorted);
    out.printf(
        Locale.ROOT,
        "%-13s %10.1f tokens/s (median of %d; best %.1f)%n",
        what,
        sorted[sorted.length / 2],
        rounds,
        sorted[sorted.length - 1]);
  }
}
