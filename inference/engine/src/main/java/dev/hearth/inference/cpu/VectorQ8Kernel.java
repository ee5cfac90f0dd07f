package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.LANES;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
 */
final class VectorQ8Kernel implements WeightKernel {

  /** Shorts multiplied at a time: as many as floats, but at least 8 (there are no 4 bytes). */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(16 * Math.max(8, LANES)));

  static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * Math.max(8, LANES)));
  static final int STEP = SHORTS.length();
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
    for (int r = from; r < to; r++) {
      out[outAt + r] = dot(weight, r * rowBytes, blocks, x.quants(), x.scales(), row * blocks);
    }
  }

  private static float dot(
      MemorySegment weight, long at, int blocks, short[] x, float[] scales, int scaleAt) {
    FloatVector acc0 = FloatVector.zero(FLOATS);
    FloatVector acc1 = FloatVector.zero(FLOATS);
    int block = 0;
    for (; block + 2 <= blocks; block += 2) {
      long w0 = at + (long) block * BLOCK_BYTES;
      long w1 = w0 + BLOCK_BYTES;
      FloatVector scale0 =
          FloatVector.broadcast(FLOATS, scales[scaleAt + block] * scale(weight, w0));
      FloatVector scale1 =
          FloatVector.broadcast(FLOATS, scales[scaleAt + block + 1] * scale(weight, w1));
      int x0 = (scaleAt + block) * Activation.BLOCK;
      int x1 = x0 + Activation.BLOCK;
      for (int i = 0; i < Activation.BLOCK; i += 2 * STEP) {
        Vector<Short> p0 =
            ByteVector.fromMemorySegment(BYTES, weight, w0 + 2 + i, LITTLE)
                .convertShape(VectorOperators.B2S, SHORTS, 0)
                .mul(ShortVector.fromArray(SHORTS, x, x0 + i));
        Vector<Short> q0 =
            ByteVector.fromMemorySegment(BYTES, weight, w0 + 2 + i + STEP, LITTLE)
                .convertShape(VectorOperators.B2S, SHORTS, 0)
                .mul(ShortVector.fromArray(SHORTS, x, x0 + i + STEP));
        Vector<Short> p1 =
            ByteVector.fromMemorySegment(BYTES, weight, w1 + 2 + i, LITTLE)
                .convertShape(VectorOperators.B2S, SHORTS, 0)
                .mul(ShortVector.fromArray(SHORTS, x, x1 + i));
        Vector<Short> q1 =
            ByteVector.fromMemorySegment(BYTES, weight, w1 + 2 + i + STEP, LITTLE)
                .convertShape(VectorOperators.B2S, SHORTS, 0)
                .mul(ShortVector.fromArray(SHORTS, x, x1 + i + STEP));
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
    float sum = acc0.add(acc1).reduceLanes(VectorOperators.ADD);
    return block < blocks ? sum + lastBlock(weight, at, block, x, scales, scaleAt) : sum;
  }

  /** The block left over when a row has an odd number of them. */
  private static float lastBlock(
      MemorySegment weight, long at, int block, short[] x, float[] scales, int scaleAt) {
    long from = at + (long) block * BLOCK_BYTES;
    int xAt = (scaleAt + block) * Activation.BLOCK;
    int sum = 0;
    for (int i = 0; i < Activation.BLOCK; i++) {
      sum += weight.get(ValueLayout.JAVA_BYTE, from + 2 + i) * x[xAt + i];
    }
    return sum * scales[scaleAt + block] * scale(weight, from);
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
