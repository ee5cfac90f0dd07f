package dev.hearth.inference.grammar;

/** The tokenizer's canonical encoding of ordinary text, special tokens not recognised. */
@FunctionalInterface
public interface TextEncoder {
  /**
   * Encodes text.
   *
   * @param text ordinary text
   * @return token ids in the order of the text
   */
  int[] encode(String text);
}
