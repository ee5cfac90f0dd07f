package dev.hearth.inference.cpu;

import static dev.hearth.inference.cpu.VectorKernels.FLOATS;
import static dev.hearth.inference.cpu.VectorKernels.LANES;
import static dev.hearth.inference.cpu.VectorQ8Kernel.BYTES;
import static dev.hearth.inference.cpu.VectorQ8Kernel.SHORTS;
import static dev.hearth.inference.cpu.VectorQ8Kernel.STEP;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights of 4 to 6 bits against 8-bit activations.
 *
 * <p>Numbers are unpacked to shorts and multiplied as shorts. What is added as shorts before it is
 * widened stays below 32,767: for 5 bits, 31 x 127 x 4 = 15,748. Minima are taken off once for each
 * 32 values, by the sum of the activation's block.
 */
final class VectorNibbleKernels {

  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final int BLOCK = Activation.BLOCK;
  private static final int PARTS = 8;

  private VectorNibbleKernels() {}

  private static float half(MemorySegment weight, long at) {
    return Float.float16ToFloat(weight.get(Layouts.SHORT, at));
  }

  /** Rows by dot products, blocks by dequantising one after the other. */
  abstract static class Rows implements WeightKernel {

    final WeightType type;

    Rows(WeightType type) {
      this.type = type;
    }

    /** One row, {@code blocks} blocks of the type long. */
    abstract float dot(MemorySegment weight, long at, int blocks, Activation x, int xBlock);

    abstract void block(MemorySegment weight, long at, float[] out, int outAt);

    @Override
    public final boolean quantised() {
      return true;
    }

    @Override
    public final void matVec(
        MemorySegment weight,
        int columns,
        int from,
        int to,
        Activation x,
        int row,
        float[] out,
        int outAt) {
      long rowBytes = type.bytes(columns);
      int blocks = columns / type.blockValues();
      for (int r = from; r < to; r++) {
        out[outAt + r] = dot(weight, r * rowBytes, blocks, x, row * columns / BLOCK);
      }
    }

    @Override
    public final void dequantise(
        MemorySegment weight, long offset, float[] out, int outAt, int count) {
      for (int done = 0; done < count; done += type.blockValues()) {
        block(weight, offset + type.bytes(done), out, outAt + done);
      }
    }
  }

  /** Q4_0. */
  static final class Q40 extends Rows {

    Q40() {
      super(WeightType.Q4_0);
    }

