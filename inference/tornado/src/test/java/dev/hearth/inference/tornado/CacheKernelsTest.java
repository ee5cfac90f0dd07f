package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.KvType;
import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Slot;
import dev.hearth.inference.testing.Errors;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** The operations on the KV cache, in both forms, however it is stored, against float64. */
class CacheKernelsTest {

  private static final double TOLERANCE = 1e-11;

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

  /** The cache of one layer: its integers, and what values they stand for. */
  private record Cache(KvType type, int values, TornadoNativeArray array) {

    static Cache random(KvType type, int kvHeads, int headDim, int pages, int seed) {
      DecoderShape shape = new DecoderShape(1, 8, kvHeads, kvHeads, headDim, 8, 8, 512, 1e-5f, 1e4);
      int width = KvCache.width(shape, type);
      int size = pages * Pass.PAGE * width;
      TornadoNativeArray array = type == KvType.F32 ? new FloatArray(size) : new IntArray(size);
      Cache cache = new Cache(type, kvHeads * headDim, array);
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < size; i++) {
        boolean isScale = i % width >= ((kvHeads * headDim) >> KvCache.kind(type));
        float x = (float) random.nextGaussian();
        int halves =
            (Float.floatToFloat16(x) & 0xFFFF)
                | Float.floatToFloat16((float) random.nextGaussian()) << 16;
        int bits =
            switch (type) {
              case F32 -> Float.floatToRawIntBits(x);
              case F16 -> halves;
              case Q8_0 -> isScale ? Float.floatToFloat16(0.005f + x * x / 300) : random.nextInt();
            };
        array.getSegment().set(ValueLayout.JAVA_INT, 4L * i, bits);
      }
      return cache;
    }

    int width() {
      int width = values >> KvCache.kind(type);
      return type == KvType.Q8_0 ? width + values / KvCache.BLOCK : width;
    }

    int word(int at) {
      return array.getSegment().get(ValueLayout.JAVA_INT, 4L * at);
    }

    double value(int token, int i) {
      int at = token * width();
      int word = word(at + (i >> KvCache.kind(type)));
      return switch (type) {
        case F32 -> Float.intBitsToFloat(word);
        case F16 -> Float.float16ToFloat((short) (word >>> (16 * (i % 2))));
        case Q8_0 ->
            (byte) (word >>> (8 * (i % 4)))
                * (double) Float.float16ToFloat((short) word(at + values / 4 + i / KvCache.BLOCK));
      };
    }

    float[] floats(int token) {
      float[] all = new float[values];
      for (int i = 0; i < values; i++) {
        all[i] = (float) value(token, i);
      }
      return all;
    }

