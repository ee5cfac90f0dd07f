package dev.hearth.inference.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation over all current rows (tokens). Shapes are rows x width; every operation works row
 * by row except {@link Attend}, which also reads the KV cache, and {@link KeepRows}.
 */
public sealed interface Op {

  /**
   * Row of the table for each token.
   *
   * @param table vocabulary x hidden
   * @param out hidden
   */
  record Embed(Weight table, Slot out) implements Op {}

  /**
   * {@code out = in / sqrt(mean(in²) + epsilon) * gain} (Zhang and Sennrich, 2019). Where {@code
   * in} is several times as wide as the gain, each part is normed by itself: that is Qwen3's norm
   * of query and key heads.
   *
   * @param in width of the gain, or a multiple
   * @param gain vector
   * @param epsilon added to the mean square
   * @param out as wide as {@code in}
   */
  record RmsNorm(Slot in, Weight gain, float epsilon, Slot out) implements Op {}

  /**
   * {@code out = weight · in + bias}.
   *
   * @param in as wide as the weight has columns
   * @param weight outputs x inputs
   * @param bias vector of outputs, or none
   * @param out as wide as the weight has rows
   */
  record MatMul(Slot in, Weight weight, @Nullable Weight bias, Slot out) implements Op {}

  /**
   * Rotary position embedding in place, pairing value i of a head with value i + headDim / 2 (the
   * NEOX style; Su et al., 2021).
   *
   * @param slot heads x headDim wide
   * @param heads number of heads
   * @param headDim width of a head, even
   * @param base theta; the angle of pair i at position p is {@code p * base^(-2i/headDim)}
   */
  record Rope(Slot slot, int heads, int headDim, double base) implements Op {}

  /**
   * Appends keys and values to a layer's cache, then causal scaled dot-product attention with
   * grouped heads: query head h reads KV head {@code h / (heads / kvHeads)}.
   *
   * @param layer index of the cache
   * @param query heads x headDim wide
   * @param key kvHeads x headDim wide
   * @param value kvHeads x headDim wide
   * @param out heads x headDim wide
   * @param heads number of query heads
   * @param kvHeads number of KV heads
   * @param headDim width of a head
   */
  record Attend(
      int layer, Slot query, Slot key, Slot value, Slot out, int heads, int kvHeads, int headDim)
      implements Op {}

  /**
   * {@code out = silu(gate) * up}, {@code silu(x) = x / (1 + e^-x)} (SwiGLU; Shazeer, 2020).
   *
   * @param gate feed-forward width
   * @param up as wide
   * @param out as wide; may be {@code gate}
   */
  record GatedUnit(Slot gate, Slot up, Slot out) implements Op {}

  /**
   * The residual connection: {@code target += in}.
   *
   * @param in hidden
   * @param target hidden
   */
  record Add(Slot in, Slot target) implements Op {}

  /**
   * Drops rows that nobody asked for; what follows runs on the rest. Prefill wants the last row's
   * logits only, so the head runs once and not n times, and so does the last feed-forward part
   * unless the hidden states of all rows are wanted (for the next-token layer).
   *
   * @param rows which rows stay
   * @param slots the slots that are read afterwards
   */
  record KeepRows(Rows rows, List<Slot> slots) implements Op {

    /** Which rows stay. */
    public enum Rows {
      /** Those whose hidden state is wanted. */
      HIDDEN,
      /** Those whose logits are wanted. */
      LOGITS
    }

    /** Takes a copy. */
    public KeepRows {
      slots = List.copyOf(slots);
    }
  }

  /**
   * Puts two rows side by side.
   *
   * @param first first part
   * @param second second part
   * @param out as wide as both
   */
  record Join(Slot first, Slot second, Slot out) implements Op {}
}
