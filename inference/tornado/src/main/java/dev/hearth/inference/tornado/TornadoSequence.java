package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The pages of one sequence, in order. Where there is a next-token layer also the hidden states
 * that it has not read yet, on the host.
 */
final class TornadoSequence implements Sequence {

  private final TornadoSession session;
  private final int capacity;
  private final int hiddenWidth;
  private final List<TornadoPage> pages = new ArrayList<>();
  private int position;
  private int drafted;

  /** Hidden states of positions {@link #drafted} and following. */
  private float[] hidden = {};

  private int hiddenRows;

  /**
   * An empty sequence.
   *
   * @param capacity most tokens
   * @param hiddenWidth width of a hidden state, 0 where none is kept
   */
  TornadoSequence(TornadoSession session, int capacity, int hiddenWidth) {
    this.session = session;
    this.capacity = capacity;
    this.hiddenWidth = hiddenWidth;
  }

  @Override
  public int position() {
    return position;
  }

  @Override
  public int drafted() {
    return drafted;
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
    drafted = Math.min(drafted, to);
    hiddenRows = Math.max(0, Math.min(hiddenRows, to - drafted));
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
    drafted = hiddenWidth == 0 ? 0 : position;
    hiddenRows = 0;
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

  /** Keeps the hidden states of a pass's tokens, from a row on. */
  void keepHidden(int tokens, FloatArray states, int row) {
    int needed = (hiddenRows + tokens) * hiddenWidth;
    if (hidden.length < needed) {
      hidden = Arrays.copyOf(hidden, Math.max(needed, 2 * hidden.length));
    }
    long width = (long) hiddenWidth * Float.BYTES;
    MemorySegment.copy(
        states.getSegment(),
        row * width,
        MemorySegment.ofArray(hidden),
        hiddenRows * width,
        tokens * width);
    hiddenRows += tokens;
  }

  /** Puts the first hidden states that the next-token layer has not read where it reads them. */
  void putHidden(int rows, FloatArray states, int row) {
    long width = (long) hiddenWidth * Float.BYTES;
    MemorySegment.copy(
        MemorySegment.ofArray(hidden), 0, states.getSegment(), row * width, rows * width);
  }

  /** Hidden states that the next-token layer has not read. */
  int hiddenRows() {
    return hiddenRows;
  }

  /** Forgets the hidden states that have been read. */
  void drafted(int rows) {
    drafted += rows;
    hiddenRows -= rows;
    System.arraycopy(hidden, rows * hiddenWidth, hidden, 0, hiddenRows * hiddenWidth);
  }

  /** First tokens of a page to copy to another; it is held until that is done. */
  record Copy(TornadoPage from, TornadoPage to, int tokens) {}
}
