package dev.hearth.inference.gguf;

import dev.hearth.inference.weight.WeightType;
import java.util.Arrays;
import java.util.Locale;

/**
 * Which weight type each matrix of a model is stored in. The {@code _M} mixes are those of the
 * files that are usually published: the head, and in the first and last eighth of the layers and
 * every third between them the value and down projections, get six bits, for they suffer most.
 */
public enum QuantMix {
  /** Single precision. */
  F32(WeightType.F32, false),
  /** Half precision. */
  F16(WeightType.F16, false),
  /** The upper halves of singles, as checkpoints are. */
  BF16(WeightType.BF16, false),
  /** 8.5 bits a weight. */
  Q8_0(WeightType.Q8_0, false),
  /** 6.6 bits a weight. */
  Q6_K(WeightType.Q6_K, false),
  /** 5.5 bits a weight, 6.6 where it counts. */
  Q5_K_M(WeightType.Q5_K, true),
  /** 4.5 bits a weight, 6.6 where it counts. */
  Q4_K_M(WeightType.Q4_K, true),
  /** 4.5 bits a weight, without minima. */
  Q4_0(WeightType.Q4_0, false);

  private final WeightType base;
  private final boolean mixed;

  QuantMix(WeightType base, boolean mixed) {
    this.base = base;
    this.mixed = mixed;
  }

  /**
   * The mix of a name.
   *
   * @param name such as {@code q4_k_m}, in any case
   * @throws IllegalArgumentException when there is none; lists the names
   */
  public static QuantMix of(String name) {
    for (QuantMix mix : values()) {
      if (mix.name().equals(name.toUpperCase(Locale.ROOT))) {
        return mix;
      }
    }
    throw new IllegalArgumentException(
        "'" + name + "' is no stored form of weights; give one of " + Arrays.toString(values()));
  }

  /**
   * The type of a matrix.
   *
   * @param tensor its name in the GGUF file
   * @param layer its layer, -1 outside the layers
   * @param layers number of layers
   * @param columns length of its rows; what is no multiple of a block falls back to a type with
   *     smaller blocks
   */
  WeightType of(String tensor, int layer, int layers, int columns) {
    boolean head = tensor.equals("output.weight");
    boolean sensitive = tensor.endsWith("attn_v.weight") || tensor.endsWith("ffn_down.weight");
    WeightType type =
        mixed && (head || (sensitive && favoured(layer, layers))) ? WeightType.Q6_K : base;
    if (columns % type.blockValues() == 0) {
      return type;
    }
    return columns % WeightType.Q8_0.blockValues() == 0 ? WeightType.Q8_0 : WeightType.F16;
  }

  private static boolean favoured(int layer, int layers) {
    int eighth = layers / 8;
    return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
  }
}
