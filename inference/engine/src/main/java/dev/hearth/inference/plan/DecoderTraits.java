package dev.hearth.inference.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What distinguishes an architecture, one row each. Whether the head is tied is a property of the
 * file: a tied one has no {@code output.weight}.
 *
 * @param architecture {@code general.architecture}, also the prefix of its metadata keys
 * @param qkvBias whether query, key and value projections have a bias
 * @param headNorm whether each query and key head is normed before it is turned
 * @param nextToken whether a multi-token-prediction layer may follow the last layer, reading {@code
 *     [hidden ; embedding]} (MiMo's order)
 */
public record DecoderTraits(
    String architecture, Presence qkvBias, boolean headNorm, boolean nextToken) {

  /** Whether a part is there. */
  public enum Presence {
    /** Always. */
    ALWAYS,
    /** When the file has it. */
    OPTIONAL,
    /** Never. */
    NEVER
  }

  private static final List<DecoderTraits> ROWS =
      List.of(
          new DecoderTraits("qwen2", Presence.OPTIONAL, false, true),
          new DecoderTraits("qwen3", Presence.NEVER, true, false),
          new DecoderTraits("mimo", Presence.ALWAYS, false, true));

  /** The row of an architecture, if known. */
  public static Optional<DecoderTraits> of(String architecture) {
    return ROWS.stream().filter(row -> row.architecture.equals(architecture)).findFirst();
  }

  /** The known architectures, for messages. */
  public static String known() {
    return Arrays.toString(ROWS.stream().map(DecoderTraits::architecture).toArray());
  }
}