    int[] contents() {
      return array.getSegment().toArray(ValueLayout.JAVA_INT);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "false, F32, 18",
    "true, F32, 48",
    "false, F16, 20",
    "true, F16, 48",
    "true, F16, 64",
    "false, Q8_0, 32",
    "true, Q8_0, 32",
    "false, Q8_0, 64",
    "true, Q8_0, 128"
  })
  void attendsOverThePagesOfEachSequence(boolean openCl, KvType type, int headDim) {
    assertAttends(openCl ? 0 : KernelRun.LANES, type, 6, 2, headDim, 1, 64, 65, 131, 1001);
  }

  static List<Arguments> fewRows() {
    int[][] heads = {{6, 2, 32}, {7, 1, 64}, {4, 4, 32}, {10, 2, 128}};
    int[][] lengths = {{1, 63, 64, 65}, {1001, 128, 1}, {1001}, {1024, 1025}};
    List<Arguments> cases = new ArrayList<>();
    for (KvType type : KvType.values()) {
      for (int i = 0; i < heads.length; i++) {
        cases.add(Arguments.of(KernelRun.LANES, type, heads[i], lengths[i]));
        cases.add(Arguments.of(64, type, heads[i], lengths[(i + 1) % lengths.length]));
      }
    }
    cases.add(Arguments.of(64, KvType.F32, new int[] {3, 1, 18}, lengths[0]));
    return cases;
  }

  @ParameterizedTest
  @MethodSource("fewRows")
  void stretchesOfFewRowsAreMerged(int lanes, KvType type, int[] heads, int[] lengths) {
    assertAttends(lanes, type, heads[0], heads[1], heads[2], lengths);
  }

  @Test
  void oneRowMoreIsComputedWhole() {
    assertAttends(KernelRun.LANES, KvType.F32, 6, 2, 32, 1, 63, 64, 65, 128);
    assertAttends(64, KvType.F16, 5, 5, 64, 200, 199, 198, 197, 196, 195);
  }

  /** By Java with some lanes a work group, or by OpenCL C with none. */
  private static void assertAttends(
      int lanes, KvType type, int heads, int kvHeads, int headDim, int... lengths) {
    int[] positions = Arrays.stream(lengths).map(length -> length - 1).toArray();
    IntArray pass = KernelRun.pass(positions.length);
    Cache keys = Cache.random(type, kvHeads, headDim, 24, 1);
    Cache values = Cache.random(type, kvHeads, headDim, 24, 2);
    FloatArray query = random(positions.length * heads * headDim, 3);
    int table = 0;
    double[] expected = new double[query.getSize()];
    for (int row = 0; row < positions.length; row++) {
      pass.set(Pass.POSITIONS + row, positions[row]);
      pass.set(Pass.TABLES + row, table);
      int begin = table;
      for (int page = 0; page <= positions[row] / Pass.PAGE; page++) {
        pass.set(Pass.TABLE + table, (7 * table + 5) % 24);
        table++;
      }
      for (int head = 0; head < heads; head++) {
        int kvAt = head / (heads / kvHeads) * headDim;
        int at = (row * heads + head) * headDim;
        double total = 0;
        for (int t = 0; t <= positions[row]; t++) {
          int page = pass.get(Pass.TABLE + begin + t / Pass.PAGE);
          int token = page * Pass.PAGE + t % Pass.PAGE;
          double dot = 0;
          for (int d = 0; d < headDim; d++) {
            dot += query.get(at + d) * keys.value(token, kvAt + d);
          }
          double weight = Math.exp(dot / Math.sqrt(headDim));
          total += weight;
          for (int d = 0; d < headDim; d++) {
            expected[at + d] += weight * values.value(token, kvAt + d);
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
        new RowTasks.Attention(
            query, none, none, none, none, keys.array(), values.array(), KvCache.kind(type), out);
    RowTasks tasks = lanes == 0 ? new RowTwin(pass) : new RowJava(pass, lanes);
    Op.Attend attend = attention(heads, kvHeads, headDim);
    KernelRun run = new KernelRun().reads(pass, query, keys.array(), values.array()).writes(out);
    run.task("t", pass, graph -> tasks.attend(graph, "t", attend, arrays, Pass.ALL));
    tasks.kept().forEach(parts -> parts.init(Float.NaN));
    if (lanes > 0) {
      run.task("m", pass, graph -> tasks.merge(graph, "m", attend, arrays, Pass.ALL).orElseThrow());
    }
    run.run();
    assertThat(Errors.nmse(expected, KernelRun.values(out, expected.length), 0))
        .isLessThan(TOLERANCE);
  }

  /** How far stored values may be from those that joined, as a share of their squares. */
  private static double tolerance(KvType type) {
    return switch (type) {
      case F32 -> TOLERANCE;
      case F16 -> 3e-7;
      case Q8_0 -> 1e-4;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "false, F32, 9",
    "true, F32, 11",
    "false, F16, 10",
    "true, F16, 12",
    "false, Q8_0, 16",
    "true, Q8_0, 16",
    "false, Q8_0, 64",
    "true, Q8_0, 64"
  })
  void turnsQueryAndKeyAndAppendsBehindWhatItCopies(boolean openCl, KvType type, int pairs) {
    int heads = 3;
    int kvHeads = 2;
    int dim = 2 * pairs;
    IntArray pass = KernelRun.pass(2);
    int[][] numbers = {
      {Pass.COPIES, 1},
      {Pass.COPY, 0},
      {Pass.COPY + 1, 2},
      {Pass.COPY + 2, 5},
      {Pass.POSITIONS, 5},
      {Pass.TABLES, 0},
      {Pass.TABLE, 2},
      {Pass.POSITIONS + 1, 64},
      {Pass.TABLES + 1, 1},
      {Pass.TABLE + 1, 0},
      {Pass.TABLE + 2, 1}
    };
    for (int[] number : numbers) {
      pass.set(number[0], number[1]);
    }
    FloatArray query = random(2 * heads * dim, 1);
    FloatArray key = random(2 * kvHeads * dim, 2);
    FloatArray value = random(2 * kvHeads * dim, 3);
    FloatArray cosines = random(65 * pairs, 4);
    FloatArray sines = random(65 * pairs, 5);
    Cache keys = Cache.random(type, kvHeads, dim, 3, 6);
    Cache values = Cache.random(type, kvHeads, dim, 3, 7);
    double[] turned = turned(query, heads, pairs, cosines, sines);
    double[] turnedKey = turned(key, kvHeads, pairs, cosines, sines);
    double[] plain = new double[2 * kvHeads * dim];
    Arrays.setAll(plain, value::get);
    int[] keysBefore = keys.contents();
    int[] valuesBefore = values.contents();
    RowTasks.Attention arrays =
        new RowTasks.Attention(
            query,
            key,
            value,
            cosines,
            sines,
            keys.array(),
            values.array(),
            KvCache.kind(type),
            query);
    RowTasks tasks = tasks(openCl, pass);
    Op.Attend attend = attention(heads, kvHeads, dim);
    new KernelRun()
        .reads(pass, key, value, cosines, sines)
        .writes(query, keys.array(), values.array())
        .task("t", pass, graph -> tasks.append(graph, "t", attend, arrays, Pass.ALL))
        .run();
    assertThat(Errors.nmse(turned, KernelRun.values(query, turned.length), 0))
        .isLessThan(TOLERANCE);
    assertAppended(keysBefore, keys, turnedKey);
    assertAppended(valuesBefore, values, plain);
  }

  /** Rows are behind 5 copied tokens of page 2, and the first of page 1; all else is as it was. */
  private static void assertAppended(int[] before, Cache cache, double[] rows) {
    int width = cache.width();
    int[] expected = before.clone();
    int[] after = cache.contents();
    System.arraycopy(before, 0, expected, 2 * Pass.PAGE * width, 5 * width);
    int[] tokens = {2 * Pass.PAGE + 5, Pass.PAGE};
    for (int row = 0; row < 2; row++) {
      int from = tokens[row] * width;
      System.arraycopy(after, from, expected, from, width);
      double[] joined = Arrays.copyOfRange(rows, row * cache.values(), (row + 1) * cache.values());
      assertThat(Errors.nmse(joined, cache.floats(tokens[row]), 0))
          .isLessThan(tolerance(cache.type()));
    }
    assertThat(after).containsExactly(expected);
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void halvesAreTheNearestEvenOnesAndFinite(boolean openCl) {
    float[] numbers = {
      0f, 3f, 1f, -1.5f, 2049f, 2051f, 4098f, 65503f, 65504f, 65519f, 65520f, 1e9f, -1e9f, 6e-5f,
      6.1e-5f, -6.2e-8f, 2.9e-8f, 2.98e-8f, 1e-9f, 0.1f, 1 / 3f, 1023.75f, 1e-4f, -3e-6f
    };
    int pairs = numbers.length / 2;
    FloatArray value = new FloatArray(numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      value.set(i, numbers[i]);
    }
    IntArray pass = KernelRun.pass(1);
    Cache keys = Cache.random(KvType.F16, 1, 2 * pairs, 1, 1);
    Cache values = Cache.random(KvType.F16, 1, 2 * pairs, 1, 1);
    FloatArray rows = random(2 * pairs, 1);
    FloatArray angles = random(pairs, 2);
    RowTasks.Attention arrays =
        new RowTasks.Attention(
            rows, value, value, angles, angles, keys.array(), values.array(), KvCache.HALF, rows);
    RowTasks tasks = tasks(openCl, pass);
    Op.Attend attend = attention(1, 1, 2 * pairs);
    new KernelRun()
        .reads(pass, value, angles)
        .writes(rows, keys.array(), values.array())
        .task("t", pass, graph -> tasks.append(graph, "t", attend, arrays, Pass.ALL))
        .run();
    for (int i = 0; i < numbers.length; i++) {
      float finite = Math.max(-65504f, Math.min(65504f, numbers[i]));
      assertThat(values.floats(0)[i])
          .as("%s", numbers[i])
          .isEqualTo(Float.float16ToFloat(Float.floatToFloat16(finite)));
    }
  }

  @Test
  void everyHalfIsItselfWhenWidenedAndRounded() {
    for (int half = 0; half < 0x10000; half++) {
      if ((half & 0x7C00) != 0x7C00 && half != 0x8000) {
        float wide = Float.float16ToFloat((short) half);
        assertThat(CacheKernels.single(half)).isEqualTo(wide);
        assertThat(CacheKernels.half(wide)).isEqualTo(half);
      }
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1_000_000; i++) {
      float x = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(-30, 16)));
      float finite = Math.max(-65504f, Math.min(65504f, x));
      assertThat((short) CacheKernels.half(x)).isEqualTo(Float.floatToFloat16(finite));
    }
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
    IntArray keys = numbers(4 * Pass.PAGE * width, 1);
    IntArray values = numbers(4 * Pass.PAGE * width, 2);
    int[] expectedKeys = copied(keys, width);
    int[] expectedValues = copied(values, width);
    RowTasks tasks = tasks(openCl, pass);
    new KernelRun()
        .reads(pass)
        .writes(keys, values)
        .task("t", pass, graph -> tasks.copyPages(graph, "t", keys, values, width, KvCache.BYTE))
        .run();
    assertThat(keys.toHeapArray()).containsExactly(expectedKeys);
    assertThat(values.toHeapArray()).containsExactly(expectedValues);
  }

  private static IntArray numbers(int size, int seed) {
    return IntArray.fromArray(new SplittableRandom(seed).ints(size).toArray());
  }

  /** Five tokens of page 0 in page 2, page 1 in page 3. */
  private static int[] copied(IntArray cache, int width) {
    int[] expected = cache.toHeapArray();
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
    IntArray which = IntArray.fromElements(1);
    IntArray staged = numbers(3 * page, 1);
    IntArray cache = numbers(3 * page, 2);
    IntArray pass = KernelRun.pass(1);
    RowTasks tasks = tasks(openCl, pass);
    new KernelRun()
        .reads(which, staged)
        .writes(cache)
        .task(
            "t",
            pass,
            graph ->
                tasks.restorePage(graph, "t", which, staged, cache, 2 * page, width, KvCache.HALF))
        .run();
    // What a task writes and never reads does not go to the device, so only the page is right.
    assertThat(Arrays.copyOfRange(cache.toHeapArray(), page, 2 * page))
        .containsExactly(Arrays.copyOfRange(staged.toHeapArray(), 2 * page, 3 * page));
  }
}
