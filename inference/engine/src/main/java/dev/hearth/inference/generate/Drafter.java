package dev.hearth.inference.generate;

/**
 * Whether guessing ahead pays: guesses that are right too rarely cost more than they save, so then
 * only every sixteenth chance is taken, to see whether they are right again. Where guessing pays
 * every thirty-second chance is left out, so that it stays known what a pass takes without. Safe
 * for several threads; a lost update does no harm.
 */
final class Drafter {

  private static final double WEIGHT = 0.1;
  private static final int PROBE = 16;
  private static final int REST = 32;

  private volatile double rate = 1;
  private volatile int chances;

  /**
   * Whether to guess this time.
   *
   * @param cost of a guess, as part of a pass without
   */
  boolean worth(double cost) {
    int chance = chances + 1;
    chances = chance;
    return rate > cost ? chance % REST != 0 : chance % PROBE == 0;
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
