package dev.hearth.inference.benchmarks;

import dev.hearth.inference.gguf.GgufWriter;
import dev.hearth.inference.tokenizer.ByteSymbols;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A random model of the Qwen2 family: speed does not depend on what the weights say.
 *
 * @param layers number of layers
 * @param hidden width of the residual
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param headDim width of a head
 * @param feedForward width of the gated unit
 * @param vocabulary number of token ids
 * @param tied whether the head is the embedding
 */
public record SyntheticModel(
    int layers,
    int hidden,
    int heads,
    int kvHeads,
    int headDim,
    int feedForward,
    int vocabulary,
    boolean tied) {

  private static final int CONTEXT = 4096;

  /**
   * A shape by name.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static SyntheticModel named(String name) {
    return switch (name) {
      case "home" -> new SyntheticModel(6, 192, 6, 2, 32, 512, 4096, true);
      case "small" -> new SyntheticModel(8, 384, 6, 2, 64, 1024, 8192, false);
      case "half-billion" -> new SyntheticModel(24, 896, 14, 2, 64, 4864, 151_936, true);
      case "one-and-a-half-billion" ->
          new SyntheticModel(28, 1536, 12, 2, 128, 8960, 151_936, true);
      default ->
          throw new IllegalArgumentException(
              "shape "
                  + name
                  + " is unknown; give home, small, half-billion or one-and-a-half-billion");
    };
  }

  /**
   * Writes the model.
   *
   * @param path the GGUF file
   * @param type stored form of the matrices
   * @throws IOException if it cannot be written
   */
  public void write(Path path, WeightType type) throws IOException {
    writer(type).write(path);
  }

  /**
   * Writes the model with a next-token layer, named as imported MiMo models have it.
   *
   * @throws IOException if it cannot be written
   */
  public void writeWithNextToken(Path path, WeightType type) throws IOException {
    GgufWriter writer = writer(type);
    String block = "blk." + layers + ".nextn.";
    vector(writer, block + "enorm.weight", hidden, 1);
    vector(writer, block + "hnorm.weight", hidden, 1);
    vector(writer, block + "shared_head_norm.weight", hidden, 1);
    matrix(writer, block + "eh_proj.weight", type, 2 * hidden, hidden);
    layer(writer, layers, type);
    writer.write(path);
  }

  private GgufWriter writer(WeightType type) {
    GgufWriter writer = new GgufWriter();
    metadata(writer);
    matrix(writer, "token_embd.weight", type, hidden, vocabulary);
    for (int layer = 0; layer < layers; layer++) {
      layer(writer, layer, type);
    }
    vector(writer, "output_norm.weight", hidden, 1);
    if (!tied) {
      matrix(writer, "output.weight", type, hidden, vocabulary);
    }
    return writer;
  }

  private void layer(GgufWriter writer, int layer, WeightType type) {
    String block = "blk." + layer + ".";
    vector(writer, block + "attn_norm.weight", hidden, 1);
    matrix(writer, block + "attn_q.weight", type, hidden, heads * headDim);
    matrix(writer, block + "attn_k.weight", type, hidden, kvHeads * headDim);
    matrix(writer, block + "attn_v.weight", type, hidden, kvHeads * headDim);
    vector(writer, block + "attn_q.bias", heads * headDim, 0);
    vector(writer, block + "attn_k.bias", kvHeads * headDim, 0);
    vector(writer, block + "attn_v.bias", kvHeads * headDim, 0);
    matrix(writer, block + "attn_output.weight", type, heads * headDim, hidden);
    vector(writer, block + "ffn_norm.weight", hidden, 1);
    matrix(writer, block + "ffn_gate.weight", type, hidden, feedForward);
    matrix(writer, block + "ffn_up.weight", type, hidden, feedForward);
    matrix(writer, block + "ffn_down.weight", type, feedForward, hidden);
  }

  private void metadata(GgufWriter writer) {
    writer.put("general.architecture", "qwen2");
    writer.put("general.name", "synthetic");
    writer.put("qwen2.block_count", layers);
    writer.put("qwen2.context_length", CONTEXT);
    writer.put("qwen2.embedding_length", hidden);
    writer.put("qwen2.feed_forward_length", feedForward);
    writer.put("qwen2.attention.head_count", heads);
    writer.put("qwen2.attention.head_count_kv", kvHeads);
    writer.put("qwen2.attention.key_length", headDim);
    writer.put("qwen2.attention.layer_norm_rms_epsilon", 1e-5f);
    writer.put("qwen2.rope.freq_base", 640_000f);
    String[] tokens = new String[vocabulary];
    for (int id = 0; id < vocabulary; id++) {
      tokens[id] = id < 256 ? String.valueOf(ByteSymbols.symbol(id)) : letters(id);
    }
    writer.put("tokenizer.ggml.model", "gpt2");
    writer.put("tokenizer.ggml.pre", "qwen2");
    writer.put("tokenizer.ggml.tokens", tokens);
    writer.put("tokenizer.ggml.merges", new String[0]);
  }

  /** Two letters or more, so that no token is a single byte again. */
  private static String letters(int id) {
    return "t" + Integer.toString(id, 36);
  }

  private static void matrix(
      GgufWriter writer, String name, WeightType type, int columns, int rows) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    float scale = (float) (1 / Math.sqrt(columns));
    writer.matrix(
        name,
        type,
        columns,
        rows,
        (row, target) -> {
          for (int i = 0; i < target.length; i++) {
            target[i] = (random.nextFloat() * 2 - 1) * scale;
          }
        });
  }

  private static void vector(GgufWriter writer, String name, int width, float value) {
    float[] values = new float[width];
    Arrays.fill(values, value);
    writer.vector(name, WeightType.F32, values);
  }
}
