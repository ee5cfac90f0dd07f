package dev.hearth.inference.cpu;

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

  /** Rows of all parts. */
  int rows;

  /** Whether the hidden state of every row is wanted, and not only of those that want logits. */
  boolean hidden;

  void start(boolean allHidden) {
    parts.clear();
    rows = 0;
    hidden = allHidden;
  }

  /** Adds rows of a sequence behind those of the others. */
  void add(CpuSequence sequence, int[] tokens, int from, int position, int count, int logits) {
    parts.add(new Part(sequence, tokens, from, position, logits, rows, count));
    rows += count;
  }
}
