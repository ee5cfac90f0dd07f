package dev.hearth.inference.testing;

import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.gguf.GgufTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The forward pass of the Qwen2 and Qwen3 decoders in double precision, written from its definition
 * and apart from the engine: no plan, no slots, no cache, one token after another in plain loops.
 */
public final class ReferenceDecoder {

  private final GgufFile file;
  private final Map<String, double[][]> matrices = new HashMap<>();
  private final int layers;
  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final double epsilon;
  private final double base;

  public ReferenceDecoder(GgufFile file) {
    this.file = file;
    layers = integer("block_count");
    heads = integer("attention.head_count");
    kvHeads = integer("attention.head_count_kv");
    headDim = integer("attention.key_length");
    epsilon = file.real(architecture() + ".attention.layer_norm_rms_epsilon").orElseThrow();
    base = file.real(architecture() + ".rope.freq_base").orElseThrow();
  }

  private String architecture() {
    return file.string("general.architecture").orElseThrow();
  }

  private int integer(String key) {
    return file.integer(architecture() + "." + key, 1, 1 << 30).orElseThrow();
  }

  /** Logits of every position. */
  public double[][] logits(int[] tokens) {
    return head(hidden(tokens), "output_norm.weight");
  }

  /**
   * Logits of the next-token layer: element i guesses the token after {@code tokens[i + 1]}, from
   * the hidden state of position i and the embedding of the token that follows it.
   */
  public double[][] nextLogits(int[] tokens) {
    double[][] embedding = matrix("token_embd.weight");
    double[][] hidden = hidden(tokens);
    String block = "blk." + layers + ".";
    double[][] x = new double[tokens.length - 1][];
    for (int i = 0; i < x.length; i++) {
      double[] h = norm(hidden[i], vector(block + "nextn.hnorm.weight"));
      double[] e = norm(embedding[tokens[i + 1]], vector(block + "nextn.enorm.weight"));
      double[] joined = Arrays.copyOf(h, h.length + e.length);
      System.arraycopy(e, 0, joined, h.length, e.length);
      x[i] = multiply(matrix(block + "nextn.eh_proj.weight"), joined);
    }
    return head(layer(x, block), block + "nextn.shared_head_norm.weight");
  }

  private double[][] hidden(int[] tokens) {
    double[][] embedding = matrix("token_embd.weight");
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      x[t] = embedding[tokens[t]].clone();
    }
    for (int layer = 0; layer < layers; layer++) {
      x = layer(x, "blk." + layer + ".");
    }
    return x;
  }

  private double[][] head(double[][] x, String gain) {
    double[][] head =
        matrix(file.tensor("output.weight").isPresent() ? "output.weight" : "token_embd.weight");
    double[][] logits = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      logits[t] = multiply(head, norm(x[t], vector(gain)));
    }
    return logits;
  }

  private double[][] layer(double[][] x, String block) {
    double[][] q = new double[x.length][];
    double[][] k = new double[x.length][];
    double[][] v = new double[x.length][];
    double[][] y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      double[] h = norm(x[t], vector(block + "attn_norm.weight"));
      q[t] = rotate(normHeads(project(h, block + "attn_q"), block + "attn_q_norm.weight"), t);
      k[t] = rotate(normHeads(project(h, block + "attn_k"), block + "attn_k_norm.weight"), t);
      v[t] = project(h, block + "attn_v");
      double[] attended = attend(q[t], k, v, t);
      y[t] = add(x[t], multiply(matrix(block + "attn_output.weight"), attended));
      double[] f = norm(y[t], vector(block + "ffn_norm.weight"));
      double[] gate = multiply(matrix(block + "ffn_gate.weight"), f);
      double[] up = multiply(matrix(block + "ffn_up.weight"), f);
      for (int i = 0; i < gate.length; i++) {
        gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
      }
      y[t] = add(y[t], multiply(matrix(block + "ffn_down.weight"), gate));
    }
    return y;
  }

  private double[] attend(double[] q, double[][] k, double[][] v, int t) {
    double[] out = new double[heads * headDim];
    for (int h = 0; h < heads; h++) {
      int kv = h / (heads / kvHeads) * headDim;
      double[] weights = new double[t + 1];
      double sum = 0;
      for (int s = 0; s <= t; s++) {
        double dot = 0;
        for (int d = 0; d < headDim; d++) {
          dot += q[h * headDim + d] * k[s][kv + d];
        }
        weights[s] = Math.exp(dot / Math.sqrt(headDim));
        sum += weights[s];
      }
      for (int s = 0; s <= t; s++) {
        for (int d = 0; d < headDim; d++) {
          out[h * headDim + d] += weights[s] / sum * v[s][kv + d];
        }
      }
    }
    return out;
  }

  private double[] rotate(double[] x, int position) {
    double[] out = x.clone();
    int half = headDim / 2;
    for (int head = 0; head < x.length; head += headDim) {
      for (int i = 0; i < half; i++) {
        double angle = position * Math.pow(base, -2.0 * i / headDim);
        double a = x[head + i];
        double b = x[head + half + i];
        out[head + i] = a * Math.cos(angle) - b * Math.sin(angle);
        out[head + half + i] = a * Math.sin(angle) + b * Math.cos(angle);
      }
    }
    return out;
  }

  private double[] project(double[] x, String name) {
    double[] out = multiply(matrix(name + ".weight"), x);
    return file.tensor(name + ".bias").isPresent() ? add(out, vector(name + ".bias")) : out;
  }

  private double[] normHeads(double[] x, String name) {
    if (file.tensor(name).isEmpty()) {
      return x;
    }
    double[] out = new double[x.length];
    for (int head = 0; head < x.length; head += headDim) {
      double[] one = norm(Arrays.copyOfRange(x, head, head + headDim), vector(name));
      System.arraycopy(one, 0, out, head, headDim);
    }
    return out;
  }

  private double[] norm(double[] x, double[] gain) {
    double sum = 0;
    for (double value : x) {
      sum += value * value;
    }
    double scale = 1 / Math.sqrt(sum / x.length + epsilon);
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[i] * scale * gain[i];
    }
    return out;
  }

  private static double[] multiply(double[][] w, double[] x) {
    double[] out = new double[w.length];
    for (int r = 0; r < w.length; r++) {
      for (int c = 0; c < x.length; c++) {
        out[r] += w[r][c] * x[c];
      }
    }
    return out;
  }

  private static double[] add(double[] a, double[] b) {
    double[] out = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      out[i] = a[i] + b[i];
    }
    return out;
  }

  private double[] vector(String name) {
    return matrix(name)[0];
  }

  private double[][] matrix(String name) {
    return matrices.computeIfAbsent(name, this::read);
  }

  private double[][] read(String name) {
    GgufTensor tensor = file.tensor(name).orElseThrow();
    double[][] out = new double[tensor.rows()][tensor.columns()];
    float[] row = new float[tensor.columns()];
    for (int r = 0; r < tensor.rows(); r++) {
      long at = tensor.type().bytes((long) r * tensor.columns());
      tensor.type().codec().dequantise(tensor.data(), at, row, 0, row.length);
      for (int c = 0; c < row.length; c++) {
        out[r][c] = row[c];
      }
    }
    return out;
  }
}
