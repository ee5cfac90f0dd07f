package dev.hearth.inference.generate;

import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A few sequences with what they hold, so that a prompt that begins like an earlier one runs only
 * what differs. For one thread at a time.
 */
final class PrefixCache {

  /** A tail worth keeping: a longer one is left where it is and the common start copied. */
  private static final int WORTH_KEEPING = 32;

  /** A sequence and its tokens. */
  static final class Entry {
    final Sequence sequence;
    private int[] tokens = new int[256];
    private long used;

    Entry(Sequence sequence) {
      this.sequence = sequence;
    }

    /** Notes tokens that have been run. */
    void ran(int[] ids, int from, int to) {
      int count = to - from;
      int start = sequence.position() - count;
      if (tokens.length < sequence.position()) {
        tokens = Arrays.copyOf(tokens, Math.max(2 * tokens.length, sequence.position()));
      }
      System.arraycopy(ids, from, tokens, start, count);
    }

    private int common(int[] prompt) {
      int most = Math.min(sequence.position(), prompt.length);
      int mismatch = Arrays.mismatch(tokens, 0, most, prompt, 0, most);
      return mismatch < 0 ? most : mismatch;
    }

    private void copyFrom(Entry other, int length) {
      sequence.copyFrom(other.sequence, length);
      if (tokens.length < length) {
        tokens = new int[2 * length];
      }
      System.arraycopy(other.tokens, 0, tokens, 0, length);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private long clock;

  PrefixCache(Session session, int size) {
    for (int i = 0; i < size; i++) {
      entries.add(new Entry(session.newSequence()));
    }
  }

  /**
   * A sequence that holds as much of a prompt's start as any does, but not its last token, which
   * must be run for its logits.
   */
  Entry take(int[] prompt) {
    Entry best = entries.getFirst();
    int common = -1;
    for (Entry entry : entries) {
      int length = Math.min(entry.common(prompt), prompt.length - 1);
      if (length > common || (length == common && entry.used < best.used)) {
        best = entry;
        common = length;
      }
    }
    Entry taken = best;
    if (best.sequence.position() - common >= WORTH_KEEPING && entries.size() > 1) {
      Entry source = best;
      taken =
          entries.stream()
              .filter(entry -> entry != source)
              .min(Comparator.comparingLong(entry -> entry.used))
              .orElse(best);
      taken.copyFrom(best, common);
      source.used = ++clock;
    } else {
      best.sequence.truncate(common);
    }
    taken.used = ++clock;
    return taken;
  }

  /** Forgets a sequence whose contents are not known to be sound. */
  static void discard(Entry entry) {
    entry.sequence.truncate(0);
  }
}
