package dev.hearth.inference.cpu;

import java.util.Arrays;
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
import org.openjdk.jmh.annotations.Warmup;

/** The matrix product of prefill and attention: tokens x 256 against a panel of 256 x 32. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MultiplyBenchmark {

  private static final int DEPTH = 256;

  /** Which twin. */
  @Param({"scalar", "vector"})
  public String kernels = "scalar";

  /** Rows of the activation. */
  @Param({"1", "4", "32", "128"})
  public int tokens = 1;

  private Kernels twin = new ScalarKernels();
  private float[] a = {};
  private float[] b = {};
  private float[] c = {};

  /** Makes the operands. */
  @Setup(Level.Trial)
  public void prepare() {
    twin = kernels.equals("vector") ? new VectorKernels() : new ScalarKernels();
    a = MatVecBenchmark.random(tokens * DEPTH);
    b = MatVecBenchmark.random(DEPTH * MatMul.TILE);
    c = new float[tokens * MatMul.TILE];
  }

  /** One product. */
  @Benchmark
  public float[] multiply() {
    Arrays.fill(c, 0);
    int panel = MatMul.TILE;
    twin.multiply(a, 0, DEPTH, b, 0, panel, c, 0, panel, tokens, DEPTH, panel);
    return c;
  }
}
