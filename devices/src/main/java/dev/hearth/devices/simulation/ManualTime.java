package dev.hearth.devices.simulation;

import java.time.Duration;
import java.util.PriorityQueue;

/** A time that stands still until it is told to go on: minutes of travel take no time in a test. */
public final class ManualTime implements SimulationTime {
  private record Task(long due, long order, Runnable what) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      return due != other.due ? Long.compare(due, other.due) : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long now;
  private long orders;

  /** A time at its beginning. */
  public ManualTime() {}

  /** Runs the task on the calling thread, at once. */
  @Override
  public synchronized void execute(Runnable task) {
    task.run();
  }

  @Override
  public synchronized Timer after(Duration delay, Runnable task) {
    Task added = new Task(now + delay.toNanos(), orders++, task);
    tasks.add(added);
    return () -> remove(added);
  }

  private synchronized void remove(Task task) {
    tasks.remove(task);
  }

  /**
   * Lets time pass and runs, on the calling thread, what falls due.
   *
   * @param duration how much time passes
   */
  public synchronized void advance(Duration duration) {
    long end = now + duration.toNanos();
    for (Task next = tasks.peek(); next != null && next.due <= end; next = tasks.peek()) {
      tasks.remove(next);
      now = next.due;
      next.what.run();
    }
    now = end;
  }

  @Override
  public synchronized void close() {
    tasks.clear();
  }
}
