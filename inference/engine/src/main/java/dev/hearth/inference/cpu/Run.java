package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.backend.Wanted;
import java.util.ArrayList;
import java.util.List;

/** What the steps of one pass share: which tokens of which sequences, and which rows are left. */
final class Run {

  /** The rows of one sequence. */
  static final class Part {

    final CpuSequence sequence;
    final int[] tokens;

    /** Index in {@link #tokens} of the first row's token. */
    final int from;

    /** Position of the first row in the sequence's cache. */
    final int position;

    /** Rows wanted at the end, counted from the last. */
    final int logits;

    /** First row of the pass and number of rows. */
    int first;

    int rows;

    Part(
        CpuSequence sequence,
        int[] tokens,
        int from,
        int position,
        int logits,
        int first,
        int rows) {
      this.sequence = sequence;
      this.tokens = tokens;
      this.from = from;
      this.position = position;
      this.logits = logits;
      this.first = first;
      this.rows = rows;
    }
  }

  final List<Part> parts = new ArrayList<>();

  /** What is wanted of the rows that are left at the end. */
  final List<Wanted> wanted = new ArrayList<>();

  /** Rows of all parts. */
  int rows;

  /** Whether the hidden state of every row is wanted, and not only of those that want logits. */
  boolean hidden;

  void start(boolean allHidden) {
    parts.clear();
    wanted.clear();
    rows = 0;
    hidden = allHidden;
  }

  /** Adds rows of a slice behind those of the others. */
  void add(Slice slice, int from, int position) {
    CpuSequence sequence = (CpuSequence) slice.sequence();
    int count = slice.to() - from;
    parts.add(new Part(sequence, slice.tokens(), from, position, slice.logits(), rows, count));
    wanted.addAll(slice.wanted());
    rows += count;
  }

  /** Whether a row wants the logit of a token of a range. */
  boolean wants(int from, int to) {
    for (Wanted row : wanted) {
      if (row.any(from, to)) {
        return true;
      }
    }
    return false;
  }
}
