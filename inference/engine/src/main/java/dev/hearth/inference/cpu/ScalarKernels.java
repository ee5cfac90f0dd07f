package dev.hearth.inference.cpu;

import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The reference kernels: plain loops, one per line of mathematics. */
final class ScalarKernels implements Kernels {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public WeightKernel weight(WeightType type) {
    return switch (type) {
      case F32, F16, BF16 -> new Plain(type);
      case Q8_0 -> new Quantised();
    };
  }

  @Override
  public void quantise(float[] values, int count, short[] quants, float[] scales) {
    for (int block = 0; block < count / Activation.BLOCK; block++) {
      int at = block * Activation.BLOCK;
      float largest = 0;
      for (int i = at; i < at + Activation.BLOCK; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      scales[block] = largest / 127;
      float inverse = largest == 0 ? 0 : 127 / largest;
      for (int i = at; i < at + Activation.BLOCK; i++) {
        quants[i] = (short) Math.rint(values[i] * inverse);
      }
    }
  }

  @Override
  public void rmsNorm(
      float[] in, int inAt, float[] gain, float epsilon, float[] out, int outAt, int width) {
    float sum = 0;
    for (int i = 0; i < width; i++) {
      sum += in[inAt + i] * in[inAt + i];
    }
    float scale = (float) (1 / Math.sqrt(sum / width + epsilon));
    for (int i = 0; i < width; i++) {
      out[outAt + i] = in[inAt + i] * scale * gain[i];
    }
  }

  @Override
  public void rotate(float[] x, int at, float[] cosines, float[] sines, int angleAt, int half) {
    for (int i = 0; i < half; i++) {
      float a = x[at + i];
      float b = x[at + half + i];
      float cos = cosines[angleAt + i];
      float sin = sines[angleAt + i];
      x[at + i] = a * cos - b * sin;
      x[at + half + i] = a * sin + b * cos;
    }
  }

  @Override
  public void gatedUnit(float[] gate, float[] up, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      float g = gate[i];
      out[i] = (float) (g / (1 + Math.exp(-g))) * up[i];
    }
  }

  @Override
  public void add(float[] in, float[] target, int count) {
    for (int i = 0; i < count; i++) {
      target[i] += in[i];
    }
  }

  @Override
  public void softmax(float[] x, int at, int count, float scale) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + count; i++) {
      largest = Math.max(largest, x[i]);
    }
    float sum = 0;
    for (int i = at; i < at + count; i++) {
      x[i] = (float) Math.exp(scale * (x[i] - largest));
      sum += x[i];
    }
    for (int i = at; i < at + count; i++) {
      x[i] /= sum;
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
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        addScaled(a[aAt + i * aStride + p], b, bAt + p * bStride, c, cAt + i * cStride, n);
      }
    }
  }

  private static void addScaled(float factor, float[] in, int inAt, float[] out, int at, int n) {
    for (int j = 0; j < n; j++) {
      out[at + j] += factor * in[inAt + j];
    }
  }

  @Override
  public void widen(short[] in, int inAt, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = Float.float16ToFloat(in[inAt + i]);
    }
  }

  /** Types that store one number per value. */
  private record Plain(WeightType type) implements WeightKernel {

    @Override
    public boolean quantised() {
      return false;
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
      for (int r = from; r < to; r++) {
        long at = type.bytes((long) r * columns);
        out[outAt + r] = dot(weight, at, columns, x.values, row * columns);
      }
    }

    private float dot(MemorySegment weight, long at, int columns, float[] x, int xAt) {
      float sum = 0;
      for (int i = 0; i < columns; i++) {
        float w =
            switch (type) {
              case F32 -> weight.get(Layouts.FLOAT, at + 4L * i);
              case F16 -> Float.float16ToFloat(weight.get(Layouts.SHORT, at + 2L * i));
              case BF16 -> Float.intBitsToFloat(weight.get(Layouts.SHORT, at + 2L * i) << 16);
              case Q8_0 -> throw new IllegalStateException("blocks have a kernel of their own");
            };
        sum += w * x[xAt + i];
      }
      return sum;
    }

    @Override
    public void dequantise(MemorySegment weight, long offset, float[] out, int outAt, int count) {
      type.codec().dequantise(weight, offset, out, outAt, count);
    }
  }

  /** Q8_0: whole-number products in a block, blocks summed in floating point. */
  private static final class Quantised implements WeightKernel {

    private static final int BYTES = WeightType.Q8_0.blockBytes();

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
      for (int r = from; r < to; r++) {
        float sum = 0;
        for (int block = 0; block < blocks; block++) {
          long at = ((long) r * blocks + block) * BYTES;
          int product = dot(weight, at + 2, x.quants(), row * columns + block * Activation.BLOCK);
          float scale = Float.float16ToFloat(weight.get(Layouts.SHORT, at));
          sum += product * (scale * x.scales()[row * blocks + block]);
        }
        out[outAt + r] = sum;
      }
    }

    private static int dot(MemorySegment weight, long at, short[] x, int xAt) {
      int sum = 0;
      for (int i = 0; i < Activation.BLOCK; i++) {
        sum += weight.get(ValueLayout.JAVA_BYTE, at + i) * x[xAt + i];
      }
      return sum;
    }

    @Override
    public void dequantise(MemorySegment weight, long offset, float[] out, int outAt, int count) {
      WeightType.Q8_0.codec().dequantise(weight, offset, out, outAt, count);
    }
  }
}
