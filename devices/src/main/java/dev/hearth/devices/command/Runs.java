package dev.hearth.devices.command;

import dev.hearth.devices.EntityId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands under way: how they begin, wait and end. This object is the lock under which
 * everything about them happens; whoever calls holds it. Results reach callers on virtual threads,
 * never under the lock.
 */
final class Runs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  private final Map<EntityId, List<Run>> active = new HashMap<>();
  private final ScheduledThreadPoolExecutor timers;
  private final ExecutorService completions = Executors.newVirtualThreadPerTaskExecutor();

  Runs() {
    timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("hearth-deadlines").factory());
    timers.setRemoveOnCancelPolicy(true);
  }

  /** Where to go on without the lock. */
  Executor elsewhere() {
    return completions;
  }

  List<Run> of(EntityId id) {
    return List.copyOf(active.getOrDefault(id, List.of()));
  }

  List<Run> all() {
    return active.values().stream().flatMap(List::stream).toList();
  }

  /** Takes a new one in; returns whether it took over from an older one. */
  boolean begin(Run run) {
    boolean contested = false;
    for (Run older : of(run.id)) {
      if (Matching.supersedes(run.command, older.command)) {
        contested = true;
        conclude(older, Evidence.SUPERSEDED, "A newer command to it took over");
      }
    }
    active.computeIfAbsent(run.id, id -> new ArrayList<>()).add(run);
    return contested;
  }

  /** Tells how it is, while it goes on. */
  void tell(Run run, Evidence evidence, String detail) {
    complete(run.first, outcome(run, evidence, detail));
  }

  /** Ends it; only the first end counts. */
  void conclude(Run run, Evidence evidence, String detail) {
    if (run.done) {
      return;
    }
    run.done = true;
    run.timers().forEach(Runs::cancel);
    List<Run> runs = active.get(run.id);
    if (runs != null) {
      runs.remove(run);
      if (runs.isEmpty()) {
        active.remove(run.id);
      }
    }
    Outcome outcome = outcome(run, evidence, detail);
    LOG.debug("{}", outcome);
    complete(run.first, outcome);
    complete(run.last, outcome);
  }

  private static Outcome outcome(Run run, Evidence evidence, String detail) {
    return new Outcome(
        run.id,
        run.asked,
        evidence,
        detail,
        run.state,
        Duration.ofNanos(System.nanoTime() - run.startNanos),
        run.sent);
  }

  private void complete(CompletableFuture<Outcome> future, Outcome outcome) {
    completions.execute(() -> future.complete(outcome));
  }

  /** Does something later, under the lock, unless the command has ended by then. */
  ScheduledFuture<?> later(Run run, Duration delay, Runnable action) {
    return timers.schedule(
        () -> {
          synchronized (this) {
            if (!run.done) {
              action.run();
            }
          }
        },
        Math.max(0, delay.toNanos()),
        TimeUnit.NANOSECONDS);
  }

  static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /** Ends everything. */
  @Override
  public synchronized void close() {
    all().forEach(run -> conclude(run, Evidence.FAILED, "Hearth is stopping"));
    timers.shutdownNow();
    completions.shutdown();
  }
}
