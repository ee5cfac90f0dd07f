package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.testing.Errors;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Products and look-ups of every weight type against sums in double precision. */
class MatrixKernelsTest {

  private static final double TOLERANCE = 1e-11;

  /** More than the largest work group has lanes, and of no whole number of anything. */
  private static final int OUTPUTS = 141;

  /** Columns in whole pieces of 8 values, as a work group takes them, but not in whole tiles. */
  private static final int PIECES = 104;

  /** A random matrix as a file stores it, and its values. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Matrix(Weight weight, MemorySegment stored, float[] values)
      implements WeightStore {

    static Matrix of(WeightType type, int rows, int columns, Arena arena) {
      Weight weight = new Weight("w", type, rows, columns);
      MemorySegment stored = arena.allocate(type.bytes((long) rows * columns), 8);
      float[] values = new float[rows * columns];
      SplittableRandom random = new SplittableRandom(type.ggufId());
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      type.codec().quantise(values, 0, values.length, stored, 0);
      type.codec().dequantise(stored, 0, values, 0, values.length);
      return new Matrix(weight, stored, values);
    }

    @Override
    public MemorySegment data(Weight ignored) {
      return stored;
    }

    @Override
    public void read(Weight ignored, Consumer<MemorySegment> reader) {
      reader.accept(stored);
    }
  }

  /** A form of products for one type. */
  enum Form {
    JAVA,
    VECTORS,
    GROUPS_32,
    GROUPS_64,
    GROUPS_128,
    SUB_GROUPS_64;

    Twins of(WeightType type) {
      Set<WeightType> one = Set.of(type);
      ProductTwin twin =
          switch (this) {
            case JAVA -> null;
            case VECTORS -> new VectorTwin();
            case GROUPS_32 -> new GroupTwin(32, GroupTwin.Sums.LOCAL, "", one);
            case GROUPS_64 -> new GroupTwin(64, GroupTwin.Sums.LOCAL, "", one);
            case GROUPS_128 -> new GroupTwin(128, GroupTwin.Sums.LOCAL, "", one);
            case SUB_GROUPS_64 -> new GroupTwin(64, GroupTwin.Sums.STAND_IN, "", one);
          };
      return twin == null ? Twins.NONE : new Twins(twin, one);
    }
  }

  /** Each form, with one row, tiles of four in part, in full, several, and tiles of many. */
  static List<Arguments> products() {
    List<Arguments> all = new ArrayList<>();
    for (WeightType type : WeightType.values()) {
      for (Form form : Form.values()) {
        if (type.blockValues() == 1) {
          all.add(Arguments.of(type, form, 1, ValueKernels.GATED, PIECES));
          all.add(Arguments.of(type, form, 2, ValueKernels.PLAIN, PIECES));
          all.add(Arguments.of(type, form, 4, ValueKernels.ADDED, PIECES));
          all.add(Arguments.of(type, form, 41, ValueKernels.BIASED, PIECES));
        }
        all.add(Arguments.of(type, form, 1, ValueKernels.PLAIN, odd(type)));
        all.add(Arguments.of(type, form, 2, ValueKernels.BIASED, odd(type)));
        all.add(Arguments.of(type, form, 4, ValueKernels.PLAIN, odd(type)));
        all.add(Arguments.of(type, form, 3, ValueKernels.GATED, odd(type)));
        all.add(Arguments.of(type, form, 7, ValueKernels.ADDED, odd(type)));
        all.add(Arguments.of(type, form, GroupTwin.FEW_ROWS + 1, ValueKernels.GATED, odd(type)));
        all.add(Arguments.of(type, form, 41, ValueKernels.ADDED, odd(type)));
        all.add(Arguments.of(type, form, Pass.MAX_ROWS, ValueKernels.BIASED, odd(type)));
      }
    }
    return all;
  }

  private static int odd(WeightType type) {
    return type.blockValues() == 1 ? 77 : 3 * type.blockValues();
  }

