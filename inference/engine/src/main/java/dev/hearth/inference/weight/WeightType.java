package dev.hearth.inference.weight;

import java.util.Map;
import java.util.Optional;

/**
 * The weight types the library computes with, one row each. A row says how values are stored in a
 * GGUF file; a backend has its kernels by row.
 *
 * <p>To add one: add a row with its codec here and its kernels in the CPU backend's table. Block
 * layouts follow ggml's {@code ggml-common.h}.
 */
public enum WeightType {
  /** IEEE 754 single. */
  F32(0, 1, 4, new FloatCodec.Single()),
  /** IEEE 754 half. */
  F16(1, 1, 2, new FloatCodec.Half()),
  /** 32 values as 4-bit numbers with one half-precision scale. */
  Q4_0(2, 32, 18, new Q4Codec()),
  /** 32 values as signed bytes with one half-precision scale before them. */
  Q8_0(8, 32, 34, new Q8Codec()),
  /** 256 values as 4-bit numbers; 32 share a 6-bit scale and minimum. */
  Q4_K(12, 256, 144, new AffineKCodec(4)),
  /** 256 values as 5-bit numbers; 32 share a 6-bit scale and minimum. */
  Q5_K(13, 256, 176, new AffineKCodec(5)),
  /** 256 values as 6-bit numbers; 16 share an 8-bit scale. */
  Q6_K(14, 256, 210, new Q6KCodec()),
  /** The upper half of an IEEE 754 single. */
  BF16(30, 1, 2, new FloatCodec.Brain());

  /** Names of GGUF type ids that exist but are not supported, for messages. */
  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(3, "Q4_1"),
          Map.entry(6, "Q5_0"),
          Map.entry(7, "Q5_1"),
          Map.entry(10, "Q2_K"),
          Map.entry(11, "Q3_K"),
          Map.entry(15, "Q8_K"),
          Map.entry(20, "IQ4_NL"),
          Map.entry(23, "IQ4_XS"));

  private final int ggufId;
  private final int blockValues;
  private final int blockBytes;

  @SuppressWarnings("ImmutableEnumChecker") // codecs hold no state
  private final WeightCodec codec;

  WeightType(int ggufId, int blockValues, int blockBytes, WeightCodec codec) {
    this.ggufId = ggufId;
    this.blockValues = blockValues;
    this.blockBytes = blockBytes;
    this.codec = codec;
  }

  /** The row with this GGUF type id, if supported. */
  public static Optional<WeightType> ofGgufId(int id) {
    for (WeightType type : values()) {
      if (type.ggufId == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** A readable name of any GGUF type id. */
  public static String describe(int id) {
    return ofGgufId(id).map(Enum::name).orElseGet(() -> OTHERS.getOrDefault(id, "unknown"))
        + " (type "
        + id
        + ")";
  }

  /** The type's number in GGUF files. */
  public int ggufId() {
    return ggufId;
  }

  /** Values in one block; rows hold whole blocks. */
  public int blockValues() {
    return blockValues;
  }

  /** Bytes of one block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** The scalar reference codec. */
  public WeightCodec codec() {
    return codec;
  }

  /**
   * Bytes that a number of values takes.
   *
   * @param values a multiple of the block size
   * @throws IllegalArgumentException if it is none
   * @throws ArithmeticException if the result is no long
   */
  public long bytes(long values) {
    if (values % blockValues != 0) {
      throw new IllegalArgumentException(
          name() + " stores blocks of " + blockValues + " values; " + values + " is no multiple");
    }
    return Math.multiplyExact(values / blockValues, blockBytes);
  }
}
