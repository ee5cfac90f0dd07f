package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.KvPage;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** A page of the cache on the device. */
final class TornadoPage implements KvPage {

  private final TornadoSession session;
  private final int index;
  private final AtomicInteger holders = new AtomicInteger(1);

  TornadoPage(TornadoSession session, int index) {
    this.session = session;
    this.index = index;
  }

  /** Its place in the cache. */
  int index() {
    return index;
  }

  /** Whether somebody else holds it too, so that it must not be written to. */
  boolean shared() {
    return holders.get() > 1;
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
      session.free(index);
    }
  }

  @Override
  public void save(MemorySegment target) {
    session.save(index, target);
  }

  @Override
  public void restore(MemorySegment source) {
    session.restore(index, source);
  }
}
