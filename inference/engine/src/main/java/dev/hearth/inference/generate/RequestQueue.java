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
  private final Deque<Long> tickets = new ArrayDeque<>();

  private final int limit;
  private long nextTicket;

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
    boolean entered = false;
    lock.lock();
    long ticket = nextTicket++;
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

  private boolean await(long ticket, BooleanSupplier cancelled) {
    try {
      while (!isTurnOf(ticket)) {
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
    lock.lock();
    try {
      long ticket = nextTicket++;
      Long current = tickets.pollFirst();
      tickets.addFirst(ticket);
      if (current != null) {
        tickets.addFirst(current);
      }
      while (!isTurnOf(ticket)) {
        moved.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isTurnOf(long ticket) {
    Long first = tickets.peekFirst();
    return first != null && first == ticket;
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
