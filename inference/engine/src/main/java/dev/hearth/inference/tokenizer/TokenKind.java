package dev.hearth.inference.tokenizer;

/** Kinds of tokens; the number is GGUF's {@code tokenizer.ggml.token_type}. */
public enum TokenKind {
  /** Text. */
  NORMAL(1),
  /** Stands for what the vocabulary lacks; unused by byte-level vocabularies. */
  UNKNOWN(2),
  /** Steers the conversation, never text. */
  CONTROL(3),
  /** An added token that is text, such as {@code <tool_call>}. */
  USER_DEFINED(4),
  /** An id without meaning. */
  UNUSED(5),
  /** A raw byte of other tokenizers; unused by byte-level vocabularies. */
  BYTE(6);

  private final int ggufId;

  TokenKind(int ggufId) {
    this.ggufId = ggufId;
  }

  /** The kind's number in GGUF files. */
  public int ggufId() {
    return ggufId;
  }

  /** The kind of a number; UNUSED for a number that is none. */
  static TokenKind of(long ggufId) {
    return ggufId >= 1 && ggufId <= values().length ? values()[(int) ggufId - 1] : UNUSED;
  }
}
