package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import java.util.ArrayList;
import java.util.List;

/** The pages of one sequence, in order. */
final class TornadoSequence implements Sequence {

  private final TornadoSession session;
  private final int capacity;
  private final List<TornadoPage> pages = new ArrayList<>();
  private int position;

  TornadoSequence(TornadoSession session, int capacity) {
    this.session = session;
    this.capacity = capacity;
  }

  @Override
  public int position() {
    return position;
  }

  @Override
  public int drafted() {
    return 0;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public void truncate(int to) {
    if (to < 0 || to > position) {
      throw new IllegalArgumentException(
          "cannot truncate to " + to + "; the sequence holds " + position + " tokens");
    }
    position = to;
    while (pages.size() > Math.ceilDiv(to, Pass.PAGE)) {
      pages.removeLast().release();
    }
  }

  @Override
  public void append(KvPage page, int count) {
    if (position % Pass.PAGE != 0) {
      throw new IllegalStateException(
          "a page cannot follow token " + position + ", which ends no page");
    }
    if (count < 1 || count > Math.min(Pass.PAGE, capacity - position)) {
      throw new IllegalArgumentException(
          "cannot take " + count + " tokens of a page behind " + position + " of " + capacity);
    }
    page.retain();
    pages.add((TornadoPage) page);
    position += count;
  }

  @Override
  public KvPage page(int at) {
    return pages.get(at / Pass.PAGE);
  }

  @Override
  public void clear() {
    truncate(0);
  }

  /** Its pages by place in the cache. */
  List<TornadoPage> pages() {
    return pages;
  }

  /**
   * Makes room for the tokens up to a position, in pages that nobody else holds.
   *
   * @param copies learns what the pass must copy first
   */
  void reserve(int to, List<Copy> copies) {
    for (int i = position / Pass.PAGE; i * Pass.PAGE < to; i++) {
      if (i == pages.size()) {
        pages.add(session.newPage());
      } else if (pages.get(i).shared()) {
        TornadoPage own = session.newPage();
        copies.add(new Copy(pages.set(i, own), own, position - i * Pass.PAGE));
      }
    }
  }

  /** Moves on after a pass. */
  void ran(int tokens) {
    position += tokens;
  }

  /** First tokens of a page to copy to another; it is held until that is done. */
  record Copy(TornadoPage from, TornadoPage to, int tokens) {}
}
