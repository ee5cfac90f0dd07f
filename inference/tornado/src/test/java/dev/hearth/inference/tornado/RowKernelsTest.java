package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.testing.Errors;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The operations without a matrix against double precision, at odd sizes. */
class RowKernelsTest {

  private static final double TOLERANCE = 1e-11;
  private static final int ROWS = 3;

  private KernelContext context = new KernelContext();

  @BeforeEach
  void start() {
    Device.backend();
    context = new KernelContext();
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

  @Test
  void normsEachPartByItself() {
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
    new KernelRun()
        .reads(in, gain)
        .writes(out)
        .task(
            TaskPackage.createPackage(
                "t", RowKernels::rmsNorm, context, in, gain, out, parts, width, 1e-5f),
            parts * KernelRun.LANES,
            ROWS,
            KernelRun.LANES)
        .run();
    assertClose(expected, out);
  }

  @Test
  void turnsPairsByTheirPosition() {
    int heads = 3;
    int pairs = 9;
    IntArray pass = KernelRun.pass(ROWS);
    FloatArray x = random(ROWS * heads * 2 * pairs, 1);
    FloatArray cosines = random(20 * pairs, 2);
    FloatArray sines = random(20 * pairs, 3);
    double[] expected = new double[x.getSize()];
    for (int row = 0; row < ROWS; row++) {
      pass.set(Pass.POSITIONS + row, 5 * row + 4);
      for (int head = 0; head < heads; head++) {
        for (int i = 0; i < pairs; i++) {
          int angle = (5 * row + 4) * pairs + i;
          int at = (row * heads + head) * 2 * pairs + i;
          double a = x.get(at);
          double b = x.get(at + pairs);
          expected[at] = a * cosines.get(angle) - b * sines.get(angle);
          expected[at + pairs] = a * sines.get(angle) + b * cosines.get(angle);
        }
      }
    }
    new KernelRun()
        .reads(pass, cosines, sines)
        .writes(x)
        .task(
            TaskPackage.createPackage(
                "t", RowKernels::rope, context, pass, x, cosines, sines, heads, pairs),
            heads * pairs,
            ROWS,
            0)
        .run();
    assertClose(expected, x);
  }

  @Test
  void attendsOverThePagesOfEachSequence() {
    int heads = 6;
    int kvHeads = 2;
    int headDim = 18;
    int width = kvHeads * headDim;
    int[] positions = {0, 70, 130};
    int[][] pages = {{4}, {2, 0}, {1, 5, 3}};
    IntArray pass = KernelRun.pass(ROWS);
    FloatArray keys = random(6 * Pass.PAGE * width, 1);
    FloatArray values = random(6 * Pass.PAGE * width, 2);
    FloatArray query = random(ROWS * heads * headDim, 3);
    int table = 0;
    double[] expected = new double[query.getSize()];
    for (int row = 0; row < ROWS; row++) {
      pass.set(Pass.POSITIONS + row, positions[row]);
      pass.set(Pass.TABLES + row, table);
      for (int page : pages[row]) {
        pass.set(Pass.TABLE + table++, page);
      }
      for (int head = 0; head < heads; head++) {
        int kvAt = head / 3 * headDim;
        int at = (row * heads + head) * headDim;
        double total = 0;
        for (int t = 0; t <= positions[row]; t++) {
          int from = (pages[row][t / Pass.PAGE] * Pass.PAGE + t % Pass.PAGE) * width + kvAt;
          double dot = 0;
          for (int d = 0; d < headDim; d++) {
            dot += (double) query.get(at + d) * keys.get(from + d);
          }
          double weight = Math.exp(dot / Math.sqrt(headDim));
          total += weight;
          for (int d = 0; d < headDim; d++) {
            expected[at + d] += weight * values.get(from + d);
          }
        }
        for (int d = 0; d < headDim; d++) {
          expected[at + d] /= total;
        }
      }
    }
    FloatArray out = KernelRun.poisoned(query.getSize());
    new KernelRun()
        .reads(pass, query, keys, values)
        .writes(out)
        .task(
            TaskPackage.createPackage(
                "t",
                RowKernels::attend,
                context,
                pass,
                query,
                keys,
                values,
                out,
                heads,
                kvHeads,
                headDim,
                (float) (1 / Math.sqrt(headDim))),
            heads * KernelRun.LANES,
            ROWS,
            KernelRun.LANES)
        .run();
    assertClose(expected, out);
  }

  @Test
  void appendsBehindWhatItCopiesFromAnotherPage() {
    int width = 37;
    IntArray pass = KernelRun.pass(2);
    pass.set(Pass.COPIES, 1);
    pass.set(Pass.COPY, 0);
    pass.set(Pass.COPY + 1, 2);
    pass.set(Pass.COPY + 2, 5);
    pass.set(Pass.POSITIONS, 5);
    pass.set(Pass.TABLES, 0);
    pass.set(Pass.TABLE, 2);
    pass.set(Pass.POSITIONS + 1, 64);
    pass.set(Pass.TABLES + 1, 1);
    pass.set(Pass.TABLE + 1, 0);
    pass.set(Pass.TABLE + 2, 1);
    FloatArray key = random(2 * width, 1);
    FloatArray value = random(2 * width, 2);
    FloatArray keys = random(3 * Pass.PAGE * width, 3);
    FloatArray values = random(3 * Pass.PAGE * width, 4);
    double[] expected = expectedAppend(keys, key, width);
    double[] expectedValues = expectedAppend(values, value, width);
    new KernelRun()
        .reads(pass, key, value)
        .writes(keys, values)
        .task(
            TaskPackage.createPackage(
                "t", RowKernels::append, context, pass, key, value, keys, values, width),
            width,
            2,
            0)
        .run();
    assertClose(expected, keys);
    assertClose(expectedValues, values);
  }

  private static double[] expectedAppend(FloatArray cache, FloatArray rows, int width) {
    double[] expected = new double[cache.getSize()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = cache.get(i);
    }
    for (int i = 0; i < width; i++) {
      for (int token = 0; token < 5; token++) {
        expected[(2 * Pass.PAGE + token) * width + i] = cache.get(token * width + i);
      }
      expected[(2 * Pass.PAGE + 5) * width + i] = rows.get(i);
      expected[Pass.PAGE * width + i] = rows.get(width + i);
    }
    return expected;
  }

  @Test
  void gatesEvenWhereTheExponentialOverflows() {
    int width = 37;
    FloatArray gate = random(ROWS * width, 1);
    FloatArray up = random(ROWS * width, 2);
    gate.set(3, 200);
    gate.set(4, -200);
    double[] expected = new double[gate.getSize()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = gate.get(i) / (1 + Math.exp(-(double) gate.get(i))) * up.get(i);
    }
    FloatArray out = KernelRun.poisoned(gate.getSize());
    new KernelRun()
        .reads(gate, up)
        .writes(out)
        .task(
            TaskPackage.createPackage("t", RowKernels::gatedUnit, context, gate, up, out, width),
            width,
            ROWS,
            0)
        .run();
    assertClose(expected, out);
  }

  @Test
  void addsAndJoinsRowByRow() {
    int width = 37;
    FloatArray in = random(ROWS * width, 1);
    FloatArray target = random(ROWS * width, 2);
    FloatArray joined = KernelRun.poisoned(ROWS * 2 * width);
    double[] sums = new double[ROWS * width];
    double[] pairs = new double[ROWS * 2 * width];
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < width; i++) {
        int at = row * width + i;
        sums[at] = (double) in.get(at) + target.get(at);
        pairs[2 * row * width + i] = in.get(at);
        pairs[2 * row * width + width + i] = sums[at];
      }
    }
    new KernelRun()
        .reads(in)
        .writes(target, joined)
        .task(
            TaskPackage.createPackage("add", RowKernels::add, context, in, target, width),
            width,
            ROWS,
            0)
        .task(
            TaskPackage.createPackage(
                "first", RowKernels::join, context, in, joined, 0, width, 2 * width),
            width,
            ROWS,
            0)
        .task(
            TaskPackage.createPackage(
                "second", RowKernels::join, context, target, joined, width, width, 2 * width),
            width,
            ROWS,
            0)
        .run();
    assertClose(sums, target);
    assertClose(pairs, joined);
  }

  @Test
  void movesThePickedRowsToTheFront() {
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
    new KernelRun()
        .reads(pass)
        .writes(slot)
        .task(
            TaskPackage.createPackage(
                "t",
                RowKernels::keepRows,
                context,
                pass,
                slot,
                Pass.LOGITS,
                Pass.PICK_LOGITS,
                width),
            width,
            1,
            0)
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
                TaskPackage.createPackage("t", RowKernelsTest::impossible, context, out, 7),
                8,
                1,
                0);
    assertThatThrownBy(run::run).isInstanceOf(Throwable.class);
    assertThat(KernelRun.values(out, 8)).containsOnly(Float.NaN);
  }
}
