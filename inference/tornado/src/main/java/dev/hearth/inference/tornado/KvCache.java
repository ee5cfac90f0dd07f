package dev.hearth.inference.tornado;

import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.DecoderShape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The KV cache on the device: for each layer keys and values of a fixed number of pages, laid out
 * [page][token][head][dim]. On the host they take no memory but for pages that were saved. Which
 * pages are free is known here. Safe for several threads.
 */
final class KvCache {

  private final int width;
  private final int layers;
  private final int pages;
  private final List<FloatArray> keys = new ArrayList<>();
  private final List<FloatArray> values = new ArrayList<>();
  private final Deque<Integer> unused = new ArrayDeque<>();

  /**
   * Makes the arrays.
   *
   * @param layers of the decoder, and of its next-token part
   * @param pages to give out; one more is there for the warm-up
   */
  KvCache(DecoderShape shape, int layers, int pages) {
    width = shape.kvWidth();
    this.layers = layers;
    this.pages = pages;
    int size = Math.multiplyExact(pages + 1, Pass.PAGE * width);
    for (int layer = 0; layer < layers; layer++) {
      keys.add(HostMemory.floats(size));
      values.add(HostMemory.floats(size));
    }
    for (int page = 0; page < pages; page++) {
      unused.add(page);
    }
  }

  /** Layers of a plan that have a cache. */
  static int layers(DecoderPlan plan) {
    return plan.shape().layers() + (plan.nextToken().isEmpty() ? 0 : 1);
  }

  /** Bytes of a page of all layers. */
  static long pageBytes(DecoderPlan plan) {
    return 2L * layers(plan) * Pass.PAGE * plan.shape().kvWidth() * Float.BYTES;
  }

  FloatArray keys(int layer) {
    return keys.get(layer);
  }

  FloatArray values(int layer) {
    return values.get(layer);
  }

  /** All arrays: of each layer the keys, then the values. */
  List<FloatArray> arrays() {
    List<FloatArray> all = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      all.addAll(arrays(layer));
    }
    return all;
  }

  /** A layer's keys and values. */
  List<FloatArray> arrays(int layer) {
    return List.of(keys.get(layer), values.get(layer));
  }

  /** Values of a page of one array. */
  int pageValues() {
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
