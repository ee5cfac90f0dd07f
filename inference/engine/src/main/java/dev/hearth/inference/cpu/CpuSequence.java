package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.plan.DecoderShape;
import java.util.ArrayList;
import java.util.List;

/** A KV cache that grows by pages; the storage form is chosen per layer. */
final class CpuSequence implements Sequence {

  private final DecoderShape shape;
  private final boolean[] halfLayers;
  private final List<List<KvPage>> layers = new ArrayList<>();
  private int position;

  CpuSequence(DecoderShape shape, boolean[] halfLayers) {
    this.shape = shape;
    this.halfLayers = halfLayers.clone();
    for (int i = 0; i < halfLayers.length; i++) {
      layers.add(new ArrayList<>());
    }
  }

  @Override
  public int position() {
    return position;
  }

  @Override
  public int capacity() {
    return shape.contextLength();
  }

  @Override
  public void truncate(int to) {
    if (to < 0 || to > position) {
      throw new IllegalArgumentException(
          "cannot truncate to " + to + "; the sequence holds " + position + " tokens");
    }
    position = to;
  }

  @Override
  public void copyFrom(Sequence other, int length) {
    CpuSequence from = (CpuSequence) other;
    if (length < 0 || length > from.position) {
      throw new IllegalArgumentException(
          "cannot copy " + length + " tokens; the sequence holds " + from.position);
    }
    for (int layer = 0; layer < layers.size(); layer++) {
      for (int page = 0; page * KvPage.POSITIONS < length; page++) {
        page(layer, page).copyFrom(from.layers.get(layer).get(page));
      }
    }
    position = length;
  }

  @Override
  public void clear() {
    layers.forEach(List::clear);
    position = 0;
  }

  /** Moves the position on after a run. */
  void advance(int tokens) {
    position += tokens;
  }

  /** A page, made if need be. */
  KvPage page(int layer, int index) {
    List<KvPage> pages = layers.get(layer);
    while (pages.size() <= index) {
      pages.add(new KvPage(shape.kvHeads(), shape.headDim(), halfLayers[layer]));
    }
    return pages.get(index);
  }
}
