package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.KvPage;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** A page of all layers. */
final class CpuPage implements KvPage {

  private final CpuPages pages;
  private final LayerPage[] layers;
  private final AtomicInteger holders = new AtomicInteger(1);

  CpuPage(CpuPages pages, LayerPage[] layers) {
    this.pages = pages;
    this.layers = layers;
  }

  LayerPage layer(int index) {
    return layers[index];
  }

  /** Whether somebody else holds it too, so that it must not be written to. */
  boolean shared() {
    return holders.get() > 1;
  }

  /** From nobody's to one holder's. */
  void takenAnew() {
    holders.set(1);
  }

  @Override
  public void retain() {
    if (holders.getAndIncrement() < 1) {
      throw new IllegalStateException("a page that nobody holds cannot be held again");
    }
  }

  @Override
  public void release() {
    int left = holders.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("a page was let go more often than held");
    }
    if (left == 0) {
      pages.free(this);
    }
  }

  @Override
  public void save(MemorySegment target) {
    long at = 0;
    for (LayerPage layer : layers) {
      at += layer.save(target, at);
    }
  }

  @Override
  public void restore(MemorySegment source) {
    long at = 0;
    for (LayerPage layer : layers) {
      at += layer.restore(source, at);
    }
  }

  /** Becomes a copy. */
  void copyFrom(CpuPage other) {
    for (int i = 0; i < layers.length; i++) {
      layers[i].copyFrom(other.layers[i]);
    }
  }
}
