package dev.hearth.inference.tornado;

import dev.hearth.inference.KvType;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.DecoderShape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The KV cache on the device: for each layer keys and values of a fixed number of pages, laid out
 * [page][token][head][dim] in floats, or in integers of two halves, or of four numbers of eight
 * bits; for these the scales of each 32 values lie behind those of a token, as halves in an integer
 * each. On the host they take no memory but for pages that were saved. Which pages are free is
 * known here. Safe for several threads.
 */
final class KvCache {

  /** Kinds of stored values: their bits in an integer each, or in half or a quarter of it. */
  static final int SINGLE = 0;

  static final int HALF = 1;
  static final int BYTE = 2;

  /** Values of eight bits that share a scale. */
  static final int BLOCK = 32;

  private final KvType type;
  private final int width;
  private final int layers;
  private final int pages;
  private final List<TornadoNativeArray> keys = new ArrayList<>();
  private final List<TornadoNativeArray> values = new ArrayList<>();
  private final Deque<Integer> unused = new ArrayDeque<>();

  /**
   * Makes the arrays.
   *
   * @param type how values are stored; the shape {@link #takes} it
   * @param layers of the decoder, and of its next-token part
   * @param pages to give out; one more is there for the warm-up
   */
  KvCache(DecoderShape shape, KvType type, int layers, int pages) {
    this.type = type;
    width = width(shape, type);
    this.layers = layers;
    this.pages = pages;
    int size = Math.multiplyExact(pages + 1, Pass.PAGE * width);
    for (int layer = 0; layer < layers; layer++) {
      keys.add(array(size));
      values.add(array(size));
    }
    for (int page = 0; page < pages; page++) {
      unused.add(page);
    }
  }

  private TornadoNativeArray array(int size) {
    return type == KvType.F32 ? HostMemory.floats(size) : HostMemory.ints(size);
  }

  /** Layers of a plan that have a cache. */
  static int layers(DecoderPlan plan) {
    return plan.shape().layers() + (plan.nextToken().isEmpty() ? 0 : 1);
  }

  /** Whether heads can be stored in a form: in whole integers, and in whole blocks of 32 values. */
  static boolean takes(DecoderShape shape, KvType type) {
    return switch (type) {
      case F32 -> true;
      case F16 -> shape.headDim() % 4 == 0;
      case Q8_0 -> shape.headDim() % BLOCK == 0;
    };
  }

  /** How often two the values of an integer are: their number for the kernels. */
  static int kind(KvType type) {
    return switch (type) {
      case F32 -> SINGLE;
      case F16 -> HALF;
      case Q8_0 -> BYTE;
    };
  }

  /** Integers of a token's keys, or values. */
  static int width(DecoderShape shape, KvType type) {
    int width = shape.kvWidth() >> kind(type);
    return type == KvType.Q8_0 ? width + shape.kvWidth() / BLOCK : width;
  }

  /** Bytes of a page of all layers. */
  static long pageBytes(DecoderPlan plan, KvType type) {
    return 2L * layers(plan) * Pass.PAGE * width(plan.shape(), type) * Integer.BYTES;
  }

  KvType type() {
    return type;
  }

  /** Integers of a token in each array. */
  int width() {
    return width;
  }

  TornadoNativeArray keys(int layer) {
    return keys.get(layer);
  }

  TornadoNativeArray values(int layer) {
    return values.get(layer);
  }

  /** All arrays: of each layer the keys, then the values. */
  List<TornadoNativeArray> arrays() {
    List<TornadoNativeArray> all = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      all.addAll(arrays(layer));
    }
    return all;
  }

  /** A layer's keys and values. */
  List<TornadoNativeArray> arrays(int layer) {
    return List.of(keys.get(layer), values.get(layer));
  }

  /** Integers of a page of one array. */
  int pageInts() {
    return Pass.PAGE * width;
  }

  /** Pages that can be given out. */
  int pages() {
    return pages;
  }

  /** The page that no sequence gets. */
  int sparePage() {
    return pages;
  }

  /**
   * Takes a free page.
   *
   * @throws IllegalStateException if there is none
   */
  synchronized int take() {
    Integer page = unused.pollLast();
    if (page == null) {
      throw new IllegalStateException("all " + pages + " pages of the KV cache are held");
    }
    return page;
  }

  synchronized void free(int page) {
    unused.add(page);
  }
}
