package dev.hearth.inference.backend;

import java.util.concurrent.atomic.AtomicInteger;

/** A page that knows how many hold it; it begins with one holder. */
public abstract class CountedPage implements KvPage {

  private final AtomicInteger holders = new AtomicInteger(1);

  /** Begins with one holder. */
  protected CountedPage() {}

  /** Whether somebody else holds it too, so that it must not be written to. */
  public final boolean shared() {
    return holders.get() > 1;
  }

  /** From nobody's to one holder's. */
  public final void takenAnew() {
    holders.set(1);
  }

  /** Gives the memory back: nobody holds the page any more. */
  protected abstract void free();

  /**
   * One holder more.
   *
   * @throws IllegalStateException if nobody holds it
   */
  @Override
  public final void retain() {
    if (holders.getAndIncrement() < 1) {
      throw new IllegalStateException("a page that nobody holds cannot be held again");
    }
  }

  /**
   * One holder less.
   *
   * @throws IllegalStateException if nobody holds it
   */
  @Override
  public final void release() {
    int left = holders.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("a page was let go more often than held");
    }
    if (left == 0) {
      free();
    }
  }
}
