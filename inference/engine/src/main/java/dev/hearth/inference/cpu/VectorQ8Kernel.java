package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.LANES;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
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
    for (; r + 2 <= to; r += 2) {
      two(weight, r * rowBytes, rowBytes, blocks, x, row, out, outAt + r);
    }
    if (r < to) {
      one(weight, r * rowBytes, blocks, x, row, out, outAt + r);
    }
  }

  private static void two(
      MemorySegment weight,
      long at,
      long rowBytes,
      int blocks,
      Activation activation,
      int row,
      float[] out,
      int outAt) {
    short[] x = activation.quants();
    float[] scales = activation.scales();
    int scaleAt = row * blocks;
    FloatVector acc0 = FloatVector.zero(FLOATS);
    FloatVector acc1 = FloatVector.zero(FLOATS);
    long w0 = at;
    long w1 = at + rowBytes;
    for (int block = 0; block < blocks; block++, w0 += BLOCK_BYTES, w1 += BLOCK_BYTES) {
      float scale = scales[scaleAt + block];
      FloatVector scale0 = FloatVector.broadcast(FLOATS, scale * scale(weight, w0));
      FloatVector scale1 = FloatVector.broadcast(FLOATS, scale * scale(weight, w1));
      int xAt = (scaleAt + block) * Activation.BLOCK;
      for (int i = 0; i < Activation.BLOCK; i += 2 * STEP) {
        long b0 = w0 + 2 + i;
        long b1 = w1 + 2 + i;
        ShortVector x0 = ShortVector.fromArray(SHORTS, x, xAt + i);
        ShortVector x1 = ShortVector.fromArray(SHORTS, x, xAt + i + STEP);
        Vector<Short> p0 =
            ByteVector.fromMemorySegment(BYTES, weight, b0, LITTLE)
                .convertShape(VectorOperators.B2S, SHORTS, 0)
                .mul(x0);
        Vector<Short> q0 =
            ByteVector.fromMemorySegment(BYTES, weight, b0 + STEP, LITTLE)
                .convertShape(VectorOperators.B2S, SHORTS, 0)
                .mul(x1);
        Vector<Short> p1 =
            ByteVector.fromMemorySegment(BYTES, weight, b1, LITTLE)
                .convertShape(VectorOperators.B2S, SHORTS, 0)
                .mul(x0);
        Vector<Short> q1 =
            ByteVector.fromMemorySegment(BYTES, weight, b1 + STEP, LITTLE)
                .convertShape(VectorOperators.B2S, SHORTS, 0)
                .mul(x1);
        Vector<Short> sum0 = p0.add(q0);
        Vector<Short> sum1 = p1.add(q1);
        acc0 = ((FloatVector) sum0.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(scale0, acc0);
        acc1 = ((FloatVector) sum1.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(scale1, acc1);
        if (LANES < 8) {
          acc0 =
              ((FloatVector) sum0.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(scale0, acc0);
          acc1 =
              ((FloatVector) sum1.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(scale1, acc1);
        }
      }
    }
    out[outAt] = acc0.reduceLanes(VectorOperators.ADD);
    out[outAt + 1] = acc1.reduceLanes(VectorOperators.ADD);
  }

  private static void one(
      MemorySegment weight,
      long at,
      int blocks,
      Activation activation,
      int row,
      float[] out,
      int outAt) {
    short[] x = activation.quants();
    float[] scales = activation.scales();
    int scaleAt = row * blocks;
    FloatVector acc = FloatVector.zero(FLOATS);
    long w = at;
    for (int block = 0; block < blocks; block++, w += BLOCK_BYTES) {
      FloatVector scale = FloatVector.broadcast(FLOATS, scales[scaleAt + block] * scale(weight, w));
      int xAt = (scaleAt + block) * Activation.BLOCK;
      for (int i = 0; i < Activation.BLOCK; i += STEP) {
        Vector<Short> product =
            ByteVector.fromMemorySegment(BYTES, weight, w + 2 + i, LITTLE)
                .convertShape(VectorOperators.B2S, SHORTS, 0)
                .mul(ShortVector.fromArray(SHORTS, x, xAt + i));
        acc = ((FloatVector) product.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(scale, acc);
        if (LANES < 8) {
          acc =
              ((FloatVector) product.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(scale, acc);
        }
      }
    }
    out[outAt] = acc.reduceLanes(VectorOperators.ADD);
  }

  private static float scale(MemorySegment weight, long at) {
    return Float.float16ToFloat(weight.get(Layouts.SHORT, at));
  }

  @Override
  public void dequantise(MemorySegment weight, long offset, float[] out, int outAt, int count) {
    for (int block = 0; block < count / Activation.BLOCK; block++) {
      dequantiseBlock(
          weight, offset + (long) block * BLOCK_BYTES, out, outAt + block * Activation.BLOCK);
    }
  }

  private static void dequantiseBlock(MemorySegment weight, long at, float[] out, int outAt) {
    FloatVector scale = FloatVector.broadcast(FLOATS, scale(weight, at));
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
