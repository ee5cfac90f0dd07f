package dev.hearth.inference.cpu;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Matrix-vector products straight from packed weights on one thread: what a decode step of a large
 * model does. Scalar and vector kernels side by side; the result is checked before measuring.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MatVecBenchmark {

  /** Which twin. */
  @Param({"scalar", "vector"})
  public String kernels = "scalar";

  /** Weight type. */
  @Param({"F32", "F16", "BF16", "Q8_0", "Q6_K", "Q5_K", "Q4_K", "Q4_0"})
  public WeightType type = WeightType.F32;

  /** Rows x columns. */
  @Param({"512x256", "4096x1024"})
  public String shape = "512x256";

  /** Activations of one product. */
  @Param({"1", "2"})
  public int activations = 1;

  private Arena arena = Arena.global();
  private MemorySegment weight = MemorySegment.NULL;
  private PanelKernel kernel = new ScalarKernels().weight(WeightType.F32, 1);
  private float[] x = {};
  private Activation in = new Activation(1, 1);
  private float[] work = {};
  private float[] out = {};
  private int rows;
  private int columns;

  /** Makes weights and activation. */
  @Setup(Level.Trial)
  @SuppressWarnings("MustBeClosedChecker") // closed by free()
  public void prepare() {
    String[] sides = shape.split("x", 2);
    rows = Integer.parseInt(sides[0]);
    columns = Integer.parseInt(sides[1]);
    float[] values = random(rows * columns);
    arena = Arena.ofShared();
    MemorySegment stored = arena.allocate(type.bytes(values.length));
    type.codec().quantise(values, 0, values.length, stored, 0);
    Kernels twin = kernels.equals("vector") ? new VectorKernels() : new ScalarKernels();
    kernel = twin.weight(type, columns);
    long panel = kernel.bytes(PanelKernel.ROWS, columns);
    weight = Native.of(arena.allocate(rows / PanelKernel.ROWS * panel, 64));
    for (int row = 0; row < rows; row += PanelKernel.ROWS) {
      long at = type.bytes((long) row * columns);
      long to = row / PanelKernel.ROWS * panel;
      kernel.pack(stored, at, PanelKernel.ROWS, columns, weight, to);
    }
    x = random(activations * columns);
    in = new Activation(columns, activations);
    System.arraycopy(x, 0, in.values, 0, x.length);
    work = new float[PanelKernel.WORK];
    out = new float[activations * rows];
    check(stored);
  }

  private void check(MemorySegment stored) {
    matVec();
    float[] row = new float[columns];
    for (int r = 0; r < out.length; r++) {
      type.codec().dequantise(stored, type.bytes((long) r % rows * columns), row, 0, columns);
      double expected = 0;
      for (int c = 0; c < columns; c++) {
        expected += (double) row[c] * x[r / rows * columns + c];
      }
      // Bit planes round activations to 290 steps either side: six times the error to be expected.
      double tolerance =
          kernel instanceof PlanePanels
              ? 6 * Math.sqrt(columns) / 290 / Math.sqrt(12)
              : 1e-3 * (1 + Math.abs(expected));
      if (Math.abs(out[r] - expected) > tolerance) {
        throw new IllegalStateException("row " + r + ": " + out[r] + ", not " + expected);
      }
    }
  }

  static float[] random(int size) {
    SplittableRandom random = new SplittableRandom(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  /** Frees the weights. */
  @TearDown(Level.Trial)
  public void free() {
    arena.close();
  }

  /** One product. */
  @Benchmark
  public float[] matVec() {
    in.written();
    kernel.prepare(in, activations);
    long panel = kernel.bytes(PanelKernel.ROWS, columns);
    for (int row = 0; row < rows; row += PanelKernel.ROWS) {
      long at = row / PanelKernel.ROWS * panel;
      if (activations == 1) {
        kernel.multiply(weight, at, PanelKernel.ROWS, columns, in, 0, work);
      } else {
        kernel.multiplyTwo(weight, at, PanelKernel.ROWS, columns, in, 0, work);
        System.arraycopy(work, PanelKernel.ROWS, out, rows + row, PanelKernel.ROWS);
      }
      System.arraycopy(work, 0, out, row, PanelKernel.ROWS);
    }
    return out;
  }
}
