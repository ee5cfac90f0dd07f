package dev.hearth.inference;

/** Receives the text of a generation while it grows. */
@FunctionalInterface
public interface TokenListener {

  /** A listener that ignores everything. */
  TokenListener NONE = piece -> {};

  /**
   * Called on the generating thread with the next piece of text.
   *
   * @param piece never empty and always whole characters: bytes of a character that spans tokens
   *     are held back until it is complete
   */
  void onText(String piece);
}
