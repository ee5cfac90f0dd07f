package dev.hearth.inference.testing;

import dev.hearth.inference.gguf.GgufWriter;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A random model of the Qwen family in a GGUF file.
 *
 * @param architecture {@code qwen2}, or {@code qwen3} with a norm of every head
 * @param layers number of layers
 * @param hidden width of the residual
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param headDim width of a head
 * @param feedForward width of the gated unit
 * @param vocabulary number of token ids, 320 or more
 * @param type stored form of the matrices
 * @param tied whether the head is the embedding
 * @param bias whether query, key and value have one
 * @param nextToken whether there is a multi-token-prediction layer
 */
public record TinyModel(
    String architecture,
    int layers,
    int hidden,
    int heads,
    int kvHeads,
    int headDim,
    int feedForward,
    int vocabulary,
    WeightType type,
    boolean tied,
    boolean bias,
    boolean nextToken) {

  /** Context length of all tiny models. */
  public static final int CONTEXT = 512;

  /** Two layers, grouped heads, tied head, bias; as small as the type's blocks allow. */
  public static TinyModel ofType(WeightType type) {
    if (type.blockValues() > 64) {
      return new TinyModel("qwen2", 2, 256, 8, 2, 32, 512, 448, type, true, true, false);
    }
    return new TinyModel("qwen2", 2, 64, 4, 2, 16, 96, 448, type, true, true, false);
  }

  /** The same with another shape. */
  public TinyModel withHeads(int newHeads, int newKvHeads, int newHeadDim) {
    return new TinyModel(
        architecture,
        layers,
        hidden,
        newHeads,
        newKvHeads,
        newHeadDim,
        feedForward,
        vocabulary,
        type,
        tied,
        bias,
        nextToken);
  }

  /** The same with another number of layers. */
  public TinyModel withLayers(int newLayers) {
    return new TinyModel(
        architecture,
        newLayers,
        hidden,
        heads,
        kvHeads,
        headDim,
        feedForward,
        vocabulary,
        type,
        tied,
        bias,
        nextToken);
  }

  /** The same with an untied head and without bias. */
  public TinyModel untied() {
    return with(architecture, false, false, nextToken);
  }

  /** The same as Qwen3: heads are normed, no bias. */
  public TinyModel qwen3() {
    return with("qwen3", tied, false, false);
  }

  /** The same with a multi-token-prediction layer. */
  public TinyModel withNextToken() {
    return with(architecture, tied, bias, true);
  }

  private TinyModel with(
      String newArchitecture, boolean newTied, boolean newBias, boolean newNextToken) {
    return new TinyModel(
        newArchitecture,
        layers,
        hidden,
        heads,
        kvHeads,
        headDim,
        feedForward,
        vocabulary,
        type,
        newTied,
        newBias,
        newNextToken);
  }

  /** The same with widths that are no multiple of any vector; for types without blocks. */
  public TinyModel odd() {
    return new TinyModel(architecture, layers, 54, 3, 1, 18, 77, 401, type, tied, bias, nextToken);
  }

  /** Writes the file. */
  public Path write(Path path) {
    return write(path, writer());
  }

  /** Writes a file of a writer that was changed. */
  public static Path write(Path path, GgufWriter writer) {
    try {
      writer.write(path);
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }

  /** A writer with all metadata and tensors. */
  public GgufWriter writer() {
    GgufWriter writer = new GgufWriter();
    metadata(writer);
    tensors(writer);
    return writer;
  }

  private void metadata(GgufWriter writer) {
    writer.put("general.architecture", architecture);
    writer.put("general.name", "tiny");
    writer.put(architecture + ".block_count", layers);
    writer.put(architecture + ".context_length", CONTEXT);
    writer.put(architecture + ".embedding_length", hidden);
    writer.put(architecture + ".feed_forward_length", feedForward);
    writer.put(architecture + ".attention.head_count", heads);
    writer.put(architecture + ".attention.head_count_kv", kvHeads);
    writer.put(architecture + ".attention.key_length", headDim);
    writer.put(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f);
    writer.put(architecture + ".rope.freq_base", 10_000f);
    TinyVocabulary.put(writer, vocabulary);
  }

  private void tensors(GgufWriter writer) {
    matrix(writer, "token_embd.weight", hidden, vocabulary, 0.3);
    for (int layer = 0; layer < layers; layer++) {
      layer(writer, layer);
    }
    norm(writer, "output_norm.weight");
    if (!tied) {
      matrix(writer, "output.weight", hidden, vocabulary, 0.3);
    }
    if (nextToken) {
      String block = "blk." + layers + ".nextn.";
      norm(writer, block + "enorm.weight");
      norm(writer, block + "hnorm.weight");
      norm(writer, block + "shared_head_norm.weight");
      matrix(writer, block + "eh_proj.weight", 2 * hidden, hidden, 0.1);
      layer(writer, layers);
    }
  }

  private void layer(GgufWriter writer, int layer) {
    String block = "blk." + layer + ".";
    int query = heads * headDim;
    int kv = kvHeads * headDim;
    norm(writer, block + "attn_norm.weight");
    matrix(writer, block + "attn_q.weight", hidden, query, 0.2);
    matrix(writer, block + "attn_k.weight", hidden, kv, 0.2);
    matrix(writer, block + "attn_v.weight", hidden, kv, 0.2);
    if (bias) {
      vector(writer, block + "attn_q.bias", query, 0, 0.1);
      vector(writer, block + "attn_k.bias", kv, 0, 0.1);
      vector(writer, block + "attn_v.bias", kv, 0, 0.1);
    }
    if (architecture.equals("qwen3")) {
      norm(writer, block + "attn_q_norm.weight", headDim);
      norm(writer, block + "attn_k_norm.weight", headDim);
    }
    matrix(writer, block + "attn_output.weight", query, hidden, 0.1);
    norm(writer, block + "ffn_norm.weight");
    matrix(writer, block + "ffn_gate.weight", hidden, feedForward, 0.2);
    matrix(writer, block + "ffn_up.weight", hidden, feedForward, 0.2);
    matrix(writer, block + "ffn_down.weight", feedForward, hidden, 0.1);
  }

  private void matrix(GgufWriter writer, String name, int columns, int rows, double deviation) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    // Wider rows get smaller weights, so that scores and logits stay in the same range.
    double scaled = columns > 128 ? deviation * Math.sqrt(64.0 / columns) : deviation;
    writer.matrix(name, type, columns, rows, (row, target) -> fill(target, random, 0, scaled));
  }

  private static void norm(GgufWriter writer, String name, int width) {
    vector(writer, name, width, 1, 0.1);
  }

  private void norm(GgufWriter writer, String name) {
    norm(writer, name, hidden);
  }

  private static void vector(
      GgufWriter writer, String name, int width, double mean, double deviation) {
    float[] values = new float[width];
    fill(values, new SplittableRandom(name.hashCode()), mean, deviation);
    writer.vector(name, WeightType.F32, values);
  }

  private static void fill(float[] values, SplittableRandom random, double mean, double deviation) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
  }
}
