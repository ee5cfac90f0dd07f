package dev.hearth.inference.plan;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A decoder as a list of operations.
 *
 * @param shape its sizes
 * @param ops from token ids to {@link #logits}
 * @param nextToken the multi-token-prediction layer, from {@link #residual} and the next token's id
 *     to {@link #logits}; empty when the file has none
 * @param residual the last layer's output before the final norm
 * @param logits the result, vocabulary wide
 */
public record DecoderPlan(
    DecoderShape shape, List<Op> ops, List<Op> nextToken, Slot residual, Slot logits) {

  /** Takes copies. */
  public DecoderPlan {
    ops = List.copyOf(ops);
    nextToken = List.copyOf(nextToken);
  }

  /** This plan without its multi-token-prediction layer. */
  public DecoderPlan withoutNextToken() {
    return new DecoderPlan(shape, ops, List.of(), residual, logits);
  }

  /** One operation a line, for golden files and reading. */
  public String describe() {
    return lines("decoder", ops) + (nextToken.isEmpty() ? "" : lines("next token", nextToken));
  }

  private static String lines(String title, List<Op> ops) {
    return ops.stream()
        .map(op -> "  " + op + "\n")
        .collect(Collectors.joining("", title + "\n", ""));
  }
}
