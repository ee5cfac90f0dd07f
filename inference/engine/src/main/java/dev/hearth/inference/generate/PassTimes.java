package dev.hearth.inference.generate;

import dev.hearth.inference.ModelOptions;

/**
 * How long decode passes of a single request take, by their rows: what guesses cost. A running
 * mean, so that a warmer kernel or a longer context shows. Safe for several threads.
 */
final class PassTimes {

  private static final double WEIGHT = 0.1;

  /** Most rows told apart: those of a pass with as many guesses as there may be. */
  private static final int MOST_ROWS = 1 + ModelOptions.MAX_DRAFTS;

  /** What a guess is taken to cost until it is known. */
  private static final double UNKNOWN = 0.4;

  private final double[] nanos = new double[MOST_ROWS + 1];
  private double draftNanos;

  /** A decode pass with so many rows took so long. */
  synchronized void decoded(int rows, long time) {
    if (rows <= MOST_ROWS) {
      nanos[rows] = mean(nanos[rows], time);
    }
  }

  /** The next-token layer took so long for a guess. */
  synchronized void drafted(long time) {
    draftNanos = mean(draftNanos, time);
  }

  /**
   * What one of so many guesses costs, as part of a pass without guesses.
   *
   * @param guesses at least 1
   * @param layer whether the next-token layer makes them
   */
  synchronized double cost(int guesses, boolean layer) {
    double one = nanos[1];
    double all = guesses < MOST_ROWS ? nanos[1 + guesses] : 0;
    if (one == 0 || all == 0) {
      return UNKNOWN;
    }
    return ((all - one) / guesses + (layer ? draftNanos : 0)) / one;
  }

  private static double mean(double before, long time) {
    return before == 0 ? time : before + WEIGHT * (time - before);
  }
}
