package dev.hearth.inference.tokenizer;

import java.util.Arrays;

/**
 * Merges by pair of tokens: an open-addressing table of longs. A value holds the merge's rank in
 * its upper and the merged token in its lower half.
 */
final class MergeTable {

  /** No such merge. */
  static final long NONE = -1;

  private final long[] keys;
  private final long[] values;
  private final int mask;

  MergeTable(int expected) {
    int capacity = Integer.highestOneBit(Math.max(8, expected) * 2) * 2;
    keys = new long[capacity];
    values = new long[capacity];
    mask = capacity - 1;
    Arrays.fill(values, NONE);
  }

  /** Adds a merge; the first one of a pair stays. */
  void put(int left, int right, int rank, int merged) {
    long key = key(left, right);
    int at = find(key);
    if (values[at] == NONE) {
      keys[at] = key;
      values[at] = ((long) rank << 32) | merged;
    }
  }

  /** Rank and merged token of a pair, or {@link #NONE}. */
  long get(int left, int right) {
    return values[find(key(left, right))];
  }

  private int find(long key) {
    long hash = key * 0x9E3779B97F4A7C15L;
    int at = (int) (hash >>> 32) & mask;
    while (values[at] != NONE && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | right;
  }
}
