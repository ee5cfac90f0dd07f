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

  /**
   * Copies the pages that sequences begin to write to, turns query and key heads by their position,
   * and appends keys and values to the cache.
   *
   * <p>One thread a pair of values (x: query heads, then key heads, then value heads, half a head
   * each) of a row (y). The copies, which keep to places before the new ones, are the first row's.
   */
  static void turnAndAppend(
      KernelContext context,
      IntArray pass,
      FloatArray query,
      FloatArray key,
      FloatArray value,
      FloatArray cosines,
      FloatArray sines,
      FloatArray keys,
      FloatArray values,
      int heads,
      int kvHeads,
      int pairs) {
    int thread = context.globalIdx;
    int row = context.globalIdy;
    int head = thread / pairs;
    int i = thread - head * pairs;
    int kvHead = head - heads;
    int width = kvHeads * 2 * pairs;
    int copies = row == 0 ? pass.get(Pass.COPIES) : 0;
    int keyCopies = kvHead >= 0 && kvHead < kvHeads ? copies : 0;
    for (int copy = 0; copy < keyCopies; copy++) {
      int from = pass.get(Pass.COPY + 3 * copy) * Pass.PAGE * width + kvHead * 2 * pairs + i;
      int to = pass.get(Pass.COPY + 3 * copy + 1) * Pass.PAGE * width + kvHead * 2 * pairs + i;
      int count = pass.get(Pass.COPY + 3 * copy + 2);
      for (int token = 0; token < count; token++) {
        keys.set(to + token * width, keys.get(from + token * width));
        keys.set(to + token * width + pairs, keys.get(from + token * width + pairs));
      }
    }
    int valueHead = kvHead - kvHeads;
    int valueCopies = valueHead >= 0 ? copies : 0;
    for (int copy = 0; copy < valueCopies; copy++) {
      int from = pass.get(Pass.COPY + 3 * copy) * Pass.PAGE * width + valueHead * 2 * pairs + i;
      int to = pass.get(Pass.COPY + 3 * copy + 1) * Pass.PAGE * width + valueHead * 2 * pairs + i;
      int count = pass.get(Pass.COPY + 3 * copy + 2);
      for (int token = 0; token < count; token++) {
        values.set(to + token * width, values.get(from + token * width));
        values.set(to + token * width + pairs, values.get(from + token * width + pairs));
      }
    }
    int position = pass.get(Pass.POSITIONS + row);
    int table = Pass.TABLE + pass.get(Pass.TABLES + row);
    int page = pass.get(table + position / Pass.PAGE);
    int place = (page * Pass.PAGE + position % Pass.PAGE) * width + i;
    float cosine = cosines.get(position * pairs + i);
    float sine = sines.get(position * pairs + i);
    if (kvHead < 0) {
      int at = (row * heads + head) * 2 * pairs + i;
      float a = query.get(at);
      float b = query.get(at + pairs);
      query.set(at, a * cosine - b * sine);
      query.set(at + pairs, a * sine + b * cosine);
    }
    if (kvHead >= 0 && kvHead < kvHeads) {
      int at = (row * kvHeads + kvHead) * 2 * pairs + i;
      float a = key.get(at);
      float b = key.get(at + pairs);
      keys.set(place + kvHead * 2 * pairs, a * cosine - b * sine);
      keys.set(place + kvHead * 2 * pairs + pairs, a * sine + b * cosine);
    }
    if (valueHead >= 0) {
      int at = (row * kvHeads + valueHead) * 2 * pairs + i;
      values.set(place + valueHead * 2 * pairs, value.get(at));
      values.set(place + valueHead * 2 * pairs + pairs, value.get(at + pairs));
    }
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

  /**
   * Products of some rows of a matrix, which {@code weights} holds one after another: one work
   * group such a row (group y), for all rows of the pass that want logits.
   */
  static void listed(
      KernelContext context,
      IntArray pass,
      FloatArray in,
      FloatArray weights,
      FloatArray out,
      int columns,
      int most) {
    float[] sums = context.allocateFloatLocalArray(MAX_LANES);
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int which = context.groupIdy;
    int rows = pass.get(Pass.LOGITS);
    for (int row = 0; row < rows; row++) {
      float sum = 0;
      for (int i = lane; i < columns; i += lanes) {
        sum += in.get(row * columns + i) * weights.get(which * columns + i);
      }
      sums[lane] = sum;
      for (int half = lanes / 2; half > 0; half /= 2) {
        context.localBarrier();
        if (lane < half) {
          sums[lane] += sums[lane + half];
        }
      }
      if (lane == 0) {
        out.set(row * most + which, sums[0]);
      }
      context.localBarrier();
    }
  }

  /**
   * The greatest logit of the tokens of a mask, of equals the one with the lowest id: one work
   * group a stretch (group x) of a row (group y), whose value and id (-1 for no allowed token) go
   * to {@code out}. Lanes side by side read ids side by side.
   */
  static void greatest(
      KernelContext context,
      FloatArray logits,
      IntArray masks,
      FloatArray out,
      int vocabulary,
      int stretches) {
    float[] tops = context.allocateFloatLocalArray(MAX_LANES);
    int[] ids = context.allocateIntLocalArray(MAX_LANES);
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int stretch = context.groupIdx;
    int row = context.groupIdy;
    int words = (vocabulary + 31) / 32;
    int best = -1;
    float top = NOTHING;
    for (int id = stretch * lanes + lane; id < vocabulary; id += stretches * lanes) {
      float x = logits.get(row * vocabulary + id);
      int bit = (masks.get(row * words + id / 32) >>> (id % 32)) & 1;
      if (bit == 1 && (best < 0 || x > top)) {
        best = id;
        top = x;
      }
    }
    tops[lane] = top;
    ids[lane] = best;
    for (int half = lanes / 2; half > 0; half /= 2) {
      context.localBarrier();
      if (lane < half) {
        int id = ids[lane + half];
        float x = tops[lane + half];
        int own = ids[lane];
        float ownTop = tops[lane];
        if (id >= 0 && (own < 0 || x > ownTop || (x == ownTop && id < own))) {
          ids[lane] = id;
          tops[lane] = x;
        }
      }
    }
    if (lane == 0) {
      int at = 2 * (row * stretches + stretch);
      out.set(at, tops[0]);
      out.set(at + 1, (float) ids[0]);
    }
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

  /** The copies of pages alone, for a cache that nothing is appended to in this pass; by value. */
  static void copyPages(
      KernelContext context, IntArray pass, FloatArray keys, FloatArray values, int width) {
    int i = context.globalIdx;
    int copies = pass.get(Pass.COPIES);
    for (int copy = 0; copy < copies; copy++) {
      int from = pass.get(Pass.COPY + 3 * copy) * Pass.PAGE * width + i;
      int to = pass.get(Pass.COPY + 3 * copy + 1) * Pass.PAGE * width + i;
      int count = pass.get(Pass.COPY + 3 * copy + 2);
      for (int token = 0; token < count; token++) {
        keys.set(to + token * width, keys.get(from + token * width));
        values.set(to + token * width, values.get(from + token * width));
      }
    }
  }

  /** Takes a saved page: one thread a value (x) of a token (y). */
  static void restorePage(
      KernelContext context, IntArray page, FloatArray stage, FloatArray cache, int at, int width) {
    int i = context.globalIdy * width + context.globalIdx;
    cache.set(page.get(0) * Pass.PAGE * width + i, stage.get(at + i));
  }
}
