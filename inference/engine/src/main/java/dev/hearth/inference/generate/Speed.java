package dev.hearth.inference.generate;

import dev.hearth.inference.KvType;
import dev.hearth.inference.backend.Backend;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast a backend runs a model's {@link Sample}, in microseconds.
 *
 * @param prompt a pass of {@link #PROMPT} tokens
 * @param step a pass of one token behind them
 */
record Speed(long prompt, long step) {

  /** Tokens of the prompt. */
  static final int PROMPT = 64;

  /** Steps of a command: a tool call is about as long. */
  private static final int STEPS = 32;

  /** Warming up, then measuring, each for the prompt and the step. */
  private static final long NANOS = 150_000_000;

  private static final int LEAST_RUNS = 3;

  private static final Pattern TEXT = Pattern.compile("prompt (\\d{1,15}) step (\\d{1,15})");

  /** What a command takes in one layer: a prompt and some steps. */
  long command() {
    return prompt + STEPS * step;
  }

  /**
   * Measures.
   *
   * @throws dev.hearth.inference.backend.BackendUnfitException if the backend cannot run it
   */
  static Speed of(Backend backend, Sample sample, int threads, KvType kv) {
    try (Session session = backend.open(sample.plan(), sample, threads, kv)) {
      int rows =
          Math.min(PROMPT, Math.min(session.maxRows(), sample.plan().shape().contextLength()));
      int vocabulary = sample.plan().shape().vocabulary();
      int[] tokens = new SplittableRandom(1).ints(rows, 0, vocabulary).toArray();
      Sequence sequence = session.newSequence();
      long prompt = best(session, sequence, tokens, 0) * PROMPT / rows;
      long step = best(session, sequence, tokens, rows - 1);
      sequence.clear();
      return new Speed(Math.max(1, prompt / 1000), Math.max(1, step / 1000));
    }
  }

  /** Nanoseconds of the fastest pass of the tokens from one on. */
  private static long best(Session session, Sequence sequence, int[] tokens, int from) {
    long best = Long.MAX_VALUE;
    for (int phase = 0; phase < 2; phase++) {
      best = Long.MAX_VALUE;
      long end = System.nanoTime() + NANOS;
      for (int run = 0; run < LEAST_RUNS || System.nanoTime() < end; run++) {
        sequence.truncate(from);
        long start = System.nanoTime();
        session.forward(List.of(new Slice(sequence, tokens, tokens.length, 1)));
        best = Math.min(best, System.nanoTime() - start);
      }
    }
    return best;
  }

  /** Reads what {@link #toString} wrote. */
  static Optional<Speed> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(new Speed(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "prompt " + prompt + " step " + step;
  }
}
