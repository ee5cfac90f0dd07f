package dev.hearth.devices.simulation;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real time. */
final class RealTime implements SimulationTime {
  private static final Logger LOG = LoggerFactory.getLogger(RealTime.class);

  private final ScheduledThreadPoolExecutor executor;

  RealTime() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("simulated-home").factory());
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void execute(Runnable task) {
    Timer _ = after(Duration.ZERO, task);
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    try {
      Future<?> future = executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      LOG.debug("A task came after the simulation was closed");
      return () -> {};
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A simulated device failed", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
