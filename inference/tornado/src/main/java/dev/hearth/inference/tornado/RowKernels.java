package dev.hearth.inference.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The operations without a matrix, as TornadoVM compiles them to OpenCL.
 *
 * <p>What its compiler (5.2.0) bears decides the form: no branch around a loop (values that leave
 * the loop are wrong after the branches join), thread indices read once into locals, no local array
 * as an argument, no argument with the name of an OpenCL type. Rows that nobody wants may be
 * computed: their places exist and are never read.
 */
final class RowKernels {

  /** Most lanes of a work group. */
  static final int MAX_LANES = 64;

  /** Widest head of attention. */
  static final int MAX_HEAD = 256;

  /** Takes part in attention as minus infinity, which relaxed arithmetic does not know. */
  private static final float NOTHING = -1e30f;

  private RowKernels() {}

  /** One work group a part (group x) of a row (group y); parts are as wide as the gain. */
  static void rmsNorm(
      KernelContext context,
      FloatArray in,
      FloatArray gain,
      FloatArray out,
      int parts,
      int width,
      float epsilon) {
    float[] sums = context.allocateFloatLocalArray(MAX_LANES);
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int part = context.groupIdx;
    int row = context.groupIdy;
    int at = (row * parts + part) * width;
    float sum = 0;
    for (int i = lane; i < width; i += lanes) {
      float x = in.get(at + i);
      sum += x * x;
    }
    sums[lane] = sum;
    for (int half = lanes / 2; half > 0; half /= 2) {
      context.localBarrier();
      if (lane < half) {
        sums[lane] += sums[lane + half];
      }
    }
    context.localBarrier();
    float scale = 1 / TornadoMath.sqrt(sums[0] / width + epsilon);
    for (int i = lane; i < width; i += lanes) {
      out.set(at + i, in.get(at + i) * scale * gain.get(i));
    }
  }

  /** One thread a pair (x: heads x half a head) of a row (y). */
  static void rope(
      KernelContext context,
      IntArray pass,
      FloatArray x,
      FloatArray cosines,
      FloatArray sines,
      int heads,
      int pairs) {
    int pair = context.globalIdx;
    int row = context.globalIdy;
    int head = pair / pairs;
    int i = pair - head * pairs;
    int angle = pass.get(Pass.POSITIONS + row) * pairs + i;
    int at = (row * heads + head) * 2 * pairs + i;
    float cosine = cosines.get(angle);
    float sine = sines.get(angle);
    float a = x.get(at);
    float b = x.get(at + pairs);
    x.set(at, a * cosine - b * sine);
    x.set(at + pairs, a * sine + b * cosine);
  }

