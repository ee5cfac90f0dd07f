package dev.hearth.inference.cpu;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;

/** The readable reference: rows as they are stored, dequantised one by one with the codec. */
record ScalarPanels(WeightType type) implements PanelKernel {

  @Override
  public boolean asStored() {
    return true;
  }

  @Override
  public void prepare(Activation in, int rows) {
    // Values serve as they are.
  }

  @Override
  public long bytes(int rows, int columns) {
    return rows * type.bytes(columns);
  }

  @Override
  public void pack(
      MemorySegment weight, long at, int rows, int columns, MemorySegment panel, long to) {
    MemorySegment.copy(weight, at, panel, to, rows * type.bytes(columns));
  }

  @Override
  public void multiply(
      MemorySegment panel, long at, int rows, int columns, Activation in, int row, float[] work) {
    float[] line = new float[columns];
    for (int r = 0; r < rows; r++) {
      type.codec().dequantise(panel, at + r * type.bytes(columns), line, 0, columns);
      work[r] = dot(line, columns, in.values, row * columns);
    }
  }

  @Override
  public void multiplyTwo(
      MemorySegment panel, long at, int rows, int columns, Activation in, int row, float[] work) {
    float[] line = new float[columns];
    for (int r = 0; r < rows; r++) {
      type.codec().dequantise(panel, at + r * type.bytes(columns), line, 0, columns);
      work[r] = dot(line, columns, in.values, row * columns);
      work[ROWS + r] = dot(line, columns, in.values, (row + 1) * columns);
    }
  }

  @Override
  public void unpack(
      MemorySegment panel,
      long at,
      int rows,
      int columns,
      int strip,
      int from,
      int count,
      float[] tile,
      int tileAt,
      int stride,
      float[] work) {
    float[] line = new float[count];
    for (int r = 0; r < Math.min(STRIP, rows - strip * STRIP); r++) {
      long first = at + (strip * STRIP + r) * type.bytes(columns) + type.bytes(from);
      type.codec().dequantise(panel, first, line, 0, count);
      for (int c = 0; c < count; c++) {
        tile[tileAt + c * stride + r] = line[c];
      }
    }
  }

  /** Four sums, so that an addition need not wait for the one before. */
  private static float dot(float[] w, int count, float[] x, int at) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      sum0 += w[i] * x[at + i];
      sum1 += w[i + 1] * x[at + i + 1];
      sum2 += w[i + 2] * x[at + i + 2];
      sum3 += w[i + 3] * x[at + i + 3];
    }
    for (; i < count; i++) {
      sum0 += w[i] * x[at + i];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }
}
