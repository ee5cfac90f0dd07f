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
 * Matrix-vector products straight from stored weights on one thread: what a decode step of a large
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
  public String shape = "512x192";

  /** Activations of one product. */
  @Param({"1", "2", "4"})
  public int activations = 1;

  private Arena arena = Arena.global();
  private MemorySegment weight = MemorySegment.NULL;
  private WeightKernel kernel = new ScalarKernels().weight(WeightType.F32);
  private float[] x = {};
  private float[] line = {};
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
    weight = arena.allocate(type.bytes(values.length));
    type.codec().quantise(values, 0, values.length, weight, 0);
    Kernels twin = kernels.equals("vector") ? new VectorKernels() : new ScalarKernels();
    kernel = twin.weight(type);
    x = random(activations * columns);
    line = new float[columns + WeightKernel.EXTRA];
    out = new float[activations * rows];
    check();
  }

  private void check() {
    float[] expected = new float[out.length];
    new ScalarKernels()
        .weight(type)
        .matVec(weight, columns, 0, rows, x, activations, expected, rows, line);
    matVec();
    for (int r = 0; r < out.length; r++) {
      if (Math.abs(out[r] - expected[r]) > 1e-3 * (1 + Math.abs(expected[r]))) {
        throw new IllegalStateException("row " + r + ": " + out[r] + ", not " + expected[r]);
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
    kernel.matVec(weight, columns, 0, rows, x, activations, out, rows, line);
    return out;
  }
}
