package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.CountedPage;
import java.lang.foreign.MemorySegment;

/** A page of all layers. */
final class CpuPage extends CountedPage {

  private final CpuPages pages;
  private final LayerPage[] layers;

  CpuPage(CpuPages pages, LayerPage[] layers) {
    this.pages = pages;
    this.layers = layers;
  }

  LayerPage layer(int index) {
    return layers[index];
  }

  @Override
  protected void free() {
    pages.free(this);
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
