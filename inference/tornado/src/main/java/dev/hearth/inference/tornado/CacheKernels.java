package dev.hearth.inference.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The operations on the KV cache, as TornadoVM compiles them to OpenCL; {@link RowKernels} says
 * what its compiler bears. One text for all forms of a cache: {@code kind} of {@link KvCache} says
 * how many values an integer has.
 */
final class CacheKernels {

  private CacheKernels() {}

  /** A number of half precision; infinities and what is no number come out finite. */
  static float single(int half) {
    float magnitude = Float.intBitsToFloat((half & 0x7FFF) << 13) * 0x1p112f;
    return (half & 0x8000) == 0 ? magnitude : -magnitude;
  }

  /** The nearest number of half precision, of two the even one; at most the greatest finite one. */
  static int half(float x) {
    int bits = Float.floatToRawIntBits(x);
    int magnitude = bits & 0x7FFFFFFF;
    int rounded = (magnitude - 0x38000000 + 0xFFF + ((magnitude >>> 13) & 1)) >>> 13;
    int tiny = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f) - 0x3F000000;
    int half = magnitude < 0x38800000 ? tiny : TornadoMath.min(rounded, 0x7BFF);
    return half | ((bits >>> 16) & 0x8000);
  }

  /** The bits of a value as a cache stores it; {@code step} is its block's scale. */
  private static int stored(float x, float step, int kind) {
    float number = step > 0 ? TornadoMath.floor(x / step + 0.5f) : 0;
    int eight = (int) TornadoMath.max(-127f, TornadoMath.min(127f, number)) & 0xFF;
    int bits = kind == KvCache.HALF ? half(x) : eight;
    return kind == KvCache.SINGLE ? Float.floatToRawIntBits(x) : bits;
  }

  /**
   * Value i of a token, whose keys or values begin at a place of a cache, the scales of eight bits
   * so many integers behind.
   */
  private static float cached(IntArray cache, int token, int i, int kind, int scales) {
    int word = cache.get(token + (i >> kind));
    float scale =
        kind == KvCache.BYTE
            ? Float.intBitsToFloat(cache.get(token + scales + i / KvCache.BLOCK))
            : 1f;
    float eight = (word << (24 - 8 * (i & 3))) >> 24;
    float less = kind == KvCache.HALF ? single((word >>> (16 * (i & 1))) & 0xFFFF) : eight * scale;
    return kind == KvCache.SINGLE ? Float.intBitsToFloat(word) : less;
  }

  /** Value d of a key head that begins at a place, turned; of a value head as it is. */
  private static float joining(
      FloatArray key,
      FloatArray value,
      int isKey,
      int at,
      int d,
      int pairs,
      FloatArray cosines,
      FloatArray sines,
      int angle) {
    int pair = d < pairs ? d : d - pairs;
    float cosine = cosines.get(angle + pair);
    float sine = sines.get(angle + pair);
    float a = key.get(at + pair);
    float b = key.get(at + pairs + pair);
    float turned = d < pairs ? a * cosine - b * sine : a * sine + b * cosine;
    return isKey == 1 ? turned : value.get(at + d);
  }

  /** Copies an integer of some tokens of the pages that sequences begin to write to. */
  private static void copy(IntArray pass, IntArray cache, int copies, int width, int at) {
    for (int copy = 0; copy < copies; copy++) {
      int from = pass.get(Pass.COPY + 3 * copy) * Pass.PAGE * width + at;
      int to = pass.get(Pass.COPY + 3 * copy + 1) * Pass.PAGE * width + at;
      int count = pass.get(Pass.COPY + 3 * copy + 2);
      for (int token = 0; token < count; token++) {
        cache.set(to + token * width, cache.get(from + token * width));
      }
    }
  }

  /**
   * Copies the pages that sequences begin to write to, turns query and key heads by their position,
   * and appends keys and values to the cache.
   *
   * <p>One thread two integers of the cache (x: query heads, then key heads, then value heads, half
   * a head of integers each; the other is half a head on) of a row (y). The copies, which keep to
   * places before the new ones, are the first row's. Who writes the first integer of a block of
   * eight bits also has its scale.
   */
  static void turnAndAppend(
      KernelContext context,
      IntArray pass,
      FloatArray query,
      FloatArray key,
      FloatArray value,
      FloatArray cosines,
      FloatArray sines,
      IntArray keys,
      IntArray values,
      int heads,
      int kvHeads,
      int pairs,
      int kind) {
    int thread = context.globalIdx;
    int row = context.globalIdy;
    int each = 1 << kind;
    int ints = pairs >> kind;
    int head = thread / ints;
    int i = (thread - head * ints) << kind;
    int kvHead = head - heads;
    int isKey = kvHead >= 0 && kvHead < kvHeads ? 1 : 0;
    int isValue = kvHead >= kvHeads ? 1 : 0;
    int own = isValue == 1 ? kvHead - kvHeads : kvHead;
    int scales = (kvHeads * 2 * pairs) >> kind;
    int width = kind == KvCache.BYTE ? scales + kvHeads * 2 * pairs / KvCache.BLOCK : scales;
    int first = own * 2 * pairs + i;
    int second = first + pairs;
    int firstScale = scales + first / KvCache.BLOCK;
    int secondScale = scales + second / KvCache.BLOCK;
    int hasFirst = kind == KvCache.BYTE && first % KvCache.BLOCK == 0 ? 1 : 0;
    int hasSecond = kind == KvCache.BYTE && second % KvCache.BLOCK == 0 ? 1 : 0;
    int copies = row == 0 ? pass.get(Pass.COPIES) : 0;
    copy(pass, keys, copies * isKey, width, first >> kind);
    copy(pass, keys, copies * isKey, width, second >> kind);
    copy(pass, keys, copies * isKey * hasFirst, width, firstScale);
    copy(pass, keys, copies * isKey * hasSecond, width, secondScale);
    copy(pass, values, copies * isValue, width, first >> kind);
    copy(pass, values, copies * isValue, width, second >> kind);
    copy(pass, values, copies * isValue * hasFirst, width, firstScale);
    copy(pass, values, copies * isValue * hasSecond, width, secondScale);
    int position = pass.get(Pass.POSITIONS + row);
    int table = Pass.TABLE + pass.get(Pass.TABLES + row);
    int page = pass.get(table + position / Pass.PAGE);
    int place = (page * Pass.PAGE + position % Pass.PAGE) * width;
    int angle = position * pairs;
    int queries = kvHead < 0 ? each : 0;
    for (int j = 0; j < queries; j++) {
      int at = (row * heads + head) * 2 * pairs + i + j;
      float cosine = cosines.get(angle + i + j);
      float sine = sines.get(angle + i + j);
      float a = query.get(at);
      float b = query.get(at + pairs);
      query.set(at, a * cosine - b * sine);
      query.set(at + pairs, a * sine + b * cosine);
    }
    int at = (row * kvHeads + own) * 2 * pairs;
    int blocked = kind == KvCache.BYTE && kvHead >= 0 ? KvCache.BLOCK : 0;
    int firstBlock = i / KvCache.BLOCK * KvCache.BLOCK;
    int secondBlock = (i + pairs) / KvCache.BLOCK * KvCache.BLOCK;
    float firstTop = 0;
    float secondTop = 0;
    for (int d = 0; d < blocked; d++) {
      float a = joining(key, value, isKey, at, firstBlock + d, pairs, cosines, sines, angle);
      float b = joining(key, value, isKey, at, secondBlock + d, pairs, cosines, sines, angle);
      firstTop = TornadoMath.max(firstTop, TornadoMath.abs(a));
      secondTop = TornadoMath.max(secondTop, TornadoMath.abs(b));
    }
    float firstStep = firstTop / 127;
    float secondStep = secondTop / 127;
    int firstWord = 0;
    int secondWord = 0;
    int joins = kvHead >= 0 ? each : 0;
    for (int j = 0; j < joins; j++) {
      float a = joining(key, value, isKey, at, i + j, pairs, cosines, sines, angle);
      float b = joining(key, value, isKey, at, i + j + pairs, pairs, cosines, sines, angle);
      int shift = j * (32 >> kind);
      firstWord = firstWord | (stored(a, firstStep, kind) << shift);
      secondWord = secondWord | (stored(b, secondStep, kind) << shift);
    }
    if (isKey == 1) {
      keys.set(place + (first >> kind), firstWord);
      keys.set(place + (second >> kind), secondWord);
    }
    if (isValue == 1) {
      values.set(place + (first >> kind), firstWord);
      values.set(place + (second >> kind), secondWord);
    }
    if (isKey * hasFirst == 1) {
      keys.set(place + firstScale, Float.floatToRawIntBits(firstStep));
    }
    if (isKey * hasSecond == 1) {
      keys.set(place + secondScale, Float.floatToRawIntBits(secondStep));
    }
    if (isValue * hasFirst == 1) {
      values.set(place + firstScale, Float.floatToRawIntBits(firstStep));
    }
    if (isValue * hasSecond == 1) {
      values.set(place + secondScale, Float.floatToRawIntBits(secondStep));
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
      IntArray keys,
      IntArray values,
      FloatArray out,
      int heads,
      int kvHeads,
      int headDim,
      float scale,
      int kind) {
    float[] weights = context.allocateFloatLocalArray(RowKernels.MAX_LANES);
    float[] sums = context.allocateFloatLocalArray(RowKernels.MAX_HEAD);
    int lane = context.localIdx;
    int lanes = context.localGroupSizeX;
    int head = context.groupIdx;
    int row = context.groupIdy;
    int scales = (kvHeads * headDim) >> kind;
    int width = kind == KvCache.BYTE ? scales + kvHeads * headDim / KvCache.BLOCK : scales;
    int kvAt = head / (heads / kvHeads) * headDim;
    int queryAt = (row * heads + head) * headDim;
    int position = pass.get(Pass.POSITIONS + row);
    int table = Pass.TABLE + pass.get(Pass.TABLES + row);
    for (int d = lane; d < headDim; d += lanes) {
      sums[d] = 0;
    }
    float top = RowKernels.NOTHING;
    float total = 0;
    for (int first = 0; first <= position; first += lanes) {
      int page = pass.get(table + first / Pass.PAGE);
      int base = (page * Pass.PAGE + first % Pass.PAGE) * width;
      int count = TornadoMath.min(lanes, position + 1 - first);
      int keyAt = base + TornadoMath.min(lane, count - 1) * width;
      float dot = 0;
      for (int d = 0; d < headDim; d++) {
        dot += query.get(queryAt + d) * cached(keys, keyAt, kvAt + d, kind, scales);
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
          sum += weights[i] * cached(values, base + i * width, kvAt + d, kind, scales);
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
   * The copies of pages alone, for a cache that nothing is appended to in this pass; by integer.
   */
  static void copyPages(
      KernelContext context, IntArray pass, IntArray keys, IntArray values, int width) {
    int i = context.globalIdx;
    int copies = pass.get(Pass.COPIES);
    copy(pass, keys, copies, width, i);
    copy(pass, values, copies, width, i);
  }

  /** Takes a saved page: one thread an integer (x) of a token (y). */
  static void restorePage(
      KernelContext context, IntArray page, IntArray stage, IntArray cache, int at, int width) {
    int i = context.globalIdy * width + context.globalIdx;
    cache.set(page.get(0) * Pass.PAGE * width + i, stage.get(at + i));
  }
}
