package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Slot;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.testing.Errors;
import dev.hearth.inference.weight.WeightType;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The operations without a matrix, in both forms, against double precision, at odd sizes. */
class RowKernelsTest {

  private static final double TOLERANCE = 1e-11;
  private static final int ROWS = 3;

  @BeforeEach
  void start() {
    Device.backend();
  }

  private static RowTasks tasks(boolean openCl, IntArray pass) {
    return openCl ? new RowTwin(pass) : new RowJava(pass, KernelRun.LANES);
  }

  private static FloatArray random(int size, int seed) {
    FloatArray array = new FloatArray(size);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < size; i++) {
      array.set(i, (float) random.nextGaussian());
    }
    return array;
  }

  private static void assertClose(double[] expected, FloatArray actual) {
    assertThat(Errors.nmse(expected, KernelRun.values(actual, expected.length), 0))
        .isLessThan(TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void normsEachPartByItself(boolean openCl) {
    int parts = 3;
    int width = 77;
    FloatArray in = random(ROWS * parts * width, 1);
    FloatArray gain = random(width, 2);
    double[] expected = new double[in.getSize()];
    for (int part = 0; part < ROWS * parts; part++) {
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += Math.pow(in.get(part * width + i), 2);
      }
      for (int i = 0; i < width; i++) {
        int at = part * width + i;
        expected[at] = in.get(at) / Math.sqrt(sum / width + 1e-5f) * gain.get(i);
      }
    }
    FloatArray out = KernelRun.poisoned(in.getSize());
    IntArray pass = KernelRun.pass(ROWS);
    Op.RmsNorm norm =
        new Op.RmsNorm(
            new Slot("in", parts * width),
            new Weight("gain", WeightType.F32, 1, width),
            1e-5f,
            new Slot("out", parts * width));
    RowTasks.Norm arrays = new RowTasks.Norm(in, gain, out);
    RowTasks tasks = tasks(openCl, pass);
    new KernelRun()
        .reads(pass, in, gain)
        .writes(out)
        .task("t", pass, graph -> tasks.norm(graph, "t", norm, arrays, Pass.ALL))
        .run();
    assertClose(expected, out);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void joinsRowByRow(boolean openCl) {
    int width = 37;
    int second = 11;
    FloatArray a = random(ROWS * width, 1);
    FloatArray b = random(ROWS * second, 2);
    FloatArray joined = KernelRun.poisoned(ROWS * (width + second));
    double[] expected = new double[joined.getSize()];
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < width + second; i++) {
        expected[row * (width + second) + i] =
            i < width ? a.get(row * width + i) : b.get(row * second + i - width);
      }
    }
    IntArray pass = KernelRun.pass(ROWS);
    RowTasks tasks = tasks(openCl, pass);
    int out = width + second;
    new KernelRun()
        .reads(pass, a, b)
        .writes(joined)
        .task("a", pass, graph -> tasks.join(graph, "a", a, joined, 0, width, out, Pass.ALL))
        .task("b", pass, graph -> tasks.join(graph, "b", b, joined, width, second, out, Pass.ALL))
        .run();
    assertClose(expected, joined);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void movesThePickedRowsToTheFront(boolean openCl) {
    int width = 37;
    int[] picked = {1, 2, 5};
    IntArray pass = KernelRun.pass(6);
    pass.set(Pass.LOGITS, picked.length);
    FloatArray slot = random(6 * width, 1);
    double[] expected = new double[picked.length * width];
    for (int row = 0; row < picked.length; row++) {
      pass.set(Pass.PICK_LOGITS + row, picked[row]);
      for (int i = 0; i < width; i++) {
        expected[row * width + i] = slot.get(picked[row] * width + i);
      }
    }
    RowTasks tasks = tasks(openCl, pass);
    new KernelRun()
        .reads(pass)
        .writes(slot)
        .task(
            "t",
            pass,
            graph -> tasks.keepRows(graph, "t", slot, width, Pass.LOGITS, Pass.PICK_LOGITS))
        .run();
    assertClose(expected, slot);
  }

  /** TornadoVM compiles it, the driver does not: an argument has the name of a type. */
  static void impossible(KernelContext context, FloatArray out, int half) {
    int i = context.globalIdx;
    out.set(i, half + i);
  }

  @Test
  void aKernelThatCannotBeCompiledIsAnErrorAndDoesNotRunInJava() {
    FloatArray out = KernelRun.poisoned(8);
    KernelRun run =
        new KernelRun()
            .writes(out)
            .task(
                TaskPackage.createPackage(
                    "t", RowKernelsTest::impossible, new KernelContext(), out, 7),
                8,
                1,
                0);
    assertThatThrownBy(run::run).isInstanceOf(Throwable.class);
    assertThat(KernelRun.values(out, 8)).containsOnly(Float.NaN);
  }
}
