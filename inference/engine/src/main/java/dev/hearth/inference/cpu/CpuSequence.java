package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A KV cache that grows by pages, some of which it may share.
 *
 * <p>Where there is a next-token layer it also keeps the hidden states that this layer has not read
 * yet.
 */
final class CpuSequence implements Sequence {

  private final CpuPages source;
  private final int capacity;
  private final int hiddenWidth;
  private final List<CpuPage> pages = new ArrayList<>();
  private int position;
  private int drafted;

  /** Hidden states of positions {@link #drafted} and following. */
  private float[] hidden = {};

  private int hiddenRows;

  /**
   * An empty sequence.
   *
   * @param source of pages
   * @param capacity most tokens
   * @param hiddenWidth width of a hidden state, 0 where none is kept
   */
  CpuSequence(CpuPages source, int capacity, int hiddenWidth) {
    this.source = source;
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
    int kept = Math.ceilDiv(to, LayerPage.POSITIONS);
    while (pages.size() > kept) {
      pages.removeLast().release();
    }
  }

  @Override
  public void append(KvPage page, int count) {
    if (position % LayerPage.POSITIONS != 0) {
      throw new IllegalStateException(
          "a page cannot follow token " + position + ", which ends no page");
    }
    if (count < 1 || count > Math.min(LayerPage.POSITIONS, capacity - position)) {
      throw new IllegalArgumentException(
          "cannot take " + count + " tokens of a page behind " + position + " of " + capacity);
    }
    page.retain();
    pages.add((CpuPage) page);
    position += count;
    drafted = hiddenWidth == 0 ? 0 : position;
    hiddenRows = 0;
  }

  @Override
  public KvPage page(int at) {
    return pages.get(at / LayerPage.POSITIONS);
  }

  @Override
  public void clear() {
    truncate(0);
  }

  /** A page for reading, by its index. */
  CpuPage pageAt(int index) {
    return pages.get(index);
  }

  /** Makes room for the tokens up to a position, in pages that nobody else holds. */
  void reserve(int to) {
    for (int i = position / LayerPage.POSITIONS; i * LayerPage.POSITIONS < to; i++) {
      if (i == pages.size()) {
        pages.add(source.take());
      } else if (pages.get(i).shared()) {
        CpuPage own = source.take();
        own.copyFrom(pages.get(i));
        pages.set(i, own).release();
      }
    }
  }

  /** Moves the position on after a pass and keeps the hidden states if there is use for them. */
  void ran(int tokens, float[] states, int firstRow) {
    if (hiddenWidth > 0) {
      int needed = (hiddenRows + tokens) * hiddenWidth;
      if (hidden.length < needed) {
        hidden = Arrays.copyOf(hidden, Math.max(needed, 2 * hidden.length));
      }
      System.arraycopy(
          states, firstRow * hiddenWidth, hidden, hiddenRows * hiddenWidth, tokens * hiddenWidth);
      hiddenRows += tokens;
    }
    position += tokens;
  }

  /** Copies the first hidden states that the next-token layer has not read. */
  void hidden(int rows, float[] target, int firstRow) {
    System.arraycopy(hidden, 0, target, firstRow * hiddenWidth, rows * hiddenWidth);
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
}
