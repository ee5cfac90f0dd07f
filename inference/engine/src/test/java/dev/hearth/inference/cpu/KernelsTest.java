package dev.hearth.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.inference.testing.Errors;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

  /** Of a panel: several strips and some rows more. */
  private static final int ROWS = 75;

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
    float[] gate = random(size + 5, 5, 4);
    gate[3] = -120;
    gate[size + 2] = size == 1 ? 120 : gate[size + 2];
    float[] up = random(size + 5, 6, 1);
    float[] out = new float[size + 5];
    kernels.gatedUnit(gate, up, out, 3, size);
    double[] expected =
        doubles(size, i -> gate[3 + i] / (1 + Math.exp(-(double) gate[3 + i])) * up[3 + i]);
    assertThat(Errors.nmse(expected, out, 3)).isLessThan(1e-11);
    assertThat(out[2] + out[size + 3]).isZero();
  }

  @ParameterizedTest
  @MethodSource("twinsAndSizes")
  void addsAndSubtractsAlsoInPlace(Kernels kernels, int size) {
    float[] a = random(size + 3, 7, 1);
    float[] b = random(size + 1, 8, 1);
    float[] sums = b.clone();
    float[] differences = a.clone();
    kernels.add(a, 2, sums, 0, sums, 0, size);
    kernels.subtract(differences, 2, b, 1, differences, 2, size);
    for (int i = 0; i < size; i++) {
      assertThat(sums[i]).isEqualTo(a[2 + i] + b[i]);
      assertThat(differences[2 + i]).isEqualTo(a[2 + i] - b[1 + i]);
    }
    assertThat(sums[size]).isEqualTo(b[size]);
    assertThat(differences[size + 2]).isEqualTo(a[size + 2]);
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
  void multipliesAPanelWithActivationsAndUnpacksIt(Kernels kernels, WeightType type) {
    int block = type.blockValues();
    int[] widths = block == 1 ? SIZES : new int[] {block, 3 * block, 8 * block, 1024 + 3 * block};
    for (int columns : widths) {
      checkPanel(kernels, type, columns, random(ROWS * columns, 14, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("twinsAndTypes")
  void survivesTheLargestStoredValues(Kernels kernels, WeightType type) {
    int columns = Math.max(64, type.blockValues());
    float[] extreme = new float[ROWS * columns];
    for (int i = 0; i < extreme.length; i++) {
      extreme[i] = i % 3 == 0 ? 100 : -100;
    }
    checkPanel(kernels, type, columns, extreme);
  }

  @ParameterizedTest
  @MethodSource("twinsAndTypes")
  void givesAnActivationTheSameBitsAloneAndWithAnother(Kernels kernels, WeightType type) {
    int block = type.blockValues();
    for (int columns : block == 1 ? SIZES : new int[] {block, 3 * block, 5 * block, 8 * block}) {
      try (Panel panel = new Panel(kernels, type, columns, random(ROWS * columns, 16, 1))) {
        float[] x = random(2 * columns, 17, 1);
        float[] together = panel.products(x, 2);
        for (int c = 0; c < 2; c++) {
          float[] one = Arrays.copyOfRange(x, c * columns, (c + 1) * columns);
          assertThat(
                  Arrays.copyOfRange(together, c * PanelKernel.ROWS, c * PanelKernel.ROWS + ROWS))
              .as("activation %d, %d columns", c, columns)
              .containsExactly(Arrays.copyOf(panel.products(one, 1), ROWS));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("twins")
  void multipliesPackedRows(Kernels kernels) {
    for (int rows = 1; rows <= 8; rows++) {
      for (int depth : new int[] {1, 2, 17, 64}) {
        float[] a = random(3 + 8 * depth, 18, 1);
        float[] b = random(5 + 32 * depth, 19, 1);
        float[] c = random(7 + 8 * 32, 20, 1);
        float[] before = c.clone();
        kernels.multiplyPacked(a, 3, b, 5, c, 7, rows, depth);
        for (int i = 0; i < rows; i++) {
          int row = i;
          int steps = depth;
          double[] expected =
              doubles(
                  32,
                  j ->
                      before[7 + 32 * row + j]
                          + IntStream.range(0, steps)
                              .mapToDouble(p -> (double) a[3 + 8 * p + row] * b[5 + 32 * p + j])
                              .sum());
          assertThat(Errors.nmse(expected, c, 7 + 32 * i)).isLessThan(1e-10);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("twins")
  void multipliesWithADifferenceAndKeepsIt(Kernels kernels) {
    for (int depth : new int[] {1, 2, 17, 64}) {
      int size = 32 * depth;
      float[] a = random(3 + 8 * depth, 23, 1);
      float[] before = random(3 * size + 5, 24, 1);
      float[] difference = new float[size];
      for (int i = 0; i < size; i++) {
        difference[i] = before[size + i] - before[5 + 2 * size + i];
      }
      float[] expected = new float[7 + 8 * 32];
      kernels.multiplyPacked(a, 3, difference, 0, expected, 7, 8, depth);
      for (int to : new int[] {0, size, 5 + 2 * size}) {
        float[] b = before.clone();
        float[] c = new float[expected.length];
        kernels.multiplyDifference(a, 3, b, size, 5 + 2 * size, to, c, 7, depth);
        assertThat(c).containsExactly(expected);
        System.arraycopy(difference, 0, before, to, size);
        assertThat(b).containsExactly(before);
        before = random(3 * size + 5, 24, 1);
      }
    }
  }

  /** One panel that is not full, between others. */
  private static final class Panel implements AutoCloseable {

    private final Arena arena = Arena.ofConfined();
    private final PanelKernel kernel;
    private final MemorySegment packed;
    private final long at;
    private final int columns;
    private final float[] values;

    Panel(Kernels kernels, WeightType type, int columns, float[] source) {
      this.columns = columns;
      values = new float[source.length];
      MemorySegment stored = arena.allocate(type.bytes(source.length));
      type.codec().quantise(source, 0, source.length, stored, 0);
      type.codec().dequantise(stored, 0, values, 0, values.length);
      kernel = kernels.weight(type, columns);
      at = kernel.bytes(ROWS, columns);
      packed = arena.allocate(3 * at);
      kernel.pack(stored, 0, ROWS, columns, packed, at);
      assertThat(packed.asSlice(2 * at).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }

    float[] products(float[] x, int count) {
      Activation in = new Activation(columns, count);
      System.arraycopy(x, 0, in.values, 0, count * columns);
      kernel.prepare(in, count);
      float[] work = random(PanelKernel.WORK, 21, 1);
      if (count == 1) {
        kernel.multiply(packed, at, ROWS, columns, in, 0, work);
      } else {
        kernel.multiplyTwo(packed, at, ROWS, columns, in, 0, work);
      }
      return work;
    }

    void unpack(int strip, int from, int count, float[] tile, int tileAt, int stride) {
      float[] work = random(PanelKernel.WORK, 22, 1);
      kernel.unpack(packed, at, ROWS, columns, strip, from, count, tile, tileAt, stride, work);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /** Bit planes work on 290 steps either side, of each 32 values. */
  private static void round(float[] x) {
    for (int from = 0; from < x.length; from += 32) {
      float largest = 0;
      for (int i = from; i < from + 32; i++) {
        largest = Math.max(largest, Math.abs(x[i]));
      }
      for (int i = from; i < from + 32; i++) {
        x[i] = Math.round(x[i] * (290 / largest)) * (largest / 290);
      }
    }
  }

  private static void checkPanel(Kernels kernels, WeightType type, int columns, float[] source) {
    try (Panel panel = new Panel(kernels, type, columns, source)) {
      float[] weight = panel.values;
      float[] x = random(2 * columns, 15, 1);
      float[] out = panel.products(x, 2);
      if (panel.kernel instanceof PlanePanels) {
        round(x);
      }
      for (int c = 0; c < 2; c++) {
        int xAt = c * columns;
        double[] expected =
            doubles(
                ROWS,
                r ->
                    IntStream.range(0, columns)
                        .mapToDouble(i -> (double) weight[r * columns + i] * x[xAt + i])
                        .sum());
        assertThat(Errors.nmse(expected, out, c * PanelKernel.ROWS))
            .as("%d columns", columns)
            .isLessThan(1e-10);
      }
      int from = columns > 256 ? 256 : 0;
      int count = Math.min(256, columns - from);
      for (int strip = 0; strip * 16 < ROWS; strip++) {
        checkUnpacked(panel, type, strip, from, count);
      }
    }
  }

  private static void checkUnpacked(Panel panel, WeightType type, int strip, int from, int count) {
    float[] weight = panel.values;
    int columns = panel.columns;
    int first = 16 * strip;
    float[] tile = new float[1 + 33 * count];
    panel.unpack(strip, from, count, tile, 1, 33);
    float largest = 0;
    for (float value : weight) {
      largest = Math.max(largest, Math.abs(value));
    }
    // With minima a value is rounded once more than by the codec, or once less.
    boolean minima = type == WeightType.Q4_K || type == WeightType.Q5_K;
    float tolerance = minima ? 4 * Math.ulp(largest) : 0;
    for (int i = 0; i < count; i++) {
      for (int r = 0; r < Math.min(16, ROWS - first); r++) {
        assertThat(tile[1 + 33 * i + r])
            .as("row %d, column %d", first + r, from + i)
            .isCloseTo(weight[(first + r) * columns + from + i], within(tolerance));
      }
    }
  }
}
