package dev.hearth.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.testing.Errors;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Products of many rows against their definition in double precision. */
class MatMulTest {

  /** Halves of one tile and of several, with and without an odd tile, whole tiles and others. */
  private static final int[] ROWS = {1, 2, 7, 8, 9, 16, 21, 24, 32, 44, 67, 128};

  /** Blocks of 64 weight rows alone, with a tile and with a part of one more; less than a block. */
  private static final int[] WEIGHT_ROWS = {64, 128, 160, 201, 50};

  static Stream<Arguments> twinsAndTypes() {
    return Stream.of(new ScalarKernels(), new VectorKernels())
        .flatMap(k -> Stream.of(WeightType.values()).map(type -> Arguments.of(k, type)));
  }

  @ParameterizedTest
  @MethodSource("twinsAndTypes")
  void multipliesAnyNumberOfRows(Kernels kernels, WeightType type) {
    int block = type.blockValues();
    int[] lengths =
        switch (block) {
          case 1 -> new int[] {31, 96, 514, 1100};
          case 32 -> new int[] {32, 512, 544, 1312};
          default -> new int[] {256, 512, 768, 1280};
        };
    try (Workers workers = new Workers(2)) {
      CpuContext context =
          new CpuContext(kernels, workers, new Scratch[] {new Scratch(), new Scratch()});
      for (int columns : lengths) {
        for (int weightRows : WEIGHT_ROWS) {
          check(context, new Weight("made-up", type, weightRows, columns));
        }
      }
    }
  }

  private static void check(CpuContext context, Weight weight) {
    int columns = weight.columns();
    WeightType type = weight.type();
    float[] values = random(weight.rows() * columns, 1);
    float[] bias = random(weight.rows(), 2);
    int most = ROWS[ROWS.length - 1];
    Activation in = new Activation(columns, most);
    Activation out = new Activation(weight.rows(), most);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment stored = arena.allocate(type.bytes(values.length), 64);
      type.codec().quantise(values, 0, values.length, stored, 0);
      type.codec().dequantise(stored, 0, values, 0, values.length);
      Panels panels = new Panels(weight, context.kernels().weight(type, columns));
      if (panels.kernel().asStored()) {
        panels.take(stored);
      } else {
        MemorySegment packed = arena.allocate(panels.size(), 64);
        for (int row = 0; row < weight.rows(); row += panels.height()) {
          long from = row * type.bytes(columns);
          panels.kernel().pack(stored, from, panels.rows(row), columns, packed, panels.at(row));
        }
        panels.take(packed);
      }
      MatMulStep step =
          new MatMulStep(
              context.workers(), List.of(new MatMul(context, panels, bias, in, out, null, false)));
      for (int rows : ROWS) {
        float[] x = random(rows * columns, 3 + rows);
        System.arraycopy(x, 0, in.values, 0, x.length);
        in.written();
        Run run = new Run();
        run.rows = rows;
        step.run(run);
        // Below, tables of bit planes round to 1/290 of the greatest of 32 values.
        double allowed = rows < panels.kernel().fewestInBlocks() ? 3e-5 : 1e-11;
        assertThat(Errors.nmse(product(values, bias, x, rows, columns), out.values, 0))
            .as("%s, %d rows, %s", type, rows, weight)
            .isLessThan(allowed);
      }
    }
  }

  private static double[] product(float[] weight, float[] bias, float[] x, int rows, int columns) {
    double[] out = new double[rows * bias.length];
    for (int row = 0; row < rows; row++) {
      for (int r = 0; r < bias.length; r++) {
        double sum = bias[r];
        for (int c = 0; c < columns; c++) {
          sum += (double) weight[r * columns + c] * x[row * columns + c];
        }
        out[row * bias.length + r] = sum;
      }
    }
    return out;
  }

  private static float[] random(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
