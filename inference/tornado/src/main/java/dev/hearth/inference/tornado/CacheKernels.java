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
    int exponent = (half >>> 10) & 31;
    int mantissa = exponent == 0 ? half & 1023 : (half & 1023) + 1024;
    float unit = (float) (1 << TornadoMath.max(exponent - 1, 0)) * 0x1p-24f;
    float magnitude = (float) mantissa * unit;
    return (half & 0x8000) == 0 ? magnitude : -magnitude;
  }

  /** The nearest number of half precision, of two the even one; at most the greatest finite one. */
  static int half(float x) {
    float rest = TornadoMath.min(TornadoMath.abs(x), 65504f) * 0x1p24f;
    int exponent = 0;
    for (int i = 0; i < 29; i++) {
      boolean more = rest >= 2048f;
      rest = more ? rest * 0.5f : rest;
      exponent = more ? exponent + 1 : exponent;
    }
    int number = (int) rest;
    rest -= (float) number;
    boolean up = rest > 0.5f || (rest == 0.5f && (number & 1) == 1);
    int sign = x < 0 ? 0x8000 : 0;
    return sign | ((exponent << 10) + (up ? number + 1 : number));
  }

  /** The bits of a value as a cache stores it; {@code step} is its block's scale. */
  private static int stored(float x, float step, int kind) {
    float number = step > 0 ? TornadoMath.floor(x / step + 0.5f) : 0;
    int eight = (int) TornadoMath.max(-127f, TornadoMath.min(127f, number)) & 0xFF;
    return kind == KvCache.HALF ? half(x) : eight;
  }

  /**
   * Value i of a token, whose keys or values begin at a place of a cache, the scales of eight bits
   * so many integers behind.
   */
  static float cached(FloatArray singles, IntArray cache, int token, int i, int kind, int scales) {
    float value = 0;
    if (kind == KvCache.SINGLE) {
      value = singles.get(token + i);
    } else {
      int word = cache.get(token + (i >> kind));
      if (kind == KvCache.HALF) {
        value = single((word >>> (16 * (i & 1))) & 0xFFFF);
      } else {
        int number = (word << (24 - 8 * (i & 3))) >> 24;
        value = (float) number * single(cache.get(token + scales + i / KvCache.BLOCK));
      }
    }
    return value;
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

  /**
   * Copies an integer, or a float, of some tokens of the pages that sequences begin to write to.
   */
  private static void copy(
      IntArray pass, FloatArray singles, IntArray cache, int kind, int copies, int width, int at) {
    for (int copy = 0; copy < copies; copy++) {
      int from = pass.get(Pass.COPY + 3 * copy) * Pass.PAGE * width + at;
      int to = pass.get(Pass.COPY + 3 * copy + 1) * Pass.PAGE * width + at;
      int count = pass.get(Pass.COPY + 3 * copy + 2);
      for (int token = 0; token < count; token++) {
        if (kind == KvCache.SINGLE) {
          singles.set(to + token * width, singles.get(from + token * width));
        } else {
          cache.set(to + token * width, cache.get(from + token * width));
        }
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
      FloatArray singleKeys,
      FloatArray singleValues,
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
    copy(pass, singleKeys, keys, kind, copies * isKey, width, first >> kind);
    copy(pass, singleKeys, keys, kind, copies * isKey, width, second >> kind);
    copy(pass, singleKeys, keys, kind, copies * isKey * hasFirst, width, firstScale);
    copy(pass, singleKeys, keys, kind, copies * isKey * hasSecond, width, secondScale);
    copy(pass, singleValues, values, kind, copies * isValue, width, first >> kind);
    copy(pass, singleValues, values, kind, copies * isValue, width, second >> kind);
    copy(pass, singleValues, values, kind, copies * isValue * hasFirst, width, firstScale);
    copy(pass, singleValues, values, kind, copies * isValue * hasSecond, width, secondScale);
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
    int firstBits = half(firstTop / 127);
    int secondBits = half(secondTop / 127);
    float firstStep = single(firstBits);
    float secondStep = single(secondBits);
    float firstValue = 0;
    float secondValue = 0;
    int firstWord = 0;
    int secondWord = 0;
    int joins = kvHead >= 0 ? each : 0;
    for (int j = 0; j < joins; j++) {
      float a = joining(key, value, isKey, at, i + j, pairs, cosines, sines, angle);
      float b = joining(key, value, isKey, at, i + j + pairs, pairs, cosines, sines, angle);
      firstValue = a;
      secondValue = b;
      int shift = j * (32 >> kind);
      firstWord = firstWord | (stored(a, firstStep, kind) << shift);
      secondWord = secondWord | (stored(b, secondStep, kind) << shift);
    }
    int isSingle = kind == KvCache.SINGLE ? 1 : 0;
    if (isKey * isSingle == 1) {
      singleKeys.set(place + first, firstValue);
      singleKeys.set(place + second, secondValue);
    }
    if (isValue * isSingle == 1) {
      singleValues.set(place + first, firstValue);
      singleValues.set(place + second, secondValue);
    }
    if (isKey * (1 - isSingle) == 1) {
      keys.set(place + (first >> kind), firstWord);
      keys.set(place + (second >> kind), secondWord);
    }
    if (isValue * (1 - isSingle) == 1) {
      values.set(place + (first >> kind), firstWord);
      values.set(place + (second >> kind), secondWord);
    }
    if (isKey * hasFirst == 1) {
      keys.set(place + firstScale, firstBits);
    }
    if (isKey * hasSecond == 1) {
      keys.set(place + secondScale, secondBits);
    }
    if (isValue * hasFirst == 1) {
      values.set(place + firstScale, firstBits);
    }
    if (isValue * hasSecond == 1) {
      values.set(place + secondScale, secondBits);
    }
  }

  /**
   * The copies of pages alone, for a cache that nothing is appended to in this pass; by integer.
   */
  static void copyPages(
      KernelContext context,
      IntArray pass,
      FloatArray singleKeys,
      FloatArray singleValues,
      IntArray keys,
      IntArray values,
      int width,
      int kind) {
    int i = context.globalIdx;
    int copies = pass.get(Pass.COPIES);
    copy(pass, singleKeys, keys, kind, copies, width, i);
    copy(pass, singleValues, values, kind, copies, width, i);
  }

  /** Takes a saved page: one thread an integer, or a float, (x) of a token (y). */
  static void restorePage(
      KernelContext context,
      IntArray page,
      FloatArray singlePages,
      FloatArray singles,
      IntArray pages,
      IntArray cache,
      int at,
      int width,
      int kind) {
    int i = context.globalIdy * width + context.globalIdx;
    int to = page.get(0) * Pass.PAGE * width + i;
    if (kind == KvCache.SINGLE) {
      singles.set(to, singlePages.get(at + i));
    } else {
      cache.set(to, pages.get(at + i));
    }
  }
}
