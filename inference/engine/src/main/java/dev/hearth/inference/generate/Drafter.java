package dev.hearth.inference.generate;

/**
 * Whether guessing ahead pays: guesses that are mostly wrong cost more than they save, so after
 * some of them only every sixteenth chance is taken until they are right again. Safe for several
 * threads; a lost update does no harm.
 */
final class Drafter {

  private static final double WORTH = 0.4;
  private static final double WEIGHT = 0.1;
  private static final int PROBE = 16;

  private volatile double rate = 1;
  private volatile int skipped;

  /** Whether to guess this time. */
  boolean worth() {
    if (rate >= WORTH) {
      return true;
    }
    int count = skipped + 1;
    skipped = count % PROBE;
    return count >= PROBE;
  }

  /** What became of the guesses. */
  void checked(int guessed, int right) {
    double before = rate;
    rate = before + WEIGHT * ((double) right / guessed - before);
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
