package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.CountedPage;
import java.lang.foreign.MemorySegment;

/** A page of the cache on the device. */
final class TornadoPage extends CountedPage {

  private final TornadoSession session;
  private final int index;

  TornadoPage(TornadoSession session, int index) {
    this.session = session;
    this.index = index;
  }

  /** Its place in the cache. */
  int index() {
    return index;
  }

  @Override
  protected void free() {
    session.free(index);
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
