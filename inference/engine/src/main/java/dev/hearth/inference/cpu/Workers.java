package dev.hearth.inference.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share the chunks of one job with the caller.
 *
 * <p>Chunks are claimed one by one from a counter and the caller claims too, so a worker that wakes
 * late costs nothing: the others have done its share. Who has nothing to do looks around for some
 * microseconds, for between two products of a decode step there are fewer than a wake-up takes, and
 * then parks: the machine has other things to do, and barriers that spin collapse when cores are
 * shared.
 *
 * <p>The counter's upper half is the job's number, its lower half the chunks left, so that a worker
 * that read an old value cannot claim from a new job.
 */
final class Workers implements AutoCloseable {

  /** A job of several chunks. */
  @FunctionalInterface
  interface Job {
    /**
     * Does one chunk.
     *
     * @param chunk 0 to chunks - 1
     * @param worker number of the thread, 0 (the caller) to size - 1
     */
    void run(int chunk, int worker);
  }

  /** How long to look around before parking, about as long as a wake-up takes. */
  private static final long PATIENCE_NANOS = 100_000;

  private static final Job NOTHING = (chunk, worker) -> {};

  private final Thread[] threads;
  private final AtomicLong claims = new AtomicLong();
  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile Job job = NOTHING;
  private volatile @Nullable Thread caller;
  private volatile boolean closed;

  /**
   * Starts the threads.
   *
   * @param size threads that compute, the caller included
   */
  Workers(int size) {
    threads = new Thread[size - 1];
    for (int i = 0; i < threads.length; i++) {
      int worker = i + 1;
      threads[i] =
          Thread.ofPlatform().daemon().name("hearth-worker-" + worker).start(() -> work(worker));
    }
  }

  /** Number of threads, the caller included. */
  int size() {
    return threads.length + 1;
  }

  /** Runs all chunks and returns when they are done; one caller at a time. */
  void run(int chunks, Job next) {
    if (chunks <= 1 || threads.length == 0) {
      for (int chunk = 0; chunk < chunks; chunk++) {
        next.run(chunk, 0);
      }
      return;
    }
    job = next;
    caller = Thread.currentThread();
    unfinished.set(chunks);
    claims.set(((claims.get() >>> 32) + 1) << 32 | chunks);
    int helpers = Math.min(threads.length, chunks - 1);
    for (int i = 0; i < helpers; i++) {
      LockSupport.unpark(threads[i]);
    }
    runClaimed(0);
    while (unfinished.get() > 0) {
      if (!soon(() -> unfinished.get() == 0)) {
        LockSupport.park(this);
      }
    }
    job = NOTHING;
    rethrow(failure.getAndSet(null));
  }

  private void work(int worker) {
    while (!closed) {
      runClaimed(worker);
      if (!soon(() -> (int) claims.get() > 0 || closed)) {
        LockSupport.park(this);
      }
    }
  }

  private static boolean soon(BooleanSupplier condition) {
    long start = System.nanoTime();
    do {
      if (condition.getAsBoolean()) {
        return true;
      }
      Thread.onSpinWait();
    } while (System.nanoTime() - start < PATIENCE_NANOS);
    return false;
  }

  private void runClaimed(int worker) {
    for (long seen = claims.get(); (int) seen > 0; seen = claims.get()) {
      if (claims.compareAndSet(seen, seen - 1)) {
        runChunk((int) seen - 1, worker);
      }
    }
  }

  private void runChunk(int chunk, int worker) {
    try {
      job.run(chunk, worker);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    } finally {
      if (unfinished.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  private static void rethrow(@Nullable Throwable thrown) {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
