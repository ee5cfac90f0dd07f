package dev.hearth.inference.backend;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * A KV cache that grows by pages, some of which it may share.
 *
 * <p>Where there is a next-token layer it also keeps the hidden states that this layer has not read
 * yet, on the host: rows of 32-bit floats, those of positions {@link #drafted} and following.
 *
 * @param <P> the session's pages
 */
public abstract class PagedSequence<P extends CountedPage> implements Sequence {

  /**
   * Copies the first tokens of a page to another, now or before the pass, and then lets the first
   * one go.
   *
   * @param <P> the session's pages
   */
  @FunctionalInterface
  public interface Copier<P> {

    /** Copies a number of tokens, in all layers. */
    void copy(P from, P to, int tokens);
  }

  private final Class<P> type;
  private final int pageTokens;
  private final int capacity;
  private final int hiddenWidth;
  private final List<P> pages = new ArrayList<>();
  private int position;
  private int drafted;
  private float[] hidden = {};
  private int hiddenRows;

  /**
   * An empty sequence.
   *
   * @param type of its pages
   * @param pageTokens tokens of a page
   * @param capacity most tokens
   * @param hiddenWidth width of a hidden state, 0 where none is kept
   */
  protected PagedSequence(Class<P> type, int pageTokens, int capacity, int hiddenWidth) {
    this.type = type;
    this.pageTokens = pageTokens;
    this.capacity = capacity;
    this.hiddenWidth = hiddenWidth;
  }

  @Override
  public final int position() {
    return position;
  }

  @Override
  public final int drafted() {
    return drafted;
  }

  @Override
  public final int capacity() {
    return capacity;
  }

  @Override
  public final void truncate(int to) {
    if (to < 0 || to > position) {
      throw new IllegalArgumentException(
          "cannot truncate to " + to + "; the sequence holds " + position + " tokens");
    }
    position = to;
    drafted = Math.min(drafted, to);
    hiddenRows = Math.max(0, Math.min(hiddenRows, to - drafted));
    int kept = Math.ceilDiv(to, pageTokens);
    while (pages.size() > kept) {
      pages.removeLast().release();
    }
  }

  @Override
  public final void append(KvPage page, int count) {
    if (position % pageTokens != 0) {
      throw new IllegalStateException(
          "a page cannot follow token " + position + ", which ends no page");
    }
    if (count < 1 || count > Math.min(pageTokens, capacity - position)) {
      throw new IllegalArgumentException(
          "cannot take " + count + " tokens of a page behind " + position + " of " + capacity);
    }
    P own = type.cast(page);
    own.retain();
    pages.add(own);
    position += count;
    drafted = hiddenWidth == 0 ? 0 : position;
    hiddenRows = 0;
  }

  @Override
  public final KvPage page(int at) {
    return pages.get(at / pageTokens);
  }

  @Override
  public final void clear() {
    truncate(0);
  }

  /** A page by its index. */
  public final P pageAt(int index) {
    return pages.get(index);
  }

  /** Number of its pages. */
  public final int pages() {
    return pages.size();
  }

  /**
   * Makes room for the tokens up to a position, in pages that nobody else holds.
   *
   * @param newPage a page with one holder
   * @param copier copies what it holds of a shared page, which is the copier's from then on
   */
  protected final void reserve(int to, Supplier<P> newPage, Copier<P> copier) {
    for (int i = position / pageTokens; i * pageTokens < to; i++) {
      if (i == pages.size()) {
        pages.add(newPage.get());
      } else if (pages.get(i).shared()) {
        P own = newPage.get();
        copier.copy(pages.set(i, own), own, position - i * pageTokens);
      }
    }
  }

  /** Takes a shared page back whose copy was not made: it has the tokens. */
  protected final void putBack(P shared, P own) {
    pages.set(pages.indexOf(own), shared);
    own.release();
  }

  /**
   * Moves the position on after a pass and keeps the hidden states if there is use for them.
   *
   * @param tokens that ran
   * @param states rows of hidden states
   * @param firstRow of this sequence
   */
  public final void ran(int tokens, MemorySegment states, int firstRow) {
    if (hiddenWidth > 0) {
      int needed = (hiddenRows + tokens) * hiddenWidth;
      if (hidden.length < needed) {
        hidden = Arrays.copyOf(hidden, Math.max(needed, 2 * hidden.length));
      }
      MemorySegment target = MemorySegment.ofArray(hidden);
      MemorySegment.copy(states, bytes(firstRow), target, bytes(hiddenRows), bytes(tokens));
      hiddenRows += tokens;
    }
    position += tokens;
  }

  /**
   * Copies the first hidden states that the next-token layer has not read to a row and following.
   */
  public final void hidden(int rows, MemorySegment target, int firstRow) {
    MemorySegment.copy(MemorySegment.ofArray(hidden), 0, target, bytes(firstRow), bytes(rows));
  }

  private long bytes(int rows) {
    return (long) rows * hiddenWidth * Float.BYTES;
  }

  /** Hidden states that the next-token layer has not read. */
  public final int hiddenRows() {
    return hiddenRows;
  }

  /** Forgets the hidden states that have been read. */
  public final void drafted(int rows) {
    drafted += rows;
    hiddenRows -= rows;
    System.arraycopy(hidden, rows * hiddenWidth, hidden, 0, hiddenRows * hiddenWidth);
  }
}
