package dev.hearth.inference.backend;

/** The keys and values of a row of tokens. For one thread at a time. */
public interface Sequence {

  /** Number of tokens held. */
  int position();

  /** Most tokens it can hold. */
  int capacity();

  /**
   * Forgets the tokens from a position on; the memory stays.
   *
   * @param position 0 to the present position
   */
  void truncate(int position);

  /**
   * Becomes a copy of the first tokens of another sequence of the same session.
   *
   * @param other the sequence to copy from
   * @param length 0 to the other's position
   */
  void copyFrom(Sequence other, int length);

  /** Forgets everything and gives the memory back. */
  void clear();
}
