package dev.hearth.inference.generate;

import dev.hearth.inference.OverloadedException;
import dev.hearth.inference.Priority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Lets requests begin: some of each priority at a time and as many as the KV cache has room for,
 * the others in the order they came, commands first. A bounded number may wait. A waiting request
 * keeps its place while it looks whether it has been cancelled.
 */
final class Admission {

  private static final long ASK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Room in the KV cache for one request. */
  interface Room {
    /**
     * Takes the room if there is any.
     *
     * @param alone whether no other request runs, so that waiting would not help
     */
    boolean take(boolean alone);
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Map<Priority, Deque<Long>> waiting = new EnumMap<>(Priority.class);
  private final Map<Priority, Integer> running = new EnumMap<>(Priority.class);
  private final int mostWaiting;
  private final int mostRunning;
  private long nextTicket;

  /**
   * Sets the bounds.
   *
   * @param mostWaiting requests that may wait
   * @param mostRunning requests of each priority that may run at once
   */
  Admission(int mostWaiting, int mostRunning) {
    this.mostWaiting = mostWaiting;
    this.mostRunning = mostRunning;
    for (Priority priority : Priority.values()) {
      waiting.put(priority, new ArrayDeque<>());
      running.put(priority, 0);
    }
  }

  /**
   * Waits until this request may begin.
   *
   * @param room asked when nothing else is in the way
   * @param cancelled asked while waiting
   * @return false if cancelled or interrupted: then it has not begun and took no room
   * @throws OverloadedException if too many wait already
   */
  boolean enter(Priority priority, Room room, BooleanSupplier cancelled) {
    lock.lock();
    Long ticket = nextTicket++;
    try {
      if (waiting() >= mostWaiting) {
        throw new OverloadedException(mostWaiting);
      }
      line(priority).add(ticket);
      while (!ticket.equals(line(priority).peek()) || !next(priority, room)) {
        if (cancelled.getAsBoolean()) {
          return false;
        }
        moved.awaitNanos(ASK_EVERY_NANOS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      line(priority).remove(ticket);
      moved.signalAll();
      lock.unlock();
    }
  }

  private Deque<Long> line(Priority priority) {
    return waiting.getOrDefault(priority, new ArrayDeque<>());
  }

  private int waiting() {
    return waiting.values().stream().mapToInt(Deque::size).sum();
  }

  private int running() {
    return running.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Begins with the next request of a priority if it may. */
  private boolean next(Priority priority, Room room) {
    boolean commandsWait = !line(Priority.COMMAND).isEmpty();
    if ((priority != Priority.COMMAND && commandsWait)
        || running.getOrDefault(priority, 0) >= mostRunning
        || !room.take(running() == 0)) {
      return false;
    }
    running.merge(priority, 1, Integer::sum);
    return true;
  }

  /** Ends a request that has begun; its room must have been given back before. */
  void leave(Priority priority) {
    lock.lock();
    try {
      running.merge(priority, -1, Integer::sum);
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no request runs, whatever happens. */
  void awaitNone() {
    lock.lock();
    try {
      while (running() > 0) {
        moved.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
