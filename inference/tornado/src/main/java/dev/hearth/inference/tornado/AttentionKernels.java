package dev.hearth.inference.tornado;

import dev.hearth.inference.plan.Op;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Causal attention over the KV cache, as TornadoVM compiles it to OpenCL; {@link RowKernels} says
 * what its compiler bears. The softmax is kept up as it goes (Milakov and Gimelshein, 2018).
 *
 * <p>A pass of many rows has enough work groups with one for each head of a row. In a pass of few
 * rows the positions of each are cut into stretches of whole pages, one work group each, whose sums
 * are merged (flash-decoding: Dao, Haziza, Massa and Sizov, 2023); and heads that share keys and
 * values are computed together, so that these are read and widened once for up to four heads.
 */
final class AttentionKernels {

  /** Most rows of a pass with which positions are cut and heads share what they read. */
  static final int FEW_ROWS = Pass.TILE;

  /** Stretches that positions are cut into at most. */
  static final int SPLITS = 16;

  /** Heads that share what they read at most. */
  private static final int SHARED = 4;

  private AttentionKernels() {}

  /** Work groups for so many heads with the same keys and values, in a pass of few rows. */
  static int tiles(int heads) {
    return (heads + SHARED - 1) / SHARED;
  }

  /** Floats of the stretches of few rows: for each head its sums, greatest score and weight. */
  static long parts(Op.Attend op) {
    return (long) FEW_ROWS * op.heads() * SPLITS * (op.headDim() + 2);
  }

  /** Positions of a stretch of a row; the last ones may have none. */
  private static int stretch(int position) {
    int pages = position / Pass.PAGE + 1;
    return (pages + SPLITS - 1) / SPLITS * Pass.PAGE;
  }

