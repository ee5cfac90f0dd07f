package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.PagedSequence;

/** A sequence in the pages of a session on the processor. */
final class CpuSequence extends PagedSequence<CpuPage> {

  private final CpuPages source;

  /**
   * An empty sequence.
   *
   * @param source of pages
   * @param capacity most tokens
   * @param hiddenWidth width of a hidden state, 0 where none is kept
   */
  CpuSequence(CpuPages source, int capacity, int hiddenWidth) {
    super(CpuPage.class, LayerPage.POSITIONS, capacity, hiddenWidth);
    this.source = source;
  }

  /** Makes room for the tokens up to a position, in pages that nobody else holds. */
  void reserve(int to) {
    reserve(
        to,
        source::take,
        (shared, own, _) -> {
          own.copyFrom(shared);
          shared.release();
        });
  }
}
