package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.Wanted;
import dev.hearth.inference.plan.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What a pass computes of its logits, and what comes back of them: those of a list of tokens, where
 * only few are allowed; else all, of which the device finds the greatest where no more is wanted.
 *
 * <p>The device looks listed rows of the head up as it does those of an embedding, so that there
 * need be no products with listed rows for each type of weight.
 */
final class Head {

  /** Most tokens of a list; where rows want different ones, all are on it. */
  static final int MOST_LISTED = 256;

  /** Most rows whose greatest logits are found on the device: guesses and their verification. */
  static final int MOST_GREATEST = Pass.TILE;

  /** Stretches of the vocabulary, each with a greatest logit of its own. */
  static final int STRETCHES = 64;

  /** Ids travel as floats, which are exact up to here. */
  private static final int MOST_IDS = 1 << 24;

  private final int vocabulary;
  private final int words;
  private final IntArray list = new IntArray(Pass.TOKENS + MOST_LISTED);
  private final IntArray masks;
  private final FloatArray looked;
  private final FloatArray listed = new FloatArray(Pass.MAX_ROWS * MOST_LISTED);
  private final FloatArray greatest = new FloatArray(2 * STRETCHES * MOST_GREATEST);
  private float[] logits = {};

  Head(Weight weight) {
    vocabulary = weight.rows();
    words = Math.ceilDiv(vocabulary, Integer.SIZE);
    masks = new IntArray(MOST_GREATEST * words);
    looked = HostMemory.floats(Math.multiplyExact(MOST_LISTED, weight.columns()));
    list.init(0);
    masks.init(0);
    listed.init(0);
    greatest.init(0);
  }

  /** Bytes on the device. */
  static long bytes(Weight weight) {
    long masks = (long) MOST_GREATEST * (weight.rows() / Integer.SIZE + 1 + 2L * STRETCHES);
    return Float.BYTES * (masks + (long) MOST_LISTED * (weight.columns() + Pass.MAX_ROWS + 1));
  }

  int vocabulary() {
    return vocabulary;
  }

  /** The list of tokens, where a {@link Pass} has those to look up; goes there before a pass. */
  IntArray list() {
    return list;
  }

  /** The allowed tokens of {@link #MOST_GREATEST} rows; goes there before a pass. */
  IntArray masks() {
    return masks;
  }

  /** The head's rows of the listed tokens. */
  FloatArray looked() {
    return looked;
  }

  /** Logits of the listed tokens, {@link #MOST_LISTED} a row. */
  FloatArray listed() {
    return listed;
  }

  /** For each row and stretch the greatest logit and its token's id. */
  FloatArray greatest() {
    return greatest;
  }

  /** What stays on the device. */
  List<FloatArray> kept() {
    return List.of(looked, listed, greatest);
  }

  /** Writes what a pass is to compute. */
  void want(List<Wanted> rows, IntArray pass) {
    BitSet union = new BitSet();
    boolean mayList = !rows.isEmpty();
    boolean mayFind = !rows.isEmpty() && rows.size() <= MOST_GREATEST && vocabulary <= MOST_IDS;
    for (Wanted row : rows) {
      long[] allowed = row.allowed();
      mayList &= allowed != null;
      mayFind &= allowed != null && row.greatest();
      if (mayList && allowed != null) {
        union.or(BitSet.valueOf(allowed));
        mayList = union.cardinality() <= MOST_LISTED;
      }
    }
    int count = mayList ? union.cardinality() : 0;
    int at = Pass.TOKENS;
    for (int id = union.nextSetBit(0); count > 0 && id >= 0; id = union.nextSetBit(id + 1)) {
      list.set(at++, id);
    }
    pass.set(Pass.LISTED, count);
    pass.set(Pass.FULL, mayList ? 0 : rows.size());
    pass.set(Pass.GREATEST, mayFind && !mayList ? rows.size() : 0);
    for (int row = 0; row < pass.get(Pass.GREATEST); row++) {
      long[] allowed = rows.get(row).allowed();
      for (int word = 0; word < words && allowed != null; word++) {
        long bits = word / 2 < allowed.length ? allowed[word / 2] : 0;
        masks.set(row * words + word, (int) (word % 2 == 0 ? bits : bits >>> Integer.SIZE));
      }
    }
  }

  /**
   * Reads what is wanted of the pass that ran last.
   *
   * @param all the logits' rows
   * @return rows of vocabulary width
   */
  float[] read(TornadoExecutionResult ran, FloatArray all, IntArray pass) {
    int rows = pass.get(Pass.LOGITS);
    if (logits.length < rows * vocabulary) {
      logits = new float[Math.multiplyExact(rows, vocabulary)];
    }
    if (pass.get(Pass.GREATEST) > 0) {
      ran.transferToHost(new DataRange(greatest).withSize(2L * STRETCHES * rows));
      for (int row = 0; row < rows; row++) {
        putGreatest(row);
      }
    } else if (pass.get(Pass.LISTED) > 0) {
      ran.transferToHost(new DataRange(listed).withSize((long) rows * MOST_LISTED));
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < pass.get(Pass.LISTED); i++) {
          int id = list.get(Pass.TOKENS + i);
          logits[row * vocabulary + id] = listed.get(row * MOST_LISTED + i);
        }
      }
    } else if (pass.get(Pass.FULL) > 0) {
      int count = rows * vocabulary;
      ran.transferToHost(new DataRange(all).withSize(count));
      MemorySegment.copy(all.getSegment(), ValueLayout.JAVA_FLOAT, 0, logits, 0, count);
    }
    return logits;
  }

  /** The greatest logit of a row; the others lie below. */
  private void putGreatest(int row) {
    int from = row * vocabulary;
    Arrays.fill(logits, from, from + vocabulary, Float.NEGATIVE_INFINITY);
    int best = best(row);
    if (best >= 0) {
      logits[from + (int) greatest.get(best + 1)] = greatest.get(best);
    }
  }

  /**
   * Where the greatest logit of a row is among {@link #greatest}, of equals the one with the lowest
   * id, or -1 for none.
   */
  int best(int row) {
    int best = -1;
    for (int stretch = 0; stretch < STRETCHES; stretch++) {
      int at = 2 * (row * STRETCHES + stretch);
      float value = greatest.get(at);
      float id = greatest.get(at + 1);
      if (id >= 0
          && (best < 0
              || value > greatest.get(best)
              || (value == greatest.get(best) && id < greatest.get(best + 1)))) {
        best = at;
      }
    }
    return best;
  }
}
