package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.Session;

/** What the steps of one pass share: which tokens of which sequence, and how many rows are left. */
final class Run {

  CpuSequence sequence;
  int[] tokens = {};

  /** Index in {@link #tokens} of the first row's token. */
  int from;

  /** Position of the first row in the sequence. */
  int position;

  /** Rows of the pass. */
  int rows;

  /** Rows wanted at the end. */
  int kept;

  Run(CpuSequence sequence) {
    this.sequence = sequence;
  }

  void start(CpuSequence of, int[] ids, int first, int count, Session.Logits wanted) {
    sequence = of;
    tokens = ids;
    from = first;
    position = of.position();
    rows = count;
    kept =
        switch (wanted) {
          case NONE -> 0;
          case LAST -> 1;
          case ALL -> count;
        };
  }
}
