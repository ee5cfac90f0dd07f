package dev.hearth.inference.cpu;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Vector API twin of {@link ScalarKernels}.
 *
 * <p>Every kernel is a vector body and a scalar tail. The hot bodies are separate small static
 * methods, so that each is compiled on its own early; until then each vector operation costs a
 * microsecond. Loops that the compiler vectorises by itself, or that do not count, stay plain. The
 * width is the machine's, or what the system property {@code hearth.vector.bits} says (128, 256 or
 * 512; for tests and comparison).
 */
final class VectorKernels implements Kernels {

  static final VectorSpecies<Float> FLOATS = floats();
  static final int LANES = FLOATS.length();
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

  /**
   * As many bytes as there are floats in a vector; with four (there is no such vector) eight, of
   * which the upper half is not used.
   */
  static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * Math.max(8, LANES)));

  /** Half as wide as {@link #FLOATS}, as many lanes. */
  static final VectorSpecies<Short> HALVES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  /** Adding and subtracting this rounds a float of less than 2^22 to the nearest whole number. */
  static final float ROUNDER = 12_582_912f;

  private final ScalarKernels plain = new ScalarKernels();

  private static VectorSpecies<Float> floats() {
    return switch (Integer.getInteger("hearth.vector.bits", 0)) {
      case 128 -> FloatVector.SPECIES_128;
      case 256 -> FloatVector.SPECIES_256;
      case 512 -> FloatVector.SPECIES_512;
      default -> FloatVector.SPECIES_PREFERRED;
    };
  }

  @Override
  public String name() {
    return "vector-" + FLOATS.vectorBitSize();
  }

  @Override
  public PanelKernel weight(WeightType type, int columns) {
    boolean planes = PlanePanels.supported();
    return switch (type) {
      case F32 -> floats(columns, new FloatPanels.Single());
      case F16 -> floats(columns, new FloatPanels.Half());
      case BF16 -> floats(columns, new FloatPanels.Brain());
      case Q4_0 ->
          planes
              ? new Q40Planes()
              : new NibblePanels(type, new PanelSteps.Halves(type, NibblePanels.SURPLUS + 8));
      case Q4_K ->
          planes
              ? new Q4KPlanes()
              : new NibblePanels(type, new PanelSteps.Affine(type, NibblePanels.SURPLUS));
      case Q5_K -> planes ? new Q5KPlanes() : new FivePanels();
      case Q6_K -> planes ? new Q6KPlanes() : new SixPanels();
      case Q8_0 -> new BytePanels();
    };
  }

  /** Rows that are no whole number of turns exist in tests alone. */
  private PanelKernel floats(int columns, VectorPanels panels) {
    return columns % FloatPanels.TURN == 0 ? panels : plain.weight(panels.type, columns);
  }

  @Override
  public void rmsNorm(
      float[] in, int inAt, float[] gain, float epsilon, float[] out, int outAt, int width) {
    plain.rmsNorm(in, inAt, gain, epsilon, out, outAt, width);
  }

  @Override
  public void rotate(float[] x, int at, float[] cosines, float[] sines, int angleAt, int half) {
    plain.rotate(x, at, cosines, sines, angleAt, half);
  }

  @Override
  public void gatedUnit(float[] gate, float[] up, float[] out, int at, int count) {
    int bound = at + FLOATS.loopBound(count);
    for (int i = at; i < bound; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gate, i);
      FloatVector u = FloatVector.fromArray(FLOATS, up, i);
      g.div(exp(g.neg()).add(1)).mul(u).intoArray(out, i);
    }
    for (int i = bound; i < at + count; i++) {
      out[i] = (float) (gate[i] / (1 + Math.exp(-gate[i]))) * up[i];
    }
  }

  /**
   * e^x with a relative error below 2e-7 (Cephes' expf: x = n ln 2 + r, a polynomial in r, scaled
   * by 2^n), clamped to the range of normal floats.
   */
  private static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(-87f).min(88f);
    FloatVector shifted = clamped.mul(1.442695f).add(ROUNDER);
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(broadcast(-0.6933594f), clamped);
    r = n.fma(broadcast(2.1219444e-4f), r);
    FloatVector p = broadcast(1.9875691e-4f);
    p = p.fma(r, broadcast(0.0013981999f));
    p = p.fma(r, broadcast(0.008333452f));
    p = p.fma(r, broadcast(0.041665796f));
    p = p.fma(r, broadcast(0.16666666f));
    p = p.fma(r, broadcast(0.5f));
    p = p.fma(r.mul(r), r).add(1);
    IntVector exponent =
        shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(0x3F80_0000);
    return p.mul(exponent.reinterpretAsFloats());
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  @Override
  public void add(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    int bound = FLOATS.loopBound(count);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector.fromArray(FLOATS, a, aAt + i)
          .add(FloatVector.fromArray(FLOATS, b, bAt + i))
          .intoArray(out, outAt + i);
    }
    plain.add(a, aAt + bound, b, bAt + bound, out, outAt + bound, count - bound);
  }

  @Override
  public void subtract(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    int bound = FLOATS.loopBound(count);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector.fromArray(FLOATS, a, aAt + i)
          .sub(FloatVector.fromArray(FLOATS, b, bAt + i))
          .intoArray(out, outAt + i);
    }
    plain.subtract(a, aAt + bound, b, bAt + bound, out, outAt + bound, count - bound);
  }

  @Override
  public void softmax(float[] x, int at, int count, float scale) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + count; i++) {
      largest = Math.max(largest, x[i]);
    }
    float factor = 1 / exponentials(x, at, count, scale, largest);
    for (int i = at; i < at + count; i++) {
      x[i] *= factor;
    }
  }

  private static float exponentials(float[] x, int at, int count, float scale, float largest) {
    FloatVector acc = FloatVector.zero(FLOATS);
    int bound = FLOATS.loopBound(count);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector e = exp(FloatVector.fromArray(FLOATS, x, at + i).sub(largest).mul(scale));
      e.intoArray(x, at + i);
      acc = acc.add(e);
    }
    float sum = acc.reduceLanes(VectorOperators.ADD);
    for (int i = bound; i < count; i++) {
      x[at + i] = (float) Math.exp(scale * (x[at + i] - largest));
      sum += x[at + i];
    }
    return sum;
  }

  @Override
  public void multiply(
      float[] a,
      int aAt,
      int aStride,
      float[] b,
      int bAt,
      int bStride,
      float[] c,
      int cAt,
      int cStride,
      int m,
      int k,
      int n) {
    int j = 0;
    for (; j + 2 * LANES <= n; j += 2 * LANES) {
      int i = 0;
      for (; i + 4 <= m; i += 4) {
        VectorMultiply.four(
            a,
            aAt + i * aStride,
            aStride,
            b,
            bAt + j,
            bStride,
            c,
            cAt + i * cStride + j,
            cStride,
            k);
      }
      for (; i < m; i++) {
        VectorMultiply.one(a, aAt + i * aStride, b, bAt + j, bStride, c, cAt + i * cStride + j, k);
      }
    }
    for (; j + LANES <= n; j += LANES) {
      int i = 0;
      for (; i + 8 <= m; i += 8) {
        VectorMultiply.eightNarrow(
            a,
            aAt + i * aStride,
            aStride,
            b,
            bAt + j,
            bStride,
            c,
            cAt + i * cStride + j,
            cStride,
            k);
      }
      for (; i < m; i++) {
        VectorMultiply.narrow(
            a, aAt + i * aStride, b, bAt + j, bStride, c, cAt + i * cStride + j, k);
      }
    }
    if (j < n) {
      plain.multiply(a, aAt, aStride, b, bAt + j, bStride, c, cAt + j, cStride, m, k, n - j);
    }
  }

  @Override
  public void multiplyPacked(
      float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int m, int k) {
    for (int j = 0; j < TILE_COLUMNS; j += 2 * LANES) {
      if (m > 4 && LANES >= 16) {
        VectorMultiply.eightPacked(a, aAt, b, bAt + j, c, cAt + j, k);
      } else {
        // Narrower vectors come with half as many registers.
        for (int i = 0; i < m; i += 4) {
          int to = cAt + i * TILE_COLUMNS + j;
          VectorMultiply.fourPacked(a, aAt + i, b, bAt + j, c, to, k);
        }
      }
    }
  }

  @Override
  public void multiplyDifference(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      int minusAt,
      int differenceAt,
      float[] c,
      int cAt,
      int k) {
    if (LANES < 16) {
      Kernels.super.multiplyDifference(a, aAt, b, bAt, minusAt, differenceAt, c, cAt, k);
      return;
    }
    for (int j = 0; j < TILE_COLUMNS; j += 2 * LANES) {
      VectorMultiply.eightDifference(
          a, aAt, b, bAt + j, minusAt + j, differenceAt + j, c, cAt + j, k);
    }
  }

  /**
   * Halves to floats: exponent and mantissa are moved into place and the product with 2^112
   * corrects the exponent's bias, subnormals included. Infinities and NaN come out as large finite
   * numbers; caches hold neither.
   */
  @Override
  public void widenHalves(MemorySegment in, long inAt, float[] out, int outAt, int count) {
    int bound = FLOATS.loopBound(count);
    for (int i = 0; i < bound; i += LANES) {
      ShortVector half =
          ShortVector.fromMemorySegment(HALVES, in, inAt + 2L * i, ByteOrder.LITTLE_ENDIAN);
      ((IntVector) half.convertShape(VectorOperators.S2I, INTS, 0))
          .lanewise(VectorOperators.LSHL, 13)
          .and(0x8FFF_E000)
          .reinterpretAsFloats()
          .mul(0x1p112f)
          .intoArray(out, outAt + i);
    }
    plain.widenHalves(in, inAt + 2L * bound, out, outAt + bound, count - bound);
  }

  @Override
  public void widenBytes(MemorySegment in, long inAt, float[] out, int outAt, int count) {
    int step = BYTES.length();
    int bound = count - count % step;
    for (int i = 0; i < bound; i += step) {
      ByteVector bytes = ByteVector.fromMemorySegment(BYTES, in, inAt + i, ByteOrder.LITTLE_ENDIAN);
      for (int part = 0; part < step / LANES; part++) {
        ((FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, part))
            .intoArray(out, outAt + i + part * LANES);
      }
    }
    plain.widenBytes(in, inAt + bound, out, outAt + bound, count - bound);
  }
}
