package dev.hearth.inference.plan;

import dev.hearth.inference.KvType;

/**
 * The sizes of a decoder.
 *
 * @param layers number of layers
 * @param hidden width of the residual
 * @param heads number of query heads
 * @param kvHeads number of key and value heads; divides {@code heads}
 * @param headDim width of a head, even
 * @param feedForward width of the gated unit
 * @param vocabulary number of logits
 * @param contextLength most positions
 * @param epsilon of the RMS norms
 * @param ropeBase theta of the rotary embedding
 */
public record DecoderShape(
    int layers,
    int hidden,
    int heads,
    int kvHeads,
    int headDim,
    int feedForward,
    int vocabulary,
    int contextLength,
    float epsilon,
    double ropeBase) {

  /** A KV cache of a whole context up to this size is kept in single precision. */
  private static final long SINGLE_KV_BYTES = 128L << 20;

  /** How the KV cache is stored where nobody says. */
  public KvType defaultKv() {
    long values = 2L * layers * kvWidth() * contextLength;
    return values * Float.BYTES > SINGLE_KV_BYTES ? KvType.F16 : KvType.F32;
  }

  /** Width of all query heads. */
  public int queryWidth() {
    return heads * headDim;
  }

  /** Width of all key heads, and of all value heads. */
  public int kvWidth() {
    return kvHeads * headDim;
  }
}
