package dev.hearth.inference.generate;

import dev.hearth.inference.OverloadedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Lets requests through one by one in the order they came; a bounded number may wait. A waiting
 * request keeps its place while it looks whether it has been cancelled.
 */
final class RequestQueue {

  private static final long ASK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  /** The request whose turn it is, then those that wait. */
  private final Deque<Object> tickets = new ArrayDeque<>();

  private final int limit;

  RequestQueue(int limit) {
    this.limit = limit;
  }

  /**
   * Waits for this request's turn.
   *
   * @param cancelled asked while waiting
   * @return false if cancelled or interrupted, then it is not this request's turn
   * @throws OverloadedException if too many wait already
   */
  boolean enter(BooleanSupplier cancelled) {
    Object ticket = new Object();
    boolean entered = false;
    lock.lock();
    try {
      if (tickets.size() > limit) {
        throw new OverloadedException(limit);
      }
      tickets.add(ticket);
      entered = await(ticket, cancelled);
      return entered;
    } finally {
      if (!entered) {
        tickets.remove(ticket);
        moved.signalAll();
      }
      lock.unlock();
    }
  }

  private boolean await(Object ticket, BooleanSupplier cancelled) {
    try {
      while (tickets.peekFirst() != ticket) {
        if (cancelled.getAsBoolean()) {
          return false;
        }
        moved.awaitNanos(ASK_EVERY_NANOS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits for the turn whatever happens, before all that wait now and later. */
  void enterFirst() {
    Object ticket = new Object();
    lock.lock();
    try {
      Object current = tickets.pollFirst();
      tickets.addFirst(ticket);
      if (current != null) {
        tickets.addFirst(current);
      }
      while (tickets.peekFirst() != ticket) {
        moved.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the turn. */
  void leave() {
    lock.lock();
    try {
      tickets.pollFirst();
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
