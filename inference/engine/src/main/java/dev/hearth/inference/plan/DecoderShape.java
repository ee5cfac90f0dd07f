package dev.hearth.inference.plan;

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

  /** Width of all query heads. */
  public int queryWidth() {
    return heads * headDim;
  }

  /** Width of all key heads, and of all value heads. */
  public int kvWidth() {
    return kvHeads * headDim;
  }
}
