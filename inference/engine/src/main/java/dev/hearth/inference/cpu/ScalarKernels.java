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
  public PanelKernel weight(WeightType type, int columns) {
    return new ScalarPanels(type);
  }

  @Override
  public void rmsNorm(
      float[] in, int inAt, float[] gain, float epsilon, float[] out, int outAt, int width) {
    float sum = sumOfSquares(in, inAt, width);
    float scale = (float) (1 / Math.sqrt(sum / width + epsilon));
    for (int i = 0; i < width; i++) {
      out[outAt + i] = in[inAt + i] * scale * gain[i];
    }
  }

  /** Four sums, so that an addition need not wait for the one before. */
  private static float sumOfSquares(float[] x, int at, int width) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i + 4 <= width; i += 4) {
      sum0 += x[at + i] * x[at + i];
      sum1 += x[at + i + 1] * x[at + i + 1];
      sum2 += x[at + i + 2] * x[at + i + 2];
      sum3 += x[at + i + 3] * x[at + i + 3];
    }
    for (; i < width; i++) {
      sum0 += x[at + i] * x[at + i];
    }
    return sum0 + sum1 + (sum2 + sum3);
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
  public void gatedUnit(float[] gate, float[] up, float[] out, int at, int count) {
    for (int i = at; i < at + count; i++) {
      float g = gate[i];
      out[i] = (float) (g / (1 + Math.exp(-g))) * up[i];
    }
  }

  @Override
  public void add(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = a[aAt + i] + b[bAt + i];
    }
  }

  @Override
  public void subtract(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = a[aAt + i] - b[bAt + i];
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
      int j = 0;
      for (; j + 4 <= n; j += 4) {
        four(a, aAt + i * aStride, b, bAt + j, bStride, c, cAt + i * cStride + j, k);
      }
      for (; j < n; j++) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum += a[aAt + i * aStride + p] * b[bAt + p * bStride + j];
        }
        c[cAt + i * cStride + j] += sum;
      }
    }
  }

  /** One row against four columns. */
  private static void four(
      float[] a, int aAt, float[] b, int bAt, int bStride, float[] c, int cAt, int k) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    for (int p = 0, q = bAt; p < k; p++, q += bStride) {
      float x = a[aAt + p];
      sum0 += x * b[q];
      sum1 += x * b[q + 1];
      sum2 += x * b[q + 2];
      sum3 += x * b[q + 3];
    }
    c[cAt] += sum0;
    c[cAt + 1] += sum1;
    c[cAt + 2] += sum2;
    c[cAt + 3] += sum3;
  }

  @Override
  public void multiplyPacked(
      float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int m, int k) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < TILE_COLUMNS; j++) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum += a[aAt + Activation.TILE * p + i] * b[bAt + TILE_COLUMNS * p + j];
        }
        c[cAt + TILE_COLUMNS * i + j] += sum;
      }
    }
  }

  @Override
  public void widenHalves(MemorySegment in, long inAt, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = Float.float16ToFloat(in.get(Layouts.SHORT, inAt + 2L * i));
    }
  }

  @Override
  public void widenBytes(MemorySegment in, long inAt, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = in.get(ValueLayout.JAVA_BYTE, inAt + i);
    }
  }
}
