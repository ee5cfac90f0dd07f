package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.PagedSequence;
import java.util.List;

/** A sequence in the pages of a session on a device. */
final class TornadoSequence extends PagedSequence<TornadoPage> {

  private final TornadoSession session;

  /**
   * An empty sequence.
   *
   * @param capacity most tokens
   * @param hiddenWidth width of a hidden state, 0 where none is kept
   */
  TornadoSequence(TornadoSession session, int capacity, int hiddenWidth) {
    super(TornadoPage.class, Pass.PAGE, capacity, hiddenWidth);
    this.session = session;
  }

  /**
   * Makes room for the tokens up to a position, in pages that nobody else holds.
   *
   * @param copies learns what the pass must copy first
   */
  void reserve(int to, List<Copy> copies) {
    reserve(
        to,
        session::newPage,
        (shared, own, tokens) -> copies.add(new Copy(this, shared, own, tokens)));
  }

  /**
   * First tokens of a page to copy to another; it is held until that is {@link #done} or {@link
   * #failed}.
   */
  record Copy(TornadoSequence sequence, TornadoPage from, TornadoPage to, int tokens) {

    void done() {
      from.release();
    }

    /** The sequence goes on with the page as it was, for the copy has nothing in it. */
    void failed() {
      sequence.putBack(from, to);
    }
  }
}
