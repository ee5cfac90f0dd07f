package dev.hearth.inference.generate;

import java.util.function.IntToDoubleFunction;

/**
 * How many guesses ahead pay: they cost time, and what follows a wrong one is lost. Every sixteenth
 * time another number of them is tried, none and one to the most there may be in turn, so that it
 * stays known how often they are right and what passes take. Safe for several threads; a lost
 * update does no harm.
 */
final class Drafter {

  private static final double WEIGHT = 0.1;
  private static final int PROBE = 16;

  private volatile double rate = 1;
  private volatile int chances;

  /**
   * How many guesses to make this time.
   *
   * @param most at least 1
   * @param cost of each of so many guesses, as part of a pass without
   */
  int worth(int most, IntToDoubleFunction cost) {
    int chance = chances + 1;
    chances = chance;
    if (chance % PROBE == 0) {
      return chance / PROBE % (most + 1);
    }
    return best(most, cost);
  }

  /** With how many the most tokens a second are to be expected. */
  private int best(int most, IntToDoubleFunction cost) {
    int best = 0;
    double fastest = 1;
    double tokens = 1;
    for (int guesses = 1; guesses <= most; guesses++) {
      tokens += Math.pow(rate, guesses);
      double speed = tokens / (1 + guesses * cost.applyAsDouble(guesses));
      if (speed > fastest) {
        fastest = speed;
        best = guesses;
      }
    }
    return best;
  }

  /** What became of the guesses: how many were right until one was not. */
  void checked(int guessed, int right) {
    int tried = Math.min(guessed, right + 1);
    double before = rate;
    rate = before + WEIGHT * ((double) right / tried - before);
  }

  /**
   * Prompt lookup (Saxena, 2023): what followed when the last tokens occurred before.
   *
   * @param tokens the text so far
   * @param count its length
   * @param most most tokens to guess
   * @param length number of last tokens to look for
   * @return index of what followed, or -1
   */
  static int lookUp(int[] tokens, int count, int most, int length) {
    if (most < 1) {
      return -1;
    }
    for (int at = count - length - 1; at >= 0; at--) {
      int i = 0;
      while (i < length && tokens[at + i] == tokens[count - length + i]) {
        i++;
      }
      if (i == length) {
        return at + length;
      }
    }
    return -1;
  }
}
