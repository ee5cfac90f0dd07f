package dev.hearth.inference.tokenizer;

import java.util.PriorityQueue;

/**
 * Merges the bytes of one piece, always the pair of lowest rank first and of equals the leftmost.
 *
 * <p>Candidates wait in a heap, so a piece of n bytes takes O(n log n) steps: a run of a million
 * letters is no hang. A candidate is stale when its left token has changed since; its recorded pair
 * tells.
 */
final class BpeMerger {

  private record Candidate(long merge, int left, int leftToken, int rightToken)
      implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int byRank = Long.compare(merge >>> 32, other.merge >>> 32);
      return byRank != 0 ? byRank : Integer.compare(left, other.left);
    }
  }

  private final MergeTable merges;
  private final int[] tokens;
  private final int[] next;
  private final int[] previous;
  private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();

  private BpeMerger(MergeTable merges, byte[] piece, int[] byteTokens) {
    this.merges = merges;
    int length = piece.length;
    tokens = new int[length];
    next = new int[length];
    previous = new int[length];
    for (int i = 0; i < length; i++) {
      tokens[i] = byteTokens[piece[i] & 0xFF];
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    for (int i = 0; i + 1 < length; i++) {
      offer(i);
    }
  }

  static int[] merge(MergeTable merges, byte[] piece, int[] byteTokens) {
    return new BpeMerger(merges, piece, byteTokens).run();
  }

  private int[] run() {
    int remaining = tokens.length;
    for (Candidate best = candidates.poll(); best != null; best = candidates.poll()) {
      int left = best.left;
      int right = next[left];
      if (tokens[left] != best.leftToken
          || right >= tokens.length
          || tokens[right] != best.rightToken) {
        continue;
      }
      tokens[left] = (int) best.merge;
      tokens[right] = -1;
      next[left] = next[right];
      if (next[left] < tokens.length) {
        previous[next[left]] = left;
        offer(left);
      }
      if (previous[left] >= 0) {
        offer(previous[left]);
      }
      remaining--;
    }
    int[] result = new int[remaining];
    int count = 0;
    for (int i = 0; i < tokens.length; i = next[i]) {
      result[count++] = tokens[i];
    }
    return result;
  }

  private void offer(int left) {
    int right = next[left];
    long merge = merges.get(tokens[left], tokens[right]);
    if (merge != MergeTable.NONE) {
      candidates.add(new Candidate(merge, left, tokens[left], tokens[right]));
    }
  }
}
