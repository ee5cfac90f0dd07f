package dev.hearth.inference.backend;

import java.util.List;

/**
 * The part that one sequence has in a pass.
 *
 * @param sequence whose tokens are run
 * @param tokens the tokens of the sequence by position; those that it holds already are not read
 * @param to position after the last token to run
 * @param wanted which logits of the last tokens are wanted, as many rows as there are elements;
 *     empty to fill the KV cache only
 */
@SuppressWarnings("ArrayRecordComponent") // read by one pass, never compared
public record Slice(Sequence sequence, int[] tokens, int to, List<Wanted> wanted) {

  /** Takes a copy. */
  public Slice {
    wanted = List.copyOf(wanted);
  }

  /** Wants all logits of so many tokens, counted from the last. */
  public Slice(Sequence sequence, int[] tokens, int to, int logits) {
    this(sequence, tokens, to, Wanted.all(logits));
  }

  /** How many tokens, counted from the last, want logits. */
  public int logits() {
    return wanted.size();
  }
}
