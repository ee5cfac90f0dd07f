package dev.hearth.inference.cpu;

import dev.hearth.inference.weight.WeightType;
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
 * methods, so that each is compiled on its own early. The width is the machine's, or what the
 * system property {@code hearth.vector.bits} says (128, 256 or 512; for tests and comparison).
 */
final class VectorKernels implements Kernels {

  static final VectorSpecies<Float> FLOATS = floats();
  static final int LANES = FLOATS.length();
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** Half as wide as {@link #FLOATS}, as many lanes. */
  static final VectorSpecies<Short> HALVES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  /** Adding and subtracting this rounds a float of less than 2^22 to the nearest whole number. */
  private static final float ROUNDER = 12_582_912f;

  private final ScalarKernels tail = new ScalarKernels();

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
  public WeightKernel weight(WeightType type) {
    return switch (type) {
      case F32 -> new VectorFloatKernels.Single();
      case F16 -> new VectorFloatKernels.Half();
      case BF16 -> new VectorFloatKernels.Brain();
      case Q8_0 -> new VectorQ8Kernel();
    };
  }

  @Override
  public void quantise(float[] values, int count, short[] quants, float[] scales) {
    for (int block = 0; block < count / Activation.BLOCK; block++) {
      scales[block] = quantiseBlock(values, block * Activation.BLOCK, quants);
    }
  }

  private static float quantiseBlock(float[] values, int at, short[] quants) {
    FloatVector largest = FloatVector.fromArray(FLOATS, values, at).abs();
    for (int i = LANES; i < Activation.BLOCK; i += LANES) {
      largest = largest.max(FloatVector.fromArray(FLOATS, values, at + i).abs());
    }
    float most = largest.reduceLanes(VectorOperators.MAX);
    float inverse = most == 0 ? 0 : 127 / most;
    for (int i = 0; i < Activation.BLOCK; i += LANES) {
      // The whole number is in the low bits of the sum; taking 16 of them keeps its sign.
      IntVector bits =
          FloatVector.fromArray(FLOATS, values, at + i)
              .mul(inverse)
              .add(ROUNDER)
              .reinterpretAsInts();
      storeLow16(bits, quants, at + i);
    }
    return most / 127;
  }

  private static void storeLow16(IntVector bits, short[] out, int at) {
    ((ShortVector) bits.convertShape(VectorOperators.I2S, HALVES, 0)).intoArray(out, at);
  }

  @Override
  public void rmsNorm(
      float[] in, int inAt, float[] gain, float epsilon, float[] out, int outAt, int width) {
    float sum = sumOfSquares(in, inAt, width);
    float scale = (float) (1 / Math.sqrt(sum / width + epsilon));
    int bound = FLOATS.loopBound(width);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector.fromArray(FLOATS, in, inAt + i)
          .mul(scale)
          .mul(FloatVector.fromArray(FLOATS, gain, i))
          .intoArray(out, outAt + i);
    }
    for (int i = bound; i < width; i++) {
      out[outAt + i] = in[inAt + i] * scale * gain[i];
    }
  }