  /**
   * Copies the pages that sequences begin to write to, then appends keys and values. One thread a
   * value (x) of a row (y); the copies, which keep to places before the new ones, are the first
   * row's.
   */
  static void append(
      KernelContext context,
      IntArray pass,
      FloatArray key,
      FloatArray value,
      FloatArray keys,
      FloatArray values,
      int width) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    int copies = row == 0 ? pass.get(Pass.COPIES) : 0;
    for (int copy = 0; copy < copies; copy++) {
      int from = pass.get(Pass.COPY + 3 * copy) * Pass.PAGE * width + i;
      int to = pass.get(Pass.COPY + 3 * copy + 1) * Pass.PAGE * width + i;
      int count = pass.get(Pass.COPY + 3 * copy + 2);
      for (int token = 0; token < count; token++) {
        keys.set(to + token * width, keys.get(from + token * width));
        values.set(to + token * width, values.get(from + token * width));
      }
    }
    int position = pass.get(Pass.POSITIONS + row);
    int table = Pass.TABLE + pass.get(Pass.TABLES + row);
    int page = pass.get(table + position / Pass.PAGE);
    int at = (page * Pass.PAGE + position % Pass.PAGE) * width + i;
    keys.set(at, key.get(row * width + i));
    values.set(at, value.get(row * width + i));
  }

  /**
   * Causal attention over the pages of a row's sequence, the softmax kept up as it goes (Milakov
   * and Gimelshein, 2018). One work group a head (group x) of a row (group y): each lane scores one
   * position of a stretch, then sums some dims over the stretch.
   */
  static void attend(
      KernelContext context,
      IntArray pass,
      FloatArray query,
      FloatArray keys,
      FloatArray values,
      FloatArray out,
      int heads,
      int kvHeads,
      int headDim,
      float scale) {
    float[] weights = context.allocateFloatLocalArray(MAX_LANES);
    float[] sums = context.allocateFloatLocalArray(MAX_HEAD);
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int head = context.groupIdx;
    int row = context.groupIdy;
    int width = kvHeads * headDim;
    int kvAt = head / (heads / kvHeads) * headDim;
    int queryAt = (row * heads + head) * headDim;
    int position = pass.get(Pass.POSITIONS + row);
    int table = Pass.TABLE + pass.get(Pass.TABLES + row);
    for (int d = lane; d < headDim; d += lanes) {
      sums[d] = 0;
    }
    float top = NOTHING;
    float total = 0;
    for (int first = 0; first <= position; first += lanes) {
      int page = pass.get(table + first / Pass.PAGE);
      int base = (page * Pass.PAGE + first % Pass.PAGE) * width + kvAt;
      int count = TornadoMath.min(lanes, position + 1 - first);
      int keyAt = base + TornadoMath.min(lane, count - 1) * width;
      float dot = 0;
      for (int d = 0; d < headDim; d++) {
        dot += query.get(queryAt + d) * keys.get(keyAt + d);
      }
      weights[lane] = dot * scale;
      context.localBarrier();
      float newTop = top;
      for (int i = 0; i < count; i++) {
        newTop = TornadoMath.max(newTop, weights[i]);
      }
      float correction = TornadoMath.exp(top - newTop);
      float weight = TornadoMath.exp(dot * scale - newTop);
      context.localBarrier();
      weights[lane] = weight;
      context.localBarrier();
      float added = 0;
      for (int i = 0; i < count; i++) {
        added += weights[i];
      }
      for (int d = lane; d < headDim; d += lanes) {
        float sum = sums[d] * correction;
        for (int i = 0; i < count; i++) {
          sum += weights[i] * values.get(base + i * width + d);
        }
        sums[d] = sum;
      }
      total = total * correction + added;
      top = newTop;
      context.localBarrier();
    }
    for (int d = lane; d < headDim; d += lanes) {
      out.set(queryAt + d, sums[d] / total);
    }
  }

  /** One thread a value (x) of a row (y). */
  static void gatedUnit(
      KernelContext context, FloatArray gate, FloatArray up, FloatArray out, int width) {
    int at = context.globalIdy * width + context.globalIdx;
    float x = gate.get(at);
    out.set(at, x / (1 + TornadoMath.exp(TornadoMath.min(-x, 80f))) * up.get(at));
  }

  /** One thread a value (x) of a row (y). */
  static void add(KernelContext context, FloatArray in, FloatArray target, int width) {
    int at = context.globalIdy * width + context.globalIdx;
    target.set(at, target.get(at) + in.get(at));
  }

  /**
   * Moves the picked rows to the front. One thread a value (x) for all rows: they move one after
   * another, never onto one that is still to move.
   */
  static void keepRows(
      KernelContext context, IntArray pass, FloatArray slot, int stage, int picks, int width) {
    int i = context.globalIdx;
    int rows = pass.get(stage);
    for (int row = 0; row < rows; row++) {
      int from = pass.get(picks + row);
      slot.set(row * width + i, slot.get(from * width + i));
    }
  }

  /** One thread a value (x) of a row (y): the first part, then the second. */
  static void join(
      KernelContext context, FloatArray in, FloatArray out, int offset, int width, int outWidth) {
    int i = context.globalIdx;
    int row = context.globalIdy;
    out.set(row * outWidth + offset + i, in.get(row * width + i));
  }

  /** Takes a saved page: one thread a value (x) of a token (y). */
  static void restorePage(
      KernelContext context, IntArray page, FloatArray stage, FloatArray cache, int at, int width) {
    int i = context.globalIdy * width + context.globalIdx;
    cache.set(page.get(0) * Pass.PAGE * width + i, stage.get(at + i));
  }
}