  private static FloatArray random(int size, int seed) {
    FloatArray array = new FloatArray(size);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < size; i++) {
      array.set(i, (float) random.nextGaussian());
    }
    return array;
  }

  private static MatrixTasks tasks(IntArray pass, Twins twins) {
    return new MatrixTasks(new KernelContext(), pass, KernelRun.LANES, twins);
  }

  @ParameterizedTest
  @MethodSource("products")
  void aProductIsThatOfTheDequantisedWeight(
      WeightType type, Form form, int rows, int mode, int columns) {
    try (Arena arena = Arena.ofConfined()) {
      Device.backend();
      Matrix matrix = Matrix.of(type, OUTPUTS, columns, arena);
      DeviceWeight weight = DeviceWeight.load(matrix.weight, matrix);
      IntArray pass = KernelRun.pass(rows);
      FloatArray in = random(Pass.MAX_ROWS * columns, 1);
      FloatArray bias = random(OUTPUTS, 2);
      int size = Pass.MAX_ROWS * OUTPUTS;
      boolean read = mode == ValueKernels.ADDED || mode == ValueKernels.GATED;
      FloatArray out = read ? random(size, 3) : KernelRun.poisoned(size);
      // The exponential of the first one's silu overflows.
      out.set(0, read ? -200 : out.get(0));
      double[] expected = new double[rows * OUTPUTS];
      for (int row = 0; row < rows; row++) {
        for (int o = 0; o < OUTPUTS; o++) {
          int at = row * OUTPUTS + o;
          double sum = mode == ValueKernels.ADDED ? out.get(at) : 0;
          sum += mode == ValueKernels.BIASED ? bias.get(o) : 0;
          for (int i = 0; i < columns; i++) {
            sum += (double) matrix.values[o * columns + i] * in.get(row * columns + i);
          }
          double gate = out.get(at);
          expected[at] = mode == ValueKernels.GATED ? sum * gate / (1 + Math.exp(-gate)) : sum;
        }
      }
      MatrixTasks tasks = tasks(pass, form.of(type));
      new KernelRun()
          .reads(pass, in, bias)
          .reads(weight.arrays().toArray())
          .writes(out)
          .task(
              "product",
              pass,
              graph -> tasks.product(graph, "product", weight, in, bias, out, Pass.HIDDEN, mode))
          .run();
      assertThat(Errors.nmse(expected, KernelRun.values(out, expected.length), 0))
          .isLessThan(TOLERANCE);
    }
  }

  static List<Arguments> lookUps() {
    return Arrays.stream(WeightType.values())
        .flatMap(type -> Stream.of(Arguments.of(type, Form.JAVA), Arguments.of(type, Form.VECTORS)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("lookUps")
  void aLookUpGivesTheTokensRows(WeightType type, Form form) {
    try (Arena arena = Arena.ofConfined()) {
      Device.backend();
      Matrix matrix = Matrix.of(type, 9, odd(type), arena);
      int columns = matrix.weight.columns();
      DeviceWeight table = DeviceWeight.load(matrix.weight, matrix);
      int[] tokens = {8, 0, 3, 3, 7};
      IntArray pass = KernelRun.pass(tokens.length);
      double[] expected = new double[tokens.length * columns];
      for (int row = 0; row < tokens.length; row++) {
        pass.set(Pass.TOKENS + row, tokens[row]);
        for (int i = 0; i < columns; i++) {
          expected[row * columns + i] = matrix.values[tokens[row] * columns + i];
        }
      }
      FloatArray out = KernelRun.poisoned(Pass.MAX_ROWS * columns);
      MatrixTasks tasks = tasks(pass, form.of(type));
      new KernelRun()
          .reads(pass)
          .reads(table.arrays().toArray())
          .writes(out)
          .task("lookup", pass, graph -> tasks.embed(graph, "lookup", table, out))
          .run();
      assertThat(Errors.nmse(expected, KernelRun.values(out, expected.length), 0))
          .isLessThan(TOLERANCE);
    }
  }
}
