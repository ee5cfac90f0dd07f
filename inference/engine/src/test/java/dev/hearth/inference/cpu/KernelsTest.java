package dev.hearth.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.testing.Errors;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kernel of both twins against its definition in double precision. */
class KernelsTest {

  private static final int[] SIZES = {1, 2, 3, 7, 8, 13, 16, 31, 32, 33, 64, 100, 207, 512, 702};

  static List<Kernels> twins() {
    return List.of(new ScalarKernels(), new VectorKernels());
  }

  static Stream<Arguments> twinsAndSizes() {
    return twins().stream()
        .flatMap(k -> Arrays.stream(SIZES).mapToObj(size -> Arguments.of(k, size)));
  }

  static Stream<Arguments> twinsAndTypes() {
    return twins().stream()
        .flatMap(k -> Arrays.stream(WeightType.values()).map(type -> Arguments.of(k, type)));
  }

  private static float[] random(int size, long seed, double deviation) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  private static double[] doubles(int size, IntToDoubleFunction value) {
    return IntStream.range(0, size).mapToDouble(value).toArray();
  }

  @ParameterizedTest
  @MethodSource("twinsAndSizes")
  void normalises(Kernels kernels, int size) {
    float[] in = random(size + 3, 1, 2);
    float[] gain = random(size, 2, 1);
    float[] out = new float[size + 5];
    kernels.rmsNorm(in, 3, gain, 1e-5f, out, 5, size);
    double mean = IntStream.range(0, size).mapToDouble(i -> in[3 + i] * in[3 + i]).sum() / size;
    double[] expected = doubles(size, i -> in[3 + i] / Math.sqrt(mean + 1e-5) * gain[i]);
    assertThat(Errors.nmse(expected, out, 5)).isLessThan(1e-12);
  }

  @ParameterizedTest
  @MethodSource("twinsAndSizes")
  void rotatesPairs(Kernels kernels, int half) {
    float[] x = random(2 * half + 1, 3, 1);
    float[] before = x.clone();
    float[] angles = random(half, 4, 2);
    float[] cosines = new float[half + 2];
    float[] sines = new float[half + 2];
    for (int i = 0; i < half; i++) {
      cosines[2 + i] = (float) Math.cos(angles[i]);
      sines[2 + i] = (float) Math.sin(angles[i]);
    }
    kernels.rotate(x, 1, cosines, sines, 2, half);
    double[] expected =
        doubles(
            2 * half,
            i -> {
              int pair = i % half;
              double a = before[1 + pair];
              double b = before[1 + half + pair];
              double cos = Math.cos(angles[pair]);
              double sin = Math.sin(angles[pair]);
              return i < half ? a * cos - b * sin : a * sin + b * cos;
            });
    assertThat(Errors.nmse(expected, x, 1)).isLessThan(1e-12);
  }

  @ParameterizedTest
  @MethodSource("twinsAndSizes")
  void gates(Kernels kernels, int size) {
    float[] gate = random(size, 5, 4);
    gate[0] = -120;
    gate[size - 1] = size == 1 ? 120 : gate[size - 1];
    float[] up = random(size, 6, 1);
    float[] out = new float[size];
    kernels.gatedUnit(gate, up, out, size);
    double[] expected = doubles(size, i -> gate[i] / (1 + Math.exp(-(double) gate[i])) * up[i]);
    assertThat(Errors.nmse(expected, out, 0)).isLessThan(1e-11);
  }

  @ParameterizedTest
  @MethodSource("twinsAndSizes")
  void adds(Kernels kernels, int size) {
    float[] in = random(size, 7, 1);
    float[] target = random(size + 1, 8, 1);
    float[] before = target.clone();
    kernels.add(in, target, size);
    float[] expected = before.clone();
    for (int i = 0; i < size; i++) {
      expected[i] += in[i];
    }
    assertThat(target).containsExactly(expected);
  }

  @ParameterizedTest
  @MethodSource("twinsAndSizes")
  void softmaxes(Kernels kernels, int size) {
    float[] x = random(size + 2, 9, 20);
    float[] before = x.clone();
    kernels.softmax(x, 1, size, 0.7f);
    double sum = IntStream.range(0, size).mapToDouble(i -> Math.exp(0.7 * before[1 + i])).sum();
    double[] expected = doubles(size, i -> Math.exp(0.7 * before[1 + i]) / sum);
    assertThat(Errors.nmse(expected, x, 1)).isLessThan(1e-11);
    assertThat(x[0]).isEqualTo(before[0]);
    assertThat(x[size + 1]).isEqualTo(before[size + 1]);
  }

  @ParameterizedTest
  @MethodSource("twinsAndSizes")
  void multiplies(Kernels kernels, int columns) {
    for (int rows : new int[] {1, 3, 4, 9}) {
      for (int depth : new int[] {1, 2, 17, 64}) {
        checkProduct(kernels, rows, depth, columns);
      }
    }
  }

