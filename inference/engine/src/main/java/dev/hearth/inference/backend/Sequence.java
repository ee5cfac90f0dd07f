package dev.hearth.inference.backend;

/** The keys and values of a row of tokens. For one thread at a time. */
public interface Sequence {

  /** Number of tokens held. */
  int position();

  /**
   * Number of positions that the next-token layer has read: at most one less than {@link
   * #position()} after it has run, 0 where there is none.
   */
  int drafted();

  /** Most tokens it can hold. */
  int capacity();

  /**
   * Forgets the tokens from a position on.
   *
   * @param position 0 to the present position
   */
  void truncate(int position);

  /**
   * Goes on with the first tokens of a page, which it holds from now on.
   *
   * @param page of the same session
   * @param count 1 to the page's tokens; all of them unless it is the last page appended
   * @throws IllegalStateException if the position is not the end of a page
   */
  void append(KvPage page, int count);

  /** The page that holds the token at a position; to keep it, hold it. */
  KvPage page(int position);

  /** Forgets everything and lets go of its pages. */
  void clear();
}
