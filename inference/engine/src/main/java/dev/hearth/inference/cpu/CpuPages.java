package dev.hearth.inference.cpu;

import dev.hearth.inference.KvType;
import dev.hearth.inference.plan.DecoderShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory of a session's KV cache. Pages that nobody holds are used again, so that memory is
 * taken from the system, and cleared by it, once. Safe for several threads.
 */
final class CpuPages implements AutoCloseable {

  private final Arena arena = Arena.ofShared();
  private final Deque<CpuPage> unused = new ArrayDeque<>();
  private final DecoderShape shape;
  private final KvType type;
  private final int layers;
  private boolean closed;

  /**
   * Prepares; takes no memory yet.
   *
   * @param layers of the decoder and of its next-token part
   */
  CpuPages(DecoderShape shape, KvType type, int layers) {
    this.shape = shape;
    this.type = type;
    this.layers = layers;
  }

  /** Size of a page. */
  long pageBytes() {
    return layers * LayerPage.bytes(type, shape.kvHeads(), shape.headDim());
  }

  /** A page with undefined contents and one holder. */
  synchronized CpuPage take() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    CpuPage page = unused.pollLast();
    if (page == null) {
      return make();
    }
    page.takenAnew();
    return page;
  }

  private CpuPage make() {
    LayerPage[] parts = new LayerPage[layers];
    long bytes = type == KvType.F32 ? 0 : LayerPage.bytes(type, shape.kvHeads(), shape.headDim());
    MemorySegment memory = Native.of(arena.allocate(layers * bytes, Long.BYTES));
    for (int i = 0; i < layers; i++) {
      parts[i] =
          new LayerPage(type, shape.kvHeads(), shape.headDim(), memory.asSlice(i * bytes, bytes));
    }
    return new CpuPage(this, parts);
  }

  synchronized void free(CpuPage page) {
    if (!closed) {
      unused.add(page);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      unused.clear();
      arena.close();
    }
  }
}
