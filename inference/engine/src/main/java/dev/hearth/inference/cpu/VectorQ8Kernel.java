package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.INTS;
import static dev.hearth.inference.cpu.VectorKernels.LANES;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Q8_0 weights against 8-bit activations.
 *
 * <p>Bytes are widened to shorts, multiplied as shorts and two products added as shorts before they
 * are widened to ints: |w x| is at most 128 * 127, so the sum of two is at most 32,512 and fits.
 * The four rows of a pass share the loads of the activation.
 */
final class VectorQ8Kernel implements WeightKernel {

  /** Shorts multiplied at a time: as many as floats, but at least 8 (there are no 4 bytes). */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(16 * Math.max(8, LANES)));

  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * Math.max(8, LANES)));
  private static final int STEP = SHORTS.length();
  private static final int BLOCK_BYTES = WeightType.Q8_0.blockBytes();
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  @Override
  public boolean quantised() {
    return true;
  }

  @Override
  public void matVec(
      MemorySegment weight,
      int columns,
      int from,
      int to,
      Activation x,
      int row,
      float[] out,
      int outAt) {
    int blocks = columns / Activation.BLOCK;
    long rowBytes = (long) blocks * BLOCK_BYTES;
    int r = from;
    for (; r + 4 <= to; r += 4) {
      four(
          weight,
          r * rowBytes,
          rowBytes,
          blocks,
          x.quants(),
          row * columns,
          x.scales(),
          row * blocks,
          out,
          outAt + r);
    }
    for (; r < to; r++) {
      out[outAt + r] =
          one(weight, r * rowBytes, blocks, x.quants(), row * columns, x.scales(), row * blocks);
    }
  }

  private static void four(
      MemorySegment weight,
      long at,
      long rowBytes,
      int blocks,
      short[] x,
      int xAt,
      float[] scales,
      int scaleAt,
      float[] out,
      int outAt) {
    FloatVector acc0 = FloatVector.zero(FLOATS);
    FloatVector acc1 = acc0;
    FloatVector acc2 = acc0;
    FloatVector acc3 = acc0;
    long w0 = at;
    long w1 = w0 + rowBytes;
    long w2 = w1 + rowBytes;
    long w3 = w2 + rowBytes;
    for (int block = 0, q = xAt; block < blocks; block++, q += Activation.BLOCK) {
      float scale = scales[scaleAt + block];
      acc0 = block(weight, w0, x, q).fma(scale(weight, w0, scale), acc0);
      acc1 = block(weight, w1, x, q).fma(scale(weight, w1, scale), acc1);
      acc2 = block(weight, w2, x, q).fma(scale(weight, w2, scale), acc2);
      acc3 = block(weight, w3, x, q).fma(scale(weight, w3, scale), acc3);
      w0 += BLOCK_BYTES;
      w1 += BLOCK_BYTES;
      w2 += BLOCK_BYTES;
      w3 += BLOCK_BYTES;
    }
    out[outAt] = acc0.reduceLanes(VectorOperators.ADD);
    out[outAt + 1] = acc1.reduceLanes(VectorOperators.ADD);
    out[outAt + 2] = acc2.reduceLanes(VectorOperators.ADD);
    out[outAt + 3] = acc3.reduceLanes(VectorOperators.ADD);
  }

  private static float one(
      MemorySegment weight, long at, int blocks, short[] x, int xAt, float[] scales, int scaleAt) {
    FloatVector acc = FloatVector.zero(FLOATS);
    long w = at;
    for (int block = 0, q = xAt; block < blocks; block++, q += Activation.BLOCK) {
      acc = block(weight, w, x, q).fma(scale(weight, w, scales[scaleAt + block]), acc);
      w += BLOCK_BYTES;
    }
    return acc.reduceLanes(VectorOperators.ADD);
  }

  private static FloatVector scale(MemorySegment weight, long at, float scale) {
    return FloatVector.broadcast(
        FLOATS, scale * Float.float16ToFloat(weight.get(Layouts.SHORT, at)));
  }

  /** The products of one block, summed to one vector of lanes. */
  private static FloatVector block(MemorySegment weight, long at, short[] x, int xAt) {
    IntVector sum = pair(weight, at + 2, x, xAt);
    if (STEP == 8) {
      sum = sum.add(pair(weight, at + 2 + 2L * STEP, x, xAt + 2 * STEP));
    }
    return (FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0);
  }

  private static IntVector pair(MemorySegment weight, long at, short[] x, int xAt) {
    ShortVector sum = product(weight, at, x, xAt).add(product(weight, at + STEP, x, xAt + STEP));
    IntVector low = (IntVector) sum.convertShape(VectorOperators.S2I, INTS, 0);
    return LANES >= 8 ? low : low.add((IntVector) sum.convertShape(VectorOperators.S2I, INTS, 1));
  }

  private static ShortVector product(MemorySegment weight, long at, short[] x, int xAt) {
    Vector<Short> wide =
        ByteVector.fromMemorySegment(BYTES, weight, at, LITTLE)
            .convertShape(VectorOperators.B2S, SHORTS, 0);
    return ((ShortVector) wide).mul(ShortVector.fromArray(SHORTS, x, xAt));
  }

  @Override
  public void dequantise(MemorySegment weight, long offset, float[] out, int outAt, int count) {
    for (int block = 0; block < count / Activation.BLOCK; block++) {
      dequantiseBlock(
          weight, offset + (long) block * BLOCK_BYTES, out, outAt + block * Activation.BLOCK);
    }
  }

  private static void dequantiseBlock(MemorySegment weight, long at, float[] out, int outAt) {
    FloatVector scale = scale(weight, at, 1);
    for (int i = 0; i < Activation.BLOCK; i += STEP) {
      ByteVector bytes = ByteVector.fromMemorySegment(BYTES, weight, at + 2 + i, LITTLE);
      ((FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, 0))
          .mul(scale)
          .intoArray(out, outAt + i);
      if (LANES < 8) {
        ((FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, 1))
            .mul(scale)
            .intoArray(out, outAt + i + LANES);
      }
    }
  }
}
