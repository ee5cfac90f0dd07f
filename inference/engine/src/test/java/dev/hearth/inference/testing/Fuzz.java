package dev.hearth.inference.testing;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Runs a check on many random inputs. The system property {@code hearth.fuzz.factor} multiplies the
 * number of tries for long runs, {@code hearth.fuzz.seed} gives other inputs, {@code
 * hearth.fuzz.only} repeats one try.
 */
public final class Fuzz {

  private Fuzz() {}

  /** A check of one random input. */
  @FunctionalInterface
  public interface Check {
    /** Draws an input and checks it. */
    void run(Random random) throws Exception;
  }

  /** Runs a check so many times; a failure names the try. */
  public static void each(int tries, Check check) {
    long base = Long.getLong("hearth.fuzz.seed", 1);
    Long only = Long.getLong("hearth.fuzz.only");
    long most = (long) tries * Integer.getInteger("hearth.fuzz.factor", 1);
    for (long i = 0; i < (only == null ? most : 1); i++) {
      run(only == null ? base * 1_000_000_007L + i : only, check);
    }
  }

  /** One of several values. */
  public static <T> T pick(T[] values, Random random) {
    return values[random.nextInt(values.length)];
  }

  private static void run(long seed, Check check) {
    @Nullable Throwable failure = null;
    try {
      check.run(new Random(seed));
    } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
      failure = e;
    }
    if (failure != null) {
      throw new AssertionError(
          "-Dhearth.fuzz.only=%d repeats this: %s".formatted(seed, failure), failure);
    }
  }
}
