package dev.hearth.inference.backend;

/**
 * The part that one sequence has in a pass.
 *
 * @param sequence whose tokens are run
 * @param tokens the tokens of the sequence by position; those that it holds already are not read
 * @param to position after the last token to run
 * @param logits how many tokens, counted from the last, want their logits; 0 fills the KV cache
 *     only
 */
@SuppressWarnings("ArrayRecordComponent") // read by one pass, never compared
public record Slice(Sequence sequence, int[] tokens, int to, int logits) {}
