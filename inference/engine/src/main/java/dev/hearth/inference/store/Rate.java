package dev.hearth.inference.store;

import java.util.ArrayDeque;
import java.util.Deque;

/** Bytes per second over the last ten seconds. */
final class Rate {

  private static final long WINDOW_NANOS = 10_000_000_000L;
  private static final long STEP_NANOS = 250_000_000L;

  private record Mark(long nanos, long bytes) {}

  private final Deque<Mark> marks = new ArrayDeque<>();

  /** Notes how many bytes there are; fewer than before is a new beginning. */
  synchronized void at(long nanos, long bytes) {
    Mark last = marks.peekLast();
    if (last != null && bytes < last.bytes) {
      marks.clear();
      last = null;
    }
    if (last == null || nanos - last.nanos >= STEP_NANOS) {
      marks.addLast(new Mark(nanos, bytes));
    }
    while (nanos - marks.getFirst().nanos > WINDOW_NANOS && marks.size() > 1) {
      marks.removeFirst();
    }
  }

  /** Bytes per second; 0 while too little is known. */
  synchronized double perSecond() {
    if (marks.size() < 2) {
      return 0;
    }
    Mark first = marks.getFirst();
    Mark last = marks.getLast();
    return (last.bytes - first.bytes) / ((last.nanos - first.nanos) / 1e9);
  }
}