  private static float sumOfSquares(float[] in, int at, int width) {
    FloatVector acc = FloatVector.zero(FLOATS);
    int bound = FLOATS.loopBound(width);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector x = FloatVector.fromArray(FLOATS, in, at + i);
      acc = x.fma(x, acc);
    }
    float sum = acc.reduceLanes(VectorOperators.ADD);
    for (int i = bound; i < width; i++) {
      sum += in[at + i] * in[at + i];
    }
    return sum;
  }

  @Override
  public void rotate(float[] x, int at, float[] cosines, float[] sines, int angleAt, int half) {
    int bound = FLOATS.loopBound(half);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, at + i);
      FloatVector b = FloatVector.fromArray(FLOATS, x, at + half + i);
      FloatVector cos = FloatVector.fromArray(FLOATS, cosines, angleAt + i);
      FloatVector sin = FloatVector.fromArray(FLOATS, sines, angleAt + i);
      a.mul(cos).sub(b.mul(sin)).intoArray(x, at + i);
      a.mul(sin).add(b.mul(cos)).intoArray(x, at + half + i);
    }
    for (int i = bound; i < half; i++) {
      float a = x[at + i];
      float b = x[at + half + i];
      x[at + i] = a * cosines[angleAt + i] - b * sines[angleAt + i];
      x[at + half + i] = a * sines[angleAt + i] + b * cosines[angleAt + i];
    }
  }

  @Override
  public void gatedUnit(float[] gate, float[] up, float[] out, int count) {
    int bound = FLOATS.loopBound(count);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gate, i);
      FloatVector u = FloatVector.fromArray(FLOATS, up, i);
      g.div(exp(g.neg()).add(1)).mul(u).intoArray(out, i);
    }
    for (int i = bound; i < count; i++) {
      out[i] = (float) (gate[i] / (1 + Math.exp(-gate[i]))) * up[i];
    }
  }

  /**
   * e^x with a relative error below 2e-7 (Cephes' expf: x = n ln 2 + r, a polynomial in r, scaled
   * by 2^n), clamped to the range of normal floats.
   */
  private static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(-87f).min(88f);
    FloatVector shifted = clamped.mul(1.44269504088896341f).add(ROUNDER);
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(broadcast(-0.693359375f), clamped);
    r = n.fma(broadcast(2.12194440e-4f), r);
    FloatVector p = broadcast(1.9875691500E-4f);
    p = p.fma(r, broadcast(1.3981999507E-3f));
    p = p.fma(r, broadcast(8.3334519073E-3f));
    p = p.fma(r, broadcast(4.1665795894E-2f));
    p = p.fma(r, broadcast(1.6666665459E-1f));
    p = p.fma(r, broadcast(5.0000001201E-1f));
    p = p.fma(r.mul(r), r).add(1);
    IntVector exponent =
        shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(0x3F80_0000);
    return p.mul(exponent.reinterpretAsFloats());
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  @Override
  public void add(float[] in, float[] target, int count) {
    int bound = FLOATS.loopBound(count);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector.fromArray(FLOATS, target, i)
          .add(FloatVector.fromArray(FLOATS, in, i))
          .intoArray(target, i);
    }
    for (int i = bound; i < count; i++) {
      target[i] += in[i];
    }
  }

  @Override
  public void softmax(float[] x, int at, int count, float scale) {
    float largest = largest(x, at, count);
    float sum = exponentials(x, at, count, scale, largest);
    scale(x, at, count, 1 / sum);
  }

  private static float largest(float[] x, int at, int count) {
    FloatVector acc = broadcast(Float.NEGATIVE_INFINITY);
    int bound = FLOATS.loopBound(count);
    for (int i = 0; i < bound; i += LANES) {
      acc = acc.max(FloatVector.fromArray(FLOATS, x, at + i));
    }
    float largest = acc.reduceLanes(VectorOperators.MAX);
    for (int i = bound; i < count; i++) {
      largest = Math.max(largest, x[at + i]);
    }
    return largest;
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

  private static void scale(float[] x, int at, int count, float factor) {
    int bound = FLOATS.loopBound(count);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector.fromArray(FLOATS, x, at + i).mul(factor).intoArray(x, at + i);
    }
    for (int i = bound; i < count; i++) {
      x[at + i] *= factor;
    }
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
      for (int i = 0; i < m; i++) {
        VectorMultiply.narrow(
            a, aAt + i * aStride, b, bAt + j, bStride, c, cAt + i * cStride + j, k);
      }
    }
    if (j < n) {
      tail.multiply(a, aAt, aStride, b, bAt + j, bStride, c, cAt + j, cStride, m, k, n - j);
    }
  }

  @Override
  public void widen(short[] in, int inAt, float[] out, int outAt, int count) {
    int bound = FLOATS.loopBound(count);
    for (int i = 0; i < bound; i += LANES) {
      ShortVector half = ShortVector.fromArray(HALVES, in, inAt + i);
      VectorFloatKernels.halfToFloat((IntVector) half.convertShape(VectorOperators.S2I, INTS, 0))
          .intoArray(out, outAt + i);
    }
    for (int i = bound; i < count; i++) {
      out[outAt + i] = Float.float16ToFloat(in[inAt + i]);
    }
  }
}