  /**
   * Attention of a row (group y). Few rows: one work group a stretch of some heads (group x), whose
   * sums go to {@code parts}, nothing where it has no positions. Many: one a head, all of it.
   *
   * <p>Each lane scores one position at a time for all heads of the group, then sums some dims.
   */
  static void attend(
      KernelContext context,
      IntArray pass,
      FloatArray query,
      FloatArray singleKeys,
      FloatArray singleValues,
      IntArray keys,
      IntArray values,
      FloatArray parts,
      FloatArray out,
      int heads,
      int kvHeads,
      int headDim,
      int kind,
      int stage) {
    float[] scores = context.allocateFloatLocalArray(SHARED * RowKernels.MAX_LANES);
    float[] weights = context.allocateFloatLocalArray(SHARED * RowKernels.MAX_LANES);
    float[] sums = context.allocateFloatLocalArray(SHARED * RowKernels.MAX_HEAD);
    // Of each lane's own positions, and the greatest score of all, which each lane has.
    float[] totals = context.allocateFloatLocalArray(SHARED * RowKernels.MAX_LANES);
    float[] tops = context.allocateFloatLocalArray(SHARED * RowKernels.MAX_LANES);
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int group = context.groupIdx;
    int row = context.groupIdy;
    int few = pass.get(stage) <= FEW_ROWS ? 1 : 0;
    int splits = few == 1 ? SPLITS : 1;
    int sharing = heads / kvHeads;
    int tile = few == 1 ? SHARED : 1;
    int tiles = (sharing + tile - 1) / tile;
    int split = group % splits;
    int kvHead = group / splits / tiles;
    int within = (group / splits - kvHead * tiles) * tile;
    int head = kvHead * sharing + within;
    int count = TornadoMath.min(tile, sharing - within);
    int alone = count == 1 ? headDim : 0;
    int together = headDim - alone;
    int query0 = (row * heads + head) * headDim;
    int query1 = query0 + TornadoMath.min(1, count - 1) * headDim;
    int query2 = query0 + TornadoMath.min(2, count - 1) * headDim;
    int query3 = query0 + TornadoMath.min(3, count - 1) * headDim;
    int kvAt = kvHead * headDim;
    int scales = (kvHeads * headDim) >> kind;
    int width = kind == KvCache.BYTE ? scales + kvHeads * headDim / KvCache.BLOCK : scales;
    int position = pass.get(Pass.POSITIONS + row);
    int table = Pass.TABLE + pass.get(Pass.TABLES + row);
    int from = few == 1 ? split * stretch(position) : 0;
    int to = few == 1 ? TornadoMath.min(from + stretch(position), position + 1) : position + 1;
    float scale = 1 / TornadoMath.sqrt((float) headDim);
    for (int q = 0; q < count; q++) {
      tops[q * RowKernels.MAX_LANES + lane] = RowKernels.NOTHING;
      totals[q * RowKernels.MAX_LANES + lane] = 0;
      for (int d = lane; d < headDim; d += lanes) {
        sums[q * RowKernels.MAX_HEAD + d] = 0;
      }
    }
    for (int first = from; first < to; first += lanes) {
      int page = pass.get(table + first / Pass.PAGE);
      int base = (page * Pass.PAGE + first % Pass.PAGE) * width;
      int some = TornadoMath.min(lanes, to - first);
      int keyAt = base + TornadoMath.min(lane, some - 1) * width;
      float dot0 = 0;
      float dot1 = 0;
      float dot2 = 0;
      float dot3 = 0;
      for (int d = 0; d < alone; d++) {
        float key = CacheKernels.cached(singleKeys, keys, keyAt, kvAt + d, kind, scales);
        dot0 += query.get(query0 + d) * key;
      }
      for (int d = 0; d < together; d++) {
        float key = CacheKernels.cached(singleKeys, keys, keyAt, kvAt + d, kind, scales);
        dot0 += query.get(query0 + d) * key;
        dot1 += query.get(query1 + d) * key;
        dot2 += query.get(query2 + d) * key;
        dot3 += query.get(query3 + d) * key;
      }
      scores[lane] = dot0 * scale;
      scores[RowKernels.MAX_LANES + lane] = dot1 * scale;
      scores[2 * RowKernels.MAX_LANES + lane] = dot2 * scale;
      scores[3 * RowKernels.MAX_LANES + lane] = dot3 * scale;
      context.localBarrier();
      for (int q = 0; q < count; q++) {
        int at = q * RowKernels.MAX_LANES;
        float top = tops[at + lane];
        float newTop = top;
        for (int i = 0; i < some; i++) {
          newTop = TornadoMath.max(newTop, scores[at + i]);
        }
        float correction = TornadoMath.exp(top - newTop);
        float weight = lane < some ? TornadoMath.exp(scores[at + lane] - newTop) : 0;
        weights[at + lane] = weight;
        totals[at + lane] = totals[at + lane] * correction + weight;
        tops[at + lane] = newTop;
        for (int d = lane; d < headDim; d += lanes) {
          sums[q * RowKernels.MAX_HEAD + d] = sums[q * RowKernels.MAX_HEAD + d] * correction;
        }
      }
      context.localBarrier();
      for (int d = lane; d < alone; d += lanes) {
        float sum = sums[d];
        for (int i = 0; i < some; i++) {
          int token = base + i * width;
          float value = CacheKernels.cached(singleValues, values, token, kvAt + d, kind, scales);
          sum += weights[i] * value;
        }
        sums[d] = sum;
      }
      for (int d = lane; d < together; d += lanes) {
        float sum0 = sums[d];
        float sum1 = sums[RowKernels.MAX_HEAD + d];
        float sum2 = sums[2 * RowKernels.MAX_HEAD + d];
        float sum3 = sums[3 * RowKernels.MAX_HEAD + d];
        for (int i = 0; i < some; i++) {
          int token = base + i * width;
          float value = CacheKernels.cached(singleValues, values, token, kvAt + d, kind, scales);
          sum0 += weights[i] * value;
          sum1 += weights[RowKernels.MAX_LANES + i] * value;
          sum2 += weights[2 * RowKernels.MAX_LANES + i] * value;
          sum3 += weights[3 * RowKernels.MAX_LANES + i] * value;
        }
        sums[d] = sum0;
        sums[RowKernels.MAX_HEAD + d] = sum1;
        sums[2 * RowKernels.MAX_HEAD + d] = sum2;
        sums[3 * RowKernels.MAX_HEAD + d] = sum3;
      }
    }
    context.localBarrier();
    int part = few == 1 && from < to ? headDim : 0;
    int whole = few == 1 ? 0 : headDim;
    for (int q = 0; q < count; q++) {
      float total = 0;
      for (int i = 0; i < lanes; i++) {
        total += totals[q * RowKernels.MAX_LANES + i];
      }
      int at = ((row * heads + head + q) * SPLITS + split) * (headDim + 2);
      for (int d = lane; d < part; d += lanes) {
        parts.set(at + d, sums[q * RowKernels.MAX_HEAD + d]);
      }
      if (part > 0 && lane == 0) {
        parts.set(at + headDim, tops[q * RowKernels.MAX_LANES]);
        parts.set(at + headDim + 1, total);
      }
      for (int d = lane; d < whole; d += lanes) {
        out.set(query0 + q * headDim + d, sums[q * RowKernels.MAX_HEAD + d] / total);
      }
    }
  }

  /**
   * Puts the stretches of few rows together: one work group a head (group x) of a row (group y).
   */
  static void merge(
      KernelContext context,
      IntArray pass,
      FloatArray parts,
      FloatArray out,
      int heads,
      int headDim,
      int stage) {
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int head = context.groupIdx;
    int row = context.groupIdy;
    int width = pass.get(stage) <= FEW_ROWS ? headDim : 0;
    int position = pass.get(Pass.POSITIONS + row);
    int count = position / stretch(position) + 1;
    int each = headDim + 2;
    int from = (row * heads + head) * SPLITS * each;
    for (int d = lane; d < width; d += lanes) {
      float top = RowKernels.NOTHING;
      float total = 0;
      float sum = 0;
      for (int i = 0; i < count; i++) {
        float newTop = TornadoMath.max(top, parts.get(from + i * each + headDim));
        float correction = TornadoMath.exp(top - newTop);
        float weight = TornadoMath.exp(parts.get(from + i * each + headDim) - newTop);
        total = total * correction + weight * parts.get(from + i * each + headDim + 1);
        sum = sum * correction + weight * parts.get(from + i * each + d);
        top = newTop;
      }
      out.set((row * heads + head) * headDim + d, sum / total);
    }
  }
}
