package dev.hearth.inference.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Codecs against the definitions of the block formats, value by value in double precision, on
 * random bytes: every pattern of bits is a valid block.
 */
class WeightCodecTest {

  /** The value with an index in a block. */
  interface Definition {
    double value(byte[] block, int index);
  }

  static Stream<Arguments> definitions() {
    return Stream.of(
        Arguments.of(WeightType.Q4_0, (Definition) WeightCodecTest::q40),
        Arguments.of(WeightType.Q8_0, (Definition) (b, i) -> half(b, 0) * b[2 + i]),
        Arguments.of(WeightType.Q4_K, (Definition) WeightCodecTest::q4k),
        Arguments.of(WeightType.Q5_K, (Definition) WeightCodecTest::q5k),
        Arguments.of(WeightType.Q6_K, (Definition) WeightCodecTest::q6k));
  }

  private static double half(byte[] b, int at) {
    return Float.float16ToFloat((short) (bits(b, 8 * at, 8) | bits(b, 8 * at + 8, 8) << 8));
  }

  /** {@code count} bits from a position counted in bits, lowest bit of a byte first. */
  private static int bits(byte[] b, int position, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= (b[(position + i) / 8] >> (position + i) % 8 & 1) << i;
    }
    return value;
  }

  private static double q40(byte[] b, int i) {
    return half(b, 0) * (bits(b, 16 + 8 * (i % 16) + 4 * (i / 16), 4) - 8);
  }

  /** Scale (which = 0) or minimum (1) of a sub-block, from the 12 bytes behind the two halves. */
  private static int packed(byte[] b, int part, int which) {
    if (part < 4) {
      return bits(b, 8 * (4 + 4 * which + part), 6);
    }
    int lower = bits(b, 8 * (12 + part - 4) + 4 * which, 4);
    int upper = bits(b, 8 * (4 + 4 * which + part - 4) + 6, 2);
    return lower + 16 * upper;
  }

  private static double affine(byte[] b, int i, int number) {
    return half(b, 0) * packed(b, i / 32, 0) * number - half(b, 2) * packed(b, i / 32, 1);
  }

  private static int nibble(byte[] b, int from, int i) {
    return bits(b, 8 * (from + 32 * (i / 64) + i % 32) + 4 * (i / 32 % 2), 4);
  }

  private static double q4k(byte[] b, int i) {
    return affine(b, i, nibble(b, 16, i));
  }

  private static double q5k(byte[] b, int i) {
    return affine(b, i, nibble(b, 48, i) + 16 * bits(b, 8 * (16 + i % 32) + i / 32, 1));
  }

  private static double q6k(byte[] b, int i) {
    int lower = bits(b, 8 * (64 * (i / 128) + i % 64) + 4 * (i % 128 / 64), 4);
    int upper = bits(b, 8 * (128 + 32 * (i / 128) + i % 32) + 2 * (i % 128 / 32), 2);
    return half(b, 208) * b[192 + i / 16] * (lower + 16 * upper - 32);
  }

  @ParameterizedTest
  @MethodSource("definitions")
  void readsBlocksAsTheyAreDefined(WeightType type, Definition definition) {
    SplittableRandom random = new SplittableRandom(1);
    int blocks = 40;
    byte[] stored = new byte[blocks * type.blockBytes()];
    random.nextBytes(stored);
    for (int block = 0; block < blocks; block++) {
      for (int at : halves(type)) { // no infinities
        stored[block * type.blockBytes() + at + 1] &= (byte) 0xBB;
      }
    }
    int values = blocks * type.blockValues();
    float[] read = new float[values + 3];
    type.codec().dequantise(MemorySegment.ofArray(stored), 0, read, 3, values);
    for (int i = 0; i < values; i++) {
      byte[] block =
          Arrays.copyOfRange(
              stored,
              i / type.blockValues() * type.blockBytes(),
              (i / type.blockValues() + 1) * type.blockBytes());
      double expected = definition.value(block, i % type.blockValues());
      assertThat((double) read[3 + i])
          .as("value %d", i)
          .isCloseTo(expected, offset(1e-6 * (1 + magnitude(block))));
    }
  }

  private static List<Integer> halves(WeightType type) {
    return switch (type) {
      case Q4_K, Q5_K -> List.of(0, 2);
      case Q6_K -> List.of(208);
      default -> List.of(0);
    };
  }

  private static double magnitude(byte[] block) {
    return switch (block.length) {
      case 144, 176 -> Math.abs(half(block, 0)) * 63 * 31 + Math.abs(half(block, 2)) * 63;
      case 210 -> Math.abs(half(block, 208)) * 128 * 32;
      default -> Math.abs(half(block, 0)) * 128;
    };
  }

  /** Errors of random normal values, in parts of their variance. */
  private static double accepted(WeightType type) {
    return switch (type) {
      case F32 -> 0;
      case F16 -> 1e-7;
      case BF16 -> 6e-6;
      case Q8_0 -> 6e-5;
      case Q6_K -> 5e-4;
      case Q5_K -> 1.7e-3;
      case Q4_K -> 7e-3;
      case Q4_0 -> 1e-2;
    };
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void writesValuesSoThatLittleIsLost(WeightType type) {
    SplittableRandom random = new SplittableRandom(2);
    int count = 64 * 256;
    float[] values = new float[count + 1];
    double sum = 0;
    for (int i = 1; i <= count; i++) {
      values[i] = (float) (0.02 * random.nextGaussian());
      sum += (double) values[i] * values[i];
    }
    float[] read = written(type, values, 1, count);
    double error = 0;
    for (int i = 0; i < count; i++) {
      error += Math.pow((double) read[i] - values[i + 1], 2);
    }
    assertThat(error / sum).isLessThanOrEqualTo(accepted(type));
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void writesZerosConstantsAndOutliers(WeightType type) {
    float[] zeros = new float[256];
    assertThat(written(type, zeros, 0, 256)).containsOnly(0);
    float[] one = new float[256];
    one[37] = -5;
    assertThat(written(type, one, 0, 256)[37]).isCloseTo(-5, offset(0.05f));
    float[] same = new float[256];
    Arrays.fill(same, 3);
    for (float value : written(type, same, 0, 256)) {
      assertThat(value).isCloseTo(3, offset(0.05f));
    }
  }

  private static float[] written(WeightType type, float[] values, int at, int count) {
    byte[] stored = new byte[(int) type.bytes(count) + 5];
    MemorySegment segment = MemorySegment.ofArray(stored);
    type.codec().quantise(values, at, count, segment, 5);
    assertThat(segment.asSlice(0, 5).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    float[] read = new float[count];
    type.codec().dequantise(segment, 5, read, 0, count);
    return read;
  }
}
