package dev.hearth.inference.backend;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a row of logits. A session may compute less than all of them: what it leaves in
 * the places of others is undefined.
 *
 * @param allowed tokens whose logits are wanted: bit {@code id % 64} of element {@code id / 64},
 *     none beyond the vocabulary; null for all tokens. Not changed while a pass runs
 * @param greatest whether they are only searched for the greatest, of equals the one with the
 *     lowest id: then the others may be negative infinity
 */
@SuppressWarnings("ArrayRecordComponent") // read by one pass, never compared
public record Wanted(long @Nullable [] allowed, boolean greatest) {

  /** All logits. */
  public static final Wanted ALL = new Wanted(null, false);

  /** Whether the logit of a token is wanted that has an id of a range. */
  public boolean any(int from, int to) {
    if (allowed == null) {
      return true;
    }
    int last = Math.min((to - 1) >> 6, allowed.length - 1);
    for (int word = from >> 6; word <= last; word++) {
      if (bits(allowed[word], word, from, to) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Those bits of a word that belong to a range of ids. */
  private static long bits(long bits, int word, int from, int to) {
    long some = word == from >> 6 ? bits & -1L << from : bits;
    return word == (to - 1) >> 6 ? some & -1L >>> -to : some;
  }

  /** Copies a row, or at least what is wanted of it. */
  public void copy(float[] rows, int at, float[] target) {
    if (allowed == null) {
      System.arraycopy(rows, at, target, 0, target.length);
      return;
    }
    int from = 0;
    for (int word = 0; word <= allowed.length; word++) {
      if (word == allowed.length || allowed[word] == 0) {
        int to = Math.min(64 * word, target.length);
        if (to > from) {
          System.arraycopy(rows, at + from, target, from, to - from);
        }
        from = 64 * (word + 1);
      }
    }
  }

  /** As many rows with all logits. */
  static List<Wanted> all(int rows) {
    return Collections.nCopies(rows, ALL);
  }
}
