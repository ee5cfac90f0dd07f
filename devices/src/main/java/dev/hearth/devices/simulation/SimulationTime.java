package dev.hearth.devices.simulation;

import java.time.Duration;

/**
 * The time that simulated devices live in. Everything they do runs through it, one task at a time,
 * so that devices need no locks.
 */
public interface SimulationTime extends AutoCloseable {
  /**
   * Real time, on a thread of its own.
   *
   * @return a new time
   */
  static SimulationTime real() {
    return new RealTime();
  }

  /**
   * Runs a task as soon as the running one is done.
   *
   * @param task what to do
   */
  void execute(Runnable task);

  /**
   * Runs a task later. Tasks that are due at the same moment run in the order they were given.
   *
   * @param delay how much later, not negative
   * @param task what to do
   * @return cancels the task when closed, if it has not begun
   */
  Timer after(Duration delay, Runnable task);

  /** Forgets all tasks. */
  @Override
  void close();

  /** A task to come. */
  @FunctionalInterface
  interface Timer extends AutoCloseable {
    /** Cancels the task if it has not begun. */
    @Override
    void close();
  }
}