  private static void checkProduct(Kernels kernels, int m, int k, int n) {
    int aStride = k + 1;
    int bStride = n + 2;
    int cStride = n + 3;
    float[] a = random(1 + m * aStride, 10, 1);
    float[] b = random(2 + k * bStride, 11, 1);
    float[] c = random(3 + m * cStride, 12, 1);
    float[] before = c.clone();
    kernels.multiply(a, 1, aStride, b, 2, bStride, c, 3, cStride, m, k, n);
    for (int i = 0; i < m; i++) {
      int row = i;
      double[] expected =
          doubles(
              n,
              j ->
                  before[3 + row * cStride + j]
                      + IntStream.range(0, k)
                          .mapToDouble(
                              p -> (double) a[1 + row * aStride + p] * b[2 + p * bStride + j])
                          .sum());
      // A single column may be a sum that nearly cancels.
      assertThat(Errors.nmse(expected, c, 3 + i * cStride)).isLessThan(n == 1 ? 1e-8 : 1e-10);
      for (int j = n; j < cStride && 3 + i * cStride + j < c.length; j++) {
        assertThat(c[3 + i * cStride + j])
            .as("beyond the row")
            .isEqualTo(before[3 + i * cStride + j]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("twins")
  void widensEveryFiniteHalf(Kernels kernels) {
    short[] halves = new short[1 << 16];
    int count = 0;
    for (int bits = 0; bits < 1 << 16; bits++) {
      if (Float.isFinite(Float.float16ToFloat((short) bits))) {
        halves[count++] = (short) bits;
      }
    }
    float[] out = new float[count];
    kernels.widenHalves(MemorySegment.ofArray(halves), 0, out, 0, count);
    float[] expected = new float[count];
    for (int i = 0; i < count; i++) {
      expected[i] = Float.float16ToFloat(halves[i]);
    }
    assertThat(Arrays.equals(out, expected)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("twins")
  void widensEveryByte(Kernels kernels) {
    byte[] bytes = new byte[261];
    float[] expected = new float[256 + 2];
    for (int i = 0; i < 258; i++) {
      bytes[i + 3] = (byte) i;
      expected[i] = (byte) i;
    }
    float[] out = new float[258];
    kernels.widenBytes(MemorySegment.ofArray(bytes), 3, out, 0, 258);
    assertThat(out).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("twinsAndTypes")
  void multipliesStoredRowsWithAVector(Kernels kernels, WeightType type) {
    int block = type.blockValues();
    int[] widths =
        block == 1 ? SIZES : new int[] {block, 2 * block, 3 * block, 8 * block, 11 * block};
    for (int columns : widths) {
      checkMatVec(kernels, type, columns, random(11 * columns, 14, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("twinsAndTypes")
  void survivesTheLargestStoredValues(Kernels kernels, WeightType type) {
    int columns = Math.max(64, type.blockValues());
    float[] extreme = new float[11 * columns];
    for (int i = 0; i < extreme.length; i++) {
      extreme[i] = i % 3 == 0 ? 100 : -100;
    }
    checkMatVec(kernels, type, columns, extreme);
  }

  @ParameterizedTest
  @MethodSource("twinsAndTypes")
  void givesAnActivationTheSameBitsAloneAndWithOthers(Kernels kernels, WeightType type) {
    int block = type.blockValues();
    for (int columns : block == 1 ? SIZES : new int[] {block, 3 * block, 5 * block, 8 * block}) {
      int rows = 3;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment stored = arena.allocate(type.bytes((long) rows * columns));
        type.codec().quantise(random(rows * columns, 16, 1), 0, rows * columns, stored, 0);
        WeightKernel kernel = kernels.weight(type);
        float[] x = random(5 * columns, 17, 1);
        float[] line = new float[columns + WeightKernel.EXTRA];
        for (int count = 2; count <= 5; count++) {
          float[] together = new float[count * rows];
          kernel.matVec(stored, columns, 0, rows, x, count, together, rows, line);
          for (int c = 0; c < count; c++) {
            float[] alone = new float[rows];
            float[] one = Arrays.copyOfRange(x, c * columns, (c + 1) * columns);
            kernel.matVec(stored, columns, 0, rows, one, 1, alone, rows, line);
            assertThat(Arrays.copyOfRange(together, c * rows, (c + 1) * rows))
                .as("activation %d of %d, %d columns", c, count, columns)
                .containsExactly(alone);
          }
        }
      }
    }
  }

  private static void checkMatVec(Kernels kernels, WeightType type, int columns, float[] values) {
    int rows = 11;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stored = arena.allocate(type.bytes((long) rows * columns));
      type.codec().quantise(values, 0, rows * columns, stored, 0);
      float[] weight = new float[rows * columns];
      type.codec().dequantise(stored, 0, weight, 0, weight.length);
      float[] x = random(2 * columns, 15, 1);
      WeightKernel kernel = kernels.weight(type);
      float[] out = new float[2 * rows];
      float[] line = new float[columns + WeightKernel.EXTRA];
      kernel.matVec(stored, columns, 2, rows, x, 2, out, rows, line);
      for (int c = 0; c < 2; c++) {
        int xAt = c * columns;
        double[] expected =
            doubles(
                rows - 2,
                r ->
                    IntStream.range(0, columns)
                        .mapToDouble(i -> (double) weight[(r + 2) * columns + i] * x[xAt + i])
                        .sum());
        assertThat(Errors.nmse(expected, out, c * rows + 2))
            .as("%d columns", columns)
            .isLessThan(1e-10);
        assertThat(out[c * rows]).isZero();
        assertThat(out[c * rows + 1]).isZero();
      }

      float[] row = new float[columns + 1];
      kernel.dequantise(stored, type.bytes(columns), row, 1, columns);
      for (int i = 0; i < columns; i++) {
        // Equal as numbers: the kernels' zeros have either sign.
        assertThat(row[1 + i] == weight[columns + i]).as("value %d", i).isTrue();
      }
    }
  }
}