    @Override
    float dot(MemorySegment weight, long at, int blocks, Activation x, int xBlock) {
      short[] quants = x.quants();
      float[] scales = x.scales();
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      for (int block = 0; block < blocks; block++) {
        long w = at + 18L * block;
        int xAt = (xBlock + block) * BLOCK;
        FloatVector step = FloatVector.broadcast(FLOATS, half(weight, w) * scales[xBlock + block]);
        ShortVector low = ShortVector.zero(SHORTS);
        ShortVector high = ShortVector.zero(SHORTS);
        for (int i = 0; i < BLOCK / 2; i += STEP) {
          ShortVector bytes =
              (ShortVector)
                  ByteVector.fromMemorySegment(BYTES, weight, w + 2 + i, LITTLE)
                      .convertShape(VectorOperators.B2S, SHORTS, 0);
          low =
              bytes
                  .and((short) 0xF)
                  .sub((short) 8)
                  .mul(ShortVector.fromArray(SHORTS, quants, xAt + i))
                  .add(low);
          high =
              bytes
                  .lanewise(VectorOperators.LSHR, 4)
                  .and((short) 0xF)
                  .sub((short) 8)
                  .mul(ShortVector.fromArray(SHORTS, quants, xAt + BLOCK / 2 + i))
                  .add(high);
        }
        acc0 = ((FloatVector) low.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(step, acc0);
        acc1 = ((FloatVector) high.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(step, acc1);
        if (LANES < 8) {
          acc0 = ((FloatVector) low.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(step, acc0);
          acc1 = ((FloatVector) high.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(step, acc1);
        }
      }
      return acc0.add(acc1).reduceLanes(VectorOperators.ADD);
    }

    @Override
    void block(MemorySegment weight, long at, float[] out, int outAt) {
      FloatVector step = FloatVector.broadcast(FLOATS, half(weight, at));
      for (int i = 0; i < BLOCK / 2; i += STEP) {
        ShortVector bytes =
            (ShortVector)
                ByteVector.fromMemorySegment(BYTES, weight, at + 2 + i, LITTLE)
                    .convertShape(VectorOperators.B2S, SHORTS, 0);
        ShortVector low = bytes.and((short) 0xF).sub((short) 8);
        ShortVector high = bytes.lanewise(VectorOperators.LSHR, 4).and((short) 0xF).sub((short) 8);
        int to = outAt + i;
        for (int part = 0; part < STEP / LANES; part++, to += LANES) {
          ((FloatVector) low.convertShape(VectorOperators.S2F, FLOATS, part))
              .mul(step)
              .intoArray(out, to);
          ((FloatVector) high.convertShape(VectorOperators.S2F, FLOATS, part))
              .mul(step)
              .intoArray(out, to + BLOCK / 2);
        }
      }
    }
  }

  /** Q4_K and Q5_K. */
  static final class WithMinima extends Rows {

    private final boolean fifth;
    private final int blockBytes;

    WithMinima(WeightType type) {
      super(type);
      fifth = type == WeightType.Q5_K;
      blockBytes = type.blockBytes();
    }

    @Override
    float dot(MemorySegment weight, long at, int blocks, Activation x, int xBlock) {
      return fifth ? dot5(weight, at, blocks, x, xBlock) : dot4(weight, at, blocks, x, xBlock);
    }

    /** The sub-blocks' minima times the sums of the activation's blocks. */
    private static float lows(MemorySegment weight, long at, float[] sums, int xBlock) {
      int second = weight.get(Layouts.INT, at + 8);
      int third = weight.get(Layouts.INT, at + 12);
      int first4 = second & 0x3F3F3F3F;
      int last4 = (third >>> 4 & 0x0F0F0F0F) | (second >>> 2 & 0x30303030);
      float low =
          (first4 & 63) * sums[xBlock]
              + (first4 >>> 8 & 63) * sums[xBlock + 1]
              + (first4 >>> 16 & 63) * sums[xBlock + 2]
              + (first4 >>> 24) * sums[xBlock + 3]
              + (last4 & 63) * sums[xBlock + 4]
              + (last4 >>> 8 & 63) * sums[xBlock + 5]
              + (last4 >>> 16 & 63) * sums[xBlock + 6]
              + (last4 >>> 24) * sums[xBlock + 7];
      return half(weight, at + 2) * low;
    }

    /** The eight 6-bit scales as the bytes of a long, the first in the lowest. */
    private static long scales(MemorySegment weight, long at) {
      int first = weight.get(Layouts.INT, at + 4);
      int third = weight.get(Layouts.INT, at + 12);
      long first4 = first & 0x3F3F3F3F;
      long last4 = (third & 0x0F0F0F0F) | (first >>> 2 & 0x30303030);
      return first4 | last4 << 32;
    }

    private static float dot4(MemorySegment weight, long at, int blocks, Activation x, int xBlock) {
      short[] quants = x.quants();
      float[] xScales = x.scales();
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      float low = 0;
      for (int block = 0; block < blocks; block++) {
        long w = at + 144L * block;
        int xPart = xBlock + PARTS * block;
        low += lows(weight, w, x.sums(), xPart);
        long scales = scales(weight, w);
        float d = half(weight, w);
        for (int pair = 0; pair < PARTS / 2; pair++, xPart += 2, scales >>>= 16) {
          long numbers = w + 16 + 32L * pair;
          int xAt = xPart * BLOCK;
          ShortVector sum0 = ShortVector.zero(SHORTS);
          ShortVector sum1 = ShortVector.zero(SHORTS);
          for (int i = 0; i < BLOCK; i += STEP) {
            ShortVector bytes =
                (ShortVector)
                    ByteVector.fromMemorySegment(BYTES, weight, numbers + i, LITTLE)
                        .convertShape(VectorOperators.B2S, SHORTS, 0);
            sum0 =
                bytes
                    .and((short) 0xF)
                    .mul(ShortVector.fromArray(SHORTS, quants, xAt + i))
                    .add(sum0);
            sum1 =
                bytes
                    .lanewise(VectorOperators.LSHR, 4)
                    .and((short) 0xF)
                    .mul(ShortVector.fromArray(SHORTS, quants, xAt + BLOCK + i))
                    .add(sum1);
          }
          FloatVector step0 = FloatVector.broadcast(FLOATS, d * (scales & 63) * xScales[xPart]);
          FloatVector step1 =
              FloatVector.broadcast(FLOATS, d * (scales >>> 8 & 63) * xScales[xPart + 1]);
          acc0 = ((FloatVector) sum0.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(step0, acc0);
          acc1 = ((FloatVector) sum1.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(step1, acc1);
          if (LANES < 8) {
            acc0 =
                ((FloatVector) sum0.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(step0, acc0);
            acc1 =
                ((FloatVector) sum1.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(step1, acc1);
          }
        }
      }
      return acc0.add(acc1).reduceLanes(VectorOperators.ADD) - low;
    }

    private static float dot5(MemorySegment weight, long at, int blocks, Activation x, int xBlock) {
      short[] quants = x.quants();
      float[] xScales = x.scales();
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      float low = 0;
      for (int block = 0; block < blocks; block++) {
        long w = at + 176L * block;
        int xPart = xBlock + PARTS * block;
        low += lows(weight, w, x.sums(), xPart);
        long scales = scales(weight, w);
        float d = half(weight, w);
        for (int pair = 0; pair < PARTS / 2; pair++, xPart += 2, scales >>>= 16) {
          long numbers = w + 48 + 32L * pair;
          int xAt = xPart * BLOCK;
          ShortVector sum0 = ShortVector.zero(SHORTS);
          ShortVector sum1 = ShortVector.zero(SHORTS);
          for (int i = 0; i < BLOCK; i += STEP) {
            ShortVector bytes =
                (ShortVector)
                    ByteVector.fromMemorySegment(BYTES, weight, numbers + i, LITTLE)
                        .convertShape(VectorOperators.B2S, SHORTS, 0);
            // The fifth bit of both sub-blocks to the places of bits 4 and 5.
            ShortVector fifths =
                ((ShortVector)
                        ByteVector.fromMemorySegment(BYTES, weight, w + 16 + i, LITTLE)
                            .convertShape(VectorOperators.B2S, SHORTS, 0))
                    .lanewise(VectorOperators.LSHL, 4)
                    .lanewise(VectorOperators.LSHR, pair << 1);
            sum0 =
                bytes
                    .and((short) 0xF)
                    .or(fifths.and((short) 0x10))
                    .mul(ShortVector.fromArray(SHORTS, quants, xAt + i))
                    .add(sum0);
            sum1 =
                bytes
                    .lanewise(VectorOperators.LSHR, 4)
                    .and((short) 0xF)
                    .or(fifths.lanewise(VectorOperators.LSHR, 1).and((short) 0x10))
                    .mul(ShortVector.fromArray(SHORTS, quants, xAt + BLOCK + i))
                    .add(sum1);
          }
          FloatVector step0 = FloatVector.broadcast(FLOATS, d * (scales & 63) * xScales[xPart]);
          FloatVector step1 =
              FloatVector.broadcast(FLOATS, d * (scales >>> 8 & 63) * xScales[xPart + 1]);
          acc0 = ((FloatVector) sum0.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(step0, acc0);
          acc1 = ((FloatVector) sum1.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(step1, acc1);
          if (LANES < 8) {
            acc0 =
                ((FloatVector) sum0.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(step0, acc0);
            acc1 =
                ((FloatVector) sum1.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(step1, acc1);
          }
        }
      }
      return acc0.add(acc1).reduceLanes(VectorOperators.ADD) - low;
    }

    @Override
    void block(MemorySegment weight, long at, float[] out, int outAt) {
      float d = half(weight, at);
      float dmin = half(weight, at + 2);
      long scales = scales(weight, at);
      int second = weight.get(Layouts.INT, at + 8);
      int third = weight.get(Layouts.INT, at + 12);
      long minima =
          (second & 0x3F3F3F3F)
              | (long) ((third >>> 4 & 0x0F0F0F0F) | (second >>> 2 & 0x30303030)) << 32;
      for (int part = 0; part < PARTS; part++, scales >>>= 8, minima >>>= 8) {
        part(
            weight,
            at + blockBytes - 128 + part / 2 * 32L,
            fifth ? at + 16 : -1,
            part,
            d * (scales & 63),
            dmin * (minima & 63),
            out,
            outAt + part * BLOCK);
      }
    }

    private static void part(
        MemorySegment weight,
        long numbers,
        long fifths,
        int part,
        float step,
        float low,
        float[] out,
        int outAt) {
      int shift = 4 * (part & 1);
      for (int i = 0; i < BLOCK; i += STEP) {
        ShortVector number =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTES, weight, numbers + i, LITTLE)
                        .convertShape(VectorOperators.B2S, SHORTS, 0))
                .lanewise(VectorOperators.LSHR, shift)
                .and((short) 0xF);
        if (fifths >= 0) {
          number =
              ((ShortVector)
                      ByteVector.fromMemorySegment(BYTES, weight, fifths + i, LITTLE)
                          .convertShape(VectorOperators.B2S, SHORTS, 0))
                  .lanewise(VectorOperators.LSHL, 4)
                  .lanewise(VectorOperators.LSHR, part)
                  .and((short) 0x10)
                  .or(number);
        }
        for (int lanes = 0; lanes < STEP / LANES; lanes++) {
          ((FloatVector) number.convertShape(VectorOperators.S2F, FLOATS, lanes))
              .mul(step)
              .sub(low)
              .intoArray(out, outAt + i + lanes * LANES);
        }
      }
    }
  }

  /** Q6_K. */
  static final class Q6K extends Rows {

    private static final int HALF = 128;

    Q6K() {
      super(WeightType.Q6_K);
    }

    @Override
    float dot(MemorySegment weight, long at, int blocks, Activation x, int xBlock) {
      short[] quants = x.quants();
      float[] xScales = x.scales();
      FloatVector acc0 = FloatVector.zero(FLOATS);
      FloatVector acc1 = FloatVector.zero(FLOATS);
      for (int block = 0; block < blocks; block++) {
        long w = at + 210L * block;
        float d = half(weight, w + 208);
        // 16 bytes of lower bits at a time, which hold two sub-blocks; a half of the block has four
        // such.
        for (int sixteen = 0; sixteen < 8; sixteen++) {
          int half = sixteen >> 2;
          int line = sixteen >> 1 & 1;
          int first = 16 * (sixteen & 1);
          long lower = w + 16L * sixteen;
          long upper = w + HALF + 32L * half + first;
          int xPart = xBlock + PARTS * block + 4 * half + line;
          int xAt = xPart * BLOCK + first;
          ShortVector sum0 = ShortVector.zero(SHORTS);
          ShortVector sum1 = ShortVector.zero(SHORTS);
          for (int i = 0; i < 16; i += STEP) {
            ShortVector bytes =
                (ShortVector)
                    ByteVector.fromMemorySegment(BYTES, weight, lower + i, LITTLE)
                        .convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector tops =
                ((ShortVector)
                        ByteVector.fromMemorySegment(BYTES, weight, upper + i, LITTLE)
                            .convertShape(VectorOperators.B2S, SHORTS, 0))
                    .lanewise(VectorOperators.LSHR, line << 1);
            sum0 =
                bytes
                    .and((short) 0xF)
                    .or(tops.and((short) 3).lanewise(VectorOperators.LSHL, 4))
                    .sub((short) 32)
                    .mul(ShortVector.fromArray(SHORTS, quants, xAt + i))
                    .add(sum0);
            sum1 =
                bytes
                    .lanewise(VectorOperators.LSHR, 4)
                    .and((short) 0xF)
                    .or(tops.and((short) 0x30))
                    .sub((short) 32)
                    .mul(ShortVector.fromArray(SHORTS, quants, xAt + 2 * BLOCK + i))
                    .add(sum1);
          }
          long scales = w + 192 + 8L * half + 2L * line + (sixteen & 1);
          FloatVector step0 =
              FloatVector.broadcast(
                  FLOATS, d * weight.get(ValueLayout.JAVA_BYTE, scales) * xScales[xPart]);
          FloatVector step1 =
              FloatVector.broadcast(
                  FLOATS, d * weight.get(ValueLayout.JAVA_BYTE, scales + 4) * xScales[xPart + 2]);
          acc0 = ((FloatVector) sum0.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(step0, acc0);
          acc1 = ((FloatVector) sum1.convertShape(VectorOperators.S2F, FLOATS, 0)).fma(step1, acc1);
          if (LANES < 8) {
            acc0 =
                ((FloatVector) sum0.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(step0, acc0);
            acc1 =
                ((FloatVector) sum1.convertShape(VectorOperators.S2F, FLOATS, 1)).fma(step1, acc1);
          }
        }
      }
      return acc0.add(acc1).reduceLanes(VectorOperators.ADD);
    }

    @Override
    void block(MemorySegment weight, long at, float[] out, int outAt) {
      float d = half(weight, at + 208);
      for (int line = 0; line < PARTS; line++) {
        line(weight, at, line, d, out, outAt + line * BLOCK);
      }
    }

    private static void line(
        MemorySegment weight, long at, int line, float d, float[] out, int outAt) {
      int inHalf = line & 3;
      long lower = at + 64L * (line >> 2) + 32L * (inHalf & 1);
      long upper = at + HALF + 32L * (line >> 2);
      for (int i = 0; i < BLOCK; i += STEP) {
        float scale = weight.get(ValueLayout.JAVA_BYTE, at + 192 + 2L * line + i / 16);
        ShortVector low =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTES, weight, lower + i, LITTLE)
                        .convertShape(VectorOperators.B2S, SHORTS, 0))
                .lanewise(VectorOperators.LSHR, inHalf >> 1 << 2)
                .and((short) 0xF);
        ShortVector number =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTES, weight, upper + i, LITTLE)
                        .convertShape(VectorOperators.B2S, SHORTS, 0))
                .lanewise(VectorOperators.LSHL, 4)
                .lanewise(VectorOperators.LSHR, inHalf << 1)
                .and((short) 0x30)
                .or(low)
                .sub((short) 32);
        for (int lanes = 0; lanes < STEP / LANES; lanes++) {
          ((FloatVector) number.convertShape(VectorOperators.S2F, FLOATS, lanes))
              .mul(d * scale)
              .intoArray(out, outAt + i + lanes * LANES);
        }
      }
    }
  }
}
