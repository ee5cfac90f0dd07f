package dev.hearth.inference.generate;

import dev.hearth.inference.Priority;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.gguf.MappedReads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the slices of several requests together (continuous batching; Yu et al., Orca, 2022).
 *
 * <p>There is no thread of its own: of the requests that want a pass one runs it for all (flat
 * combining; Hendler et al., 2010). So a single request never changes threads, and what a request
 * does between passes, such as its grammar, goes on while others compute.
 *
 * <p>Commands go first: while one wants a pass, longer pieces of other prompts wait. As such pieces
 * are cut so that one takes about {@link #PIECE_NANOS}, a command waits for one pass at most.
 */
final class Batcher {

  private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long ASK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_GATHERING = TimeUnit.MILLISECONDS.toNanos(5);

  /** Rows from which on a slice is a piece of a prompt rather than a decode step. */
  private static final int PIECE_ROWS = 16;

  /** Which part of the plan is run. */
  enum Kind {
    /** The decoder. */
    FORWARD,
    /** The next-token layer. */
    DRAFT
  }

  private static final class Job {
    final Kind kind;
    final Slice slice;
    final Priority priority;
    final int rows;
    final float[][] logits;
    boolean running;
    boolean done;
    @Nullable Throwable failure;

    Job(Kind kind, Slice slice, Priority priority, int rows, float[][] logits) {
      this.kind = kind;
      this.slice = slice;
      this.priority = priority;
      this.rows = rows;
      this.logits = logits;
    }
  }

  private final String file;
  private final Session session;
  private final int vocabulary;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final List<Job> jobs = new ArrayList<>();
  private boolean leading;
  private final AtomicInteger turns = new AtomicInteger();
  private final PassTimes times = new PassTimes();
  private long lastNanos;
  private double nanosPerRow;

  /**
   * Prepares.
   *
   * @param file the model's, which a pass reads
   * @param vocabulary width of a row of logits
   */
  Batcher(String file, Session session, int vocabulary) {
    this.file = file;
    this.session = session;
    this.vocabulary = vocabulary;
  }

  /** How long decode passes take. */
  PassTimes times() {
    return times;
  }

  /** A request begins to ask for passes. */
  void begin() {
    turns.incrementAndGet();
  }

  /** A request asks for no more passes. */
  void end() {
    turns.decrementAndGet();
  }

  /** Whether several requests ask for passes. */
  boolean shared() {
    return turns.get() > 1;
  }

  /** Most tokens of the next piece of a prompt. */
  int pieceRows(Priority priority) {
    lock.lock();
    try {
      if (priority == Priority.COMMAND || nanosPerRow == 0) {
        return priority == Priority.COMMAND ? session.maxRows() : PIECE_ROWS;
      }
      long rows = (long) (PIECE_NANOS / nanosPerRow) / PIECE_ROWS * PIECE_ROWS;
      return (int) Math.max(PIECE_ROWS, Math.min(session.maxRows(), rows));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs a slice, alone or with those of others.
   *
   * @param logits receives copies of the wanted logits, one row of vocabulary width for each token
   * @param cancelled asked until the slice is run
   * @return false if cancelled: then nothing was run
   */
  boolean run(
      Kind kind, Slice slice, Priority priority, float[][] logits, BooleanSupplier cancelled) {
    int from = kind == Kind.DRAFT ? slice.sequence().drafted() + 1 : slice.sequence().position();
    Job job = new Job(kind, slice, priority, slice.to() - from, logits);
    lock.lock();
    try {
      jobs.add(job);
      moved.signalAll();
      while (!job.done) {
        if (!job.running && cancelled.getAsBoolean()) {
          jobs.remove(job);
          return false;
        }
        if (leading) {
          moved.awaitNanos(ASK_EVERY_NANOS);
        } else {
          lead(job);
        }
      }
    } catch (InterruptedException e) {
      // The pass may be running: it cannot be left, but the next question will see the interrupt.
      Thread.currentThread().interrupt();
      awaitUninterruptibly(job);
    } finally {
      lock.unlock();
    }
    rethrow(job.failure);
    return job.done;
  }

  private void awaitUninterruptibly(Job job) {
    if (job.running) {
      while (!job.done) {
        moved.awaitUninterruptibly();
      }
    } else {
      jobs.remove(job);
    }
  }

  /** Runs a pass for those that wait, which may or may not include one's own slice. */
  private void lead(Job own) throws InterruptedException {
    leading = true;
    try {
      gather();
      List<Job> batch = batch(own);
      batch.forEach(job -> job.running = true);
      lock.unlock();
      try {
        execute(batch);
      } finally {
        lock.lock();
        batch.forEach(job -> job.done = true);
        jobs.removeAll(batch);
      }
    } finally {
      leading = false;
      moved.signalAll();
    }
  }

  /**
   * Waits a little for requests that are between two passes, so that they need not wait for one.
   */
  private void gather() throws InterruptedException {
    long left = Math.min(LONGEST_GATHERING, lastNanos / 8);
    while (jobs.size() < turns.get() && left > 0) {
      left = moved.awaitNanos(left);
    }
  }

  /** What is run next: slices of one kind, commands first, as many rows as a pass takes. */
  private List<Job> batch(Job own) {
    boolean commands = jobs.stream().anyMatch(job -> job.priority == Priority.COMMAND);
    List<Job> order = new ArrayList<>(jobs);
    order.sort((a, b) -> a.priority.compareTo(b.priority));
    Job first = order.isEmpty() ? own : order.getFirst();
    List<Job> batch = new ArrayList<>();
    boolean hasPiece = false;
    int rows = 0;
    for (Job job : order) {
      boolean isPiece = job.rows >= PIECE_ROWS;
      boolean waits = isPiece && (hasPiece || (commands && job.priority != Priority.COMMAND));
      boolean fits = job.kind == first.kind && !waits && rows + job.rows <= session.maxRows();
      // The first is always run: one of too many rows must fail, not wait for ever.
      if (job == first || fits) {
        batch.add(job);
        rows += job.rows;
        hasPiece |= isPiece;
      }
    }
    return batch;
  }

  private void execute(List<Job> batch) {
    try {
      List<Slice> slices = batch.stream().map(job -> job.slice).toList();
      long start = System.nanoTime();
      boolean forward = batch.getFirst().kind == Kind.FORWARD;
      float[] logits =
          MappedReads.of(file, () -> forward ? session.forward(slices) : session.draft(slices));
      long nanos = System.nanoTime() - start;
      int row = 0;
      for (Job job : batch) {
        for (int i = 0; i < job.slice.logits(); i++) {
          job.slice.wanted().get(i).copy(logits, row++ * vocabulary, job.logits[i]);
        }
      }
      if (forward) {
        note(nanos, batch.stream().mapToInt(job -> job.rows).sum());
      }
      if (batch.size() == 1) {
        note(batch.getFirst(), nanos);
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(job -> job.failure = e);
    }
  }

  private void note(long nanos, int rows) {
    lastNanos = nanos;
    if (rows >= PIECE_ROWS) {
      nanosPerRow = (double) nanos / rows;
    }
  }

  /** Notes what a decode pass of one request took. */
  private void note(Job only, long nanos) {
    if (only.rows != only.slice.logits()) {
      return;
    }
    if (only.kind == Kind.FORWARD) {
      times.decoded(only.rows, nanos);
    } else {
      times.drafted(nanos);
    }
  }

  private static void rethrow(@Nullable Throwable thrown) {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }
}
