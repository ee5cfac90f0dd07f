package dev.hearth.agent.language;

/**
 * What a name in an utterance can stand for. Each family has twenty one-character handles; every
 * one is a single Unicode number character, so that a tokenizer with the Qwen2 pre-tokenizer keeps
 * it a token of its own.
 */
public enum Family {
  /** An area; handles ① to ⑳. */
  AREA('\u2460'),
  /** A floor; handles ⒈ to ⒛. */
  FLOOR('\u2488'),
  /** One or several entities of the same name; handles ⑴ to ⒇. */
  NAME('\u2474');

  /** How many things of one family an utterance can point at. */
  public static final int HANDLES = 20;

  private final char first;

  Family(char first) {
    this.first = first;
  }

  /** The handle of the given index, 0 to {@value #HANDLES} - 1. */
  public String handle(int index) {
    if (index < 0 || index >= HANDLES) {
      throw new IllegalArgumentException("handle " + index + " is outside 0.." + (HANDLES - 1));
    }
    return String.valueOf((char) (first + index));
  }

  /** Whether the character is a handle of any family. */
  static boolean isHandle(int character) {
    return character >= AREA.first && character < FLOOR.first + HANDLES;
  }
}
