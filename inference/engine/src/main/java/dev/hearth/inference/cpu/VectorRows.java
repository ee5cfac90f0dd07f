package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.LANES;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix-vector products of one weight type: passes over stored rows, for one activation or two at
 * a time. An activation's result is the same bits either way, for each type unpacks exactly and
 * adds in one order: values are taken in groups of 16, group g goes to sum g mod 4, and lanes stay
 * apart until the end. Where 16 values are several vectors, the row is passed over once for each
 * ("piece"), so that every body is one plain loop, from which the compiler moves the bounds checks
 * of the arrays. What is left of a row behind the last {@value #STRIDE} values is dequantised to
 * the work space first.
 */
abstract class VectorRows implements WeightKernel {

  /** Values that a body takes at a time. */
  static final int STRIDE = 64;

  /** Values of which each gets a sum of its own. */
  static final int GROUP = 16;

  /** Where the work space has the results of two products. */
  static final int SUMS = 0;

  /** Where the work space has the rest of a row. */
  private static final int REST = 32;

  static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  /**
   * As many bytes as there are floats in a vector; with four (there is no such vector) eight, of
   * which the upper half is not used.
   */
  static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * Math.max(8, LANES)));

  /** Whether {@link #BYTES} is longer than what is used of it. */
  static final boolean OVERREADS = LANES < BYTES.length();

  final WeightType type;

  VectorRows(WeightType type) {
    this.type = type;
  }

  /**
   * One piece of the product of a stored row and an activation.
   *
   * @param at byte where the row begins
   * @param count values to take, a multiple of {@link #STRIDE} and of the block size
   * @param x activation, its piece from {@code xAt}
   * @param piece first of the lanes to take in each group
   * @param work a value for each {@link #GROUP} may be used, from {@code GROUP}
   */
  abstract float dot(
      MemorySegment weight, long at, int count, float[] x, int xAt, int piece, float[] work);

  /** The same for two activations, adding the results to {@code work} at {@link #SUMS}. */
  abstract void twoDots(
      MemorySegment weight,
      long at,
      int count,
      float[] x,
      int xAt,
      int yAt,
      int piece,
      float[] work);

  /** Dequantises one piece likewise; {@code count} is a multiple of the block size. */
  abstract void fill(MemorySegment weight, long at, int count, float[] out, int outAt, int piece);

  /**
   * The sum of the lanes of a vector in {@code work} at {@link #GROUP}, in one order: that of
   * {@code reduceLanes} depends on whether the code was compiled.
   */
  static float total(float[] work) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = GROUP; i < GROUP + half; i++) {
        work[i] += work[i + half];
      }
    }
    return work[GROUP];
  }

  /**
   * Zero, read from where a row begins. HotSpot turns a fault of a cut file into an error only in
   * methods that read memory in a plain way as well, and ends the process in others; a body that
   * loads nothing but vectors starts its sums from here.
   */
  static float zero(MemorySegment weight, long at) {
    return weight.get(ValueLayout.JAVA_BYTE, at) * 0;
  }

  static float half(MemorySegment weight, long at) {
    return Float.float16ToFloat(weight.get(Layouts.SHORT, at));
  }

  @Override
  public final void matVec(
      MemorySegment weight,
      int columns,
      int from,
      int to,
      float[] x,
      int count,
      float[] out,
      int outStride,
      float[] line) {
    long rowBytes = type.bytes(columns);
    for (int r = from; r < to; r++) {
      int c = 0;
      for (; c + 2 <= count && !OVERREADS; c += 2) {
        twoProducts(weight, r * rowBytes, columns, x, c * columns, line);
        out[c * outStride + r] = line[SUMS];
        out[(c + 1) * outStride + r] = line[SUMS + 1];
      }
      for (; c < count; c++) {
        out[c * outStride + r] = product(weight, r * rowBytes, columns, x, c * columns, line);
      }
    }
  }

  private float product(
      MemorySegment weight, long at, int columns, float[] x, int xAt, float[] line) {
    int bound = columns & -STRIDE;
    float sum = 0;
    if (OVERREADS) {
      dequantise(weight, at, line, REST, columns);
      for (int piece = 0; piece < GROUP; piece += LANES) {
        sum += lineDot(line, bound, x, xAt + piece, piece);
      }
      return rest(line, bound, columns - bound, x, xAt + bound, sum);
    }
    for (int piece = 0; piece < GROUP; piece += LANES) {
      sum += dot(weight, at, bound, x, xAt + piece, piece, line);
    }
    if (bound < columns) {
      dequantise(weight, at + type.bytes(bound), line, REST, columns - bound);
      sum = rest(line, 0, columns - bound, x, xAt + bound, sum);
    }
    return sum;
  }

  private void twoProducts(
      MemorySegment weight, long at, int columns, float[] x, int xAt, float[] line) {
    int bound = columns & -STRIDE;
    line[SUMS] = 0;
    line[SUMS + 1] = 0;
    for (int piece = 0; piece < GROUP; piece += LANES) {
      twoDots(weight, at, bound, x, xAt + piece, xAt + columns + piece, piece, line);
    }
    if (bound < columns) {
      dequantise(weight, at + type.bytes(bound), line, REST, columns - bound);
      line[SUMS] = rest(line, 0, columns - bound, x, xAt + bound, line[SUMS]);
      line[SUMS + 1] = rest(line, 0, columns - bound, x, xAt + columns + bound, line[SUMS + 1]);
    }
  }

  private static float rest(float[] line, int from, int count, float[] x, int xAt, float start) {
    float sum = start;
    for (int i = 0; i < count; i++) {
      sum += line[REST + from + i] * x[xAt + i];
    }
    return sum;
  }

  private static float lineDot(float[] line, int count, float[] x, int xAt, int piece) {
    FloatVector acc0 = FloatVector.zero(FLOATS);
    FloatVector acc1 = FloatVector.zero(FLOATS);
    FloatVector acc2 = FloatVector.zero(FLOATS);
    FloatVector acc3 = FloatVector.zero(FLOATS);
    for (int i = 0; i < count; i += STRIDE) {
      int w = REST + i + piece;
      int p = xAt + i;
      acc0 = FloatVector.fromArray(FLOATS, line, w).fma(FloatVector.fromArray(FLOATS, x, p), acc0);
      acc1 =
          FloatVector.fromArray(FLOATS, line, w + 16)
              .fma(FloatVector.fromArray(FLOATS, x, p + 16), acc1);
      acc2 =
          FloatVector.fromArray(FLOATS, line, w + 32)
              .fma(FloatVector.fromArray(FLOATS, x, p + 32), acc2);
      acc3 =
          FloatVector.fromArray(FLOATS, line, w + 48)
              .fma(FloatVector.fromArray(FLOATS, x, p + 48), acc3);
    }
    acc0.add(acc1).add(acc2.add(acc3)).intoArray(line, GROUP);
    return total(line);
  }

  @Override
  public final void dequantise(
      MemorySegment weight, long offset, float[] out, int outAt, int count) {
    // The last block is left to the codec where a body would read beyond it.
    int blocks = count / Math.max(GROUP, type.blockValues()) - (OVERREADS ? 1 : 0);
    int bound = Math.max(0, blocks) * Math.max(GROUP, type.blockValues());
    for (int piece = 0; piece < GROUP; piece += LANES) {
      fill(weight, offset, bound, out, outAt, piece);
    }
    if (bound < count) {
      type.codec()
          .dequantise(weight, offset + type.bytes(bound), out, outAt + bound, count - bound);
    }
  }
}
