package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Slot;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.testing.Errors;
import dev.hearth.inference.weight.WeightType;
import java.util.Arrays;
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

  private static Op.Attend attention(int heads, int kvHeads, int headDim) {
    Slot query = new Slot("query", heads * headDim);
    Slot key = new Slot("key", kvHeads * headDim);
    return new Op.Attend(0, query, key, key, query, heads, kvHeads, headDim);
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
  void attendsOverThePagesOfEachSequence(boolean openCl) {
    int heads = 6;
    int kvHeads = 2;
    int headDim = openCl ? 48 : 18;
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
    FloatArray none = new FloatArray(1);
    RowTasks.Attention arrays =
        new RowTasks.Attention(query, none, none, none, none, keys, values, out);
    RowTasks tasks = tasks(openCl, pass);
    Op.Attend attend = attention(heads, kvHeads, headDim);
    new KernelRun()
        .reads(pass, query, keys, values)
        .writes(out)
        .task("t", pass, graph -> tasks.attend(graph, "t", attend, arrays, Pass.ALL))
        .run();
    assertClose(expected, out);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void turnsQueryAndKeyAndAppendsBehindWhatItCopies(boolean openCl) {
    int heads = 3;
    int kvHeads = 2;
    int pairs = openCl ? 11 : 9;
    int width = kvHeads * 2 * pairs;
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
    FloatArray query = random(2 * heads * 2 * pairs, 1);
    FloatArray key = random(2 * width, 2);
    FloatArray value = random(2 * width, 3);
    FloatArray cosines = random(65 * pairs, 4);
    FloatArray sines = random(65 * pairs, 5);
    FloatArray keys = random(3 * Pass.PAGE * width, 6);
    FloatArray values = random(3 * Pass.PAGE * width, 7);
    double[] turned = turned(query, heads, pairs, cosines, sines);
    double[] turnedKey = turned(key, kvHeads, pairs, cosines, sines);
    double[] plain = new double[2 * width];
    Arrays.setAll(plain, value::get);
    double[] expectedKeys = appended(keys, turnedKey, width);
    double[] expectedValues = appended(values, plain, width);
    RowTasks.Attention arrays =
        new RowTasks.Attention(query, key, value, cosines, sines, keys, values, query);
    RowTasks tasks = tasks(openCl, pass);
    Op.Attend attend = attention(heads, kvHeads, 2 * pairs);
    new KernelRun()
        .reads(pass, key, value, cosines, sines)
        .writes(query, keys, values)
        .task("t", pass, graph -> tasks.append(graph, "t", attend, arrays, Pass.ALL))
        .run();
    assertClose(turned, query);
    assertClose(expectedKeys, keys);
    assertClose(expectedValues, values);
  }

  /** Two rows, at positions 5 and 64. */
  private static double[] turned(
      FloatArray x, int heads, int pairs, FloatArray cosines, FloatArray sines) {
    double[] expected = new double[x.getSize()];
    for (int row = 0; row < 2; row++) {
      for (int head = 0; head < heads; head++) {
        for (int i = 0; i < pairs; i++) {
          int angle = (row == 0 ? 5 : 64) * pairs + i;
          int at = (row * heads + head) * 2 * pairs + i;
          double a = x.get(at);
          double b = x.get(at + pairs);
          expected[at] = a * cosines.get(angle) - b * sines.get(angle);
          expected[at + pairs] = a * sines.get(angle) + b * cosines.get(angle);
        }
      }
    }
    return expected;
  }

  private static double[] appended(FloatArray cache, double[] rows, int width) {
    double[] expected = new double[cache.getSize()];
    Arrays.setAll(expected, cache::get);
    for (int i = 0; i < width; i++) {
      for (int token = 0; token < 5; token++) {
        expected[(2 * Pass.PAGE + token) * width + i] = cache.get(token * width + i);
      }
      expected[(2 * Pass.PAGE + 5) * width + i] = rows[i];
      expected[Pass.PAGE * width + i] = rows[width + i];
    }
    return expected;
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void copiesPagesThatSequencesGoOnWithin(boolean openCl) {
    int width = 37;
    IntArray pass = KernelRun.pass(1);
    pass.set(Pass.COPIES, 2);
    int[] copies = {0, 2, 5, 1, 3, Pass.PAGE};
    for (int i = 0; i < copies.length; i++) {
      pass.set(Pass.COPY + i, copies[i]);
    }
    FloatArray keys = random(4 * Pass.PAGE * width, 1);
    FloatArray values = random(4 * Pass.PAGE * width, 2);
    double[] expectedKeys = copied(keys, width);
    double[] expectedValues = copied(values, width);
    RowTasks tasks = tasks(openCl, pass);
    new KernelRun()
        .reads(pass)
        .writes(keys, values)
        .task("t", pass, graph -> tasks.copyPages(graph, "t", keys, values, width))
        .run();
    assertClose(expectedKeys, keys);
    assertClose(expectedValues, values);
  }

  /** Five tokens of page 0 in page 2, page 1 in page 3. */
  private static double[] copied(FloatArray cache, int width) {
    double[] expected = new double[cache.getSize()];
    Arrays.setAll(expected, cache::get);
    int page = Pass.PAGE * width;
    System.arraycopy(expected, 0, expected, 2 * page, 5 * width);
    System.arraycopy(expected, page, expected, 3 * page, page);
    return expected;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesASavedPage(boolean openCl) {
    int width = 37;
    int page = Pass.PAGE * width;
    IntArray which = new IntArray(1);
    which.set(0, 1);
    FloatArray staged = random(3 * page, 1);
    FloatArray cache = random(3 * page, 2);
    double[] expected = new double[page];
    Arrays.setAll(expected, i -> staged.get(2 * page + i));
    IntArray pass = KernelRun.pass(1);
    RowTasks tasks = tasks(openCl, pass);
    new KernelRun()
        .reads(which, staged)
        .writes(cache)
        .task(
            "t",
            pass,
            graph -> tasks.restorePage(graph, "t", which, staged, cache, 2 * page, width))
        .run();
    // What a task writes and never reads does not go to the device, so only the page is right.
    FloatArray taken = new FloatArray(page);
    for (int i = 0; i < page; i++) {
      taken.set(i, cache.get(page + i));
    }
    assertClose(expected, taken);
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
