package dev.hearth.inference.plan;

/**
 * Tensor names of GGUF files, in one place. Those of the multi-token-prediction layer are
 * llama.cpp's {@code nextn} names; the layer's own block follows the last layer as {@code
 * blk.{layers}}.
 */
public final class TensorNames {

  /** Token embedding, vocabulary x hidden. */
  public static final String TOKEN_EMBEDDING = "token_embd.weight";

  /** Final norm. */
  public static final String OUTPUT_NORM = "output_norm.weight";

  /** Output head, vocabulary x hidden; absent when tied to the embedding. */
  public static final String OUTPUT = "output.weight";

  /** Norm before attention. */
  public static final String ATTENTION_NORM = "attn_norm.weight";

  /** Query projection; the bias ends in {@code .bias}. */
  public static final String QUERY = "attn_q";

  /** Key projection. */
  public static final String KEY = "attn_k";

  /** Value projection. */
  public static final String VALUE = "attn_v";

  /** Norm of each query head, as wide as a head. */
  public static final String QUERY_NORM = "attn_q_norm.weight";

  /** Norm of each key head. */
  public static final String KEY_NORM = "attn_k_norm.weight";

  /** Attention output projection. */
  public static final String ATTENTION_OUTPUT = "attn_output.weight";

  /** Norm before the feed-forward part. */
  public static final String FEED_FORWARD_NORM = "ffn_norm.weight";

  /** Gate projection. */
  public static final String GATE = "ffn_gate.weight";

  /** Up projection. */
  public static final String UP = "ffn_up.weight";

  /** Down projection. */
  public static final String DOWN = "ffn_down.weight";

  /** Projection of {@code [hidden ; embedding]} to hidden. */
  public static final String NEXT_PROJECTION = "nextn.eh_proj.weight";

  /** Norm of the next token's embedding. */
  public static final String NEXT_EMBEDDING_NORM = "nextn.enorm.weight";

  /** Norm of the trunk's hidden state. */
  public static final String NEXT_HIDDEN_NORM = "nextn.hnorm.weight";

  /** Final norm of the layer, before the shared head. */
  public static final String NEXT_OUTPUT_NORM = "nextn.shared_head_norm.weight";

  private TensorNames() {}

  /** The name of a layer's tensor. */
  public static String layer(int layer, String part) {
    return "blk." + layer + "." + part;
  }
}
