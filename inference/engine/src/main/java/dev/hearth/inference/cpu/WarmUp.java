package dev.hearth.inference.cpu;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs kernels on small inputs until each is compiled. A task takes about a microsecond when
 * compiled and hundreds before, so its fastest call tells. Shapes vary, so that no branch looks
 * untaken to the compiler.
 */
final class WarmUp {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final long COMPILED_NANOS = 20_000;
  private static final int CALLS = 16;
  private static final long GIVE_UP_NANOS = 120_000_000_000L;
  private static final long LONGEST_REST = 50_000_000;
  private static final int SIZE = 64;

  /** Values of the simplest tasks: so many that they are slow with code of the first compiler. */
  private static final int LONG = 1024;

  private static final int ROWS = PanelKernel.STRIP;

  /** Kernels that are needed together. */
  private static final class Job {

    final String what;
    final Supplier<List<Runnable>> tasks;
    final Runnable whenCompiled;
    final CountDownLatch ended = new CountDownLatch(1);

    /** Made when the job is first run: that is not the work of who asks for it. */
    @Nullable List<Runnable> made;

    long since;

    Job(String what, Supplier<List<Runnable>> tasks, Runnable whenCompiled) {
      this.what = what;
      this.tasks = tasks;
      this.whenCompiled = whenCompiled;
    }
  }

  private final CountDownLatch started = new CountDownLatch(1);

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("hearth-warm-up").factory());
  private final List<Job> jobs = new CopyOnWriteArrayList<>();
  private final Kernels kernels;
  private final float[] a = new float[2 * LONG];
  private final float[] b = new float[SIZE * SIZE];
  private final float[] c = new float[2 * LONG];
  private volatile boolean hurried;
  private int call;

  WarmUp(Kernels kernels) {
    this.kernels = kernels;
    for (int i = 0; i < b.length; i++) {
      b[i] = (i % 7 - 3) * 0.1f;
      a[i % a.length] = b[i];
    }
    thread.allowCoreThreadTimeOut(true);
  }

  /** Begins; until then kernels are only noted, so that loading a model comes first. */
  void start() {
    started.countDown();
  }

  /**
   * Begins and waits until all kernels noted so far are compiled, at most so long. Nobody rests
   * meanwhile.
   */
  void startAndWait(long nanos) {
    long deadline = System.nanoTime() + nanos;
    hurried = true;
    start();
    try {
      for (Job job : jobs) {
        if (!job.ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          LOG.info("Kernels are still being compiled; the first requests are slower");
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      hurried = false;
    }
  }

  /** Warms up what every model needs. */
  void common(Runnable done) {
    add(new Job("common", this::commonTasks, done));
  }

  /** Warms up the kernels of a weight type for one activation and for many. */
  void weight(WeightType type) {
    add(new Job(type.name(), () -> weightTasks(type, false), () -> {}));
  }

  /** Warms up the kernels of a weight type for two activations. */
  void pairs(WeightType type, Runnable done) {
    add(new Job(type + " in pairs", () -> weightTasks(type, true), done));
  }

  private void add(Job job) {
    jobs.add(job);
    thread.execute(() -> {
      try {
        started.await();
        while (!jobs.isEmpty()) {
          // All in turn: while the compiler is at one kernel, it learns about the next.
          for (Job next : jobs) {
            runOrEnd(next);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  /** Goes on with a job; one that fails is ended, so that nobody waits for it. */
  private void runOrEnd(Job job) throws InterruptedException {
    try {
      run(job);
    } catch (RuntimeException | LinkageError e) {
      LOG.error("Kernels {} ({}) fail while they are warmed up", kernels.name(), job.what, e);
      end(job);
    }
  }

  /** Runs each task of a job some times, and ends it if all were fast. */
  private void run(Job job) throws InterruptedException {
    List<Runnable> tasks = job.made;
    if (tasks == null) {
      job.since = System.nanoTime();
      tasks = job.tasks.get();
      job.made = tasks;
    }
    boolean compiled = true;
    for (Runnable task : tasks) {
      long begin = System.nanoTime();
      compiled &= fastest(task) < COMPILED_NANOS;
      if (!hurried) {
        // Half of the time belongs to requests and to the compiler.
        TimeUnit.NANOSECONDS.sleep(Math.min(LONGEST_REST, System.nanoTime() - begin));
      }
    }
    long nanos = System.nanoTime() - job.since;
    if (compiled) {
      job.whenCompiled.run();
      LOG.info(
          "Kernels {} ({}) are compiled after {} ms",
          kernels.name(),
          job.what,
          TimeUnit.NANOSECONDS.toMillis(nanos));
    } else if (nanos > GIVE_UP_NANOS) {
      LOG.warn(
          "Kernels {} ({}) were not compiled within {} ms; requests stay slow",
          kernels.name(),
          job.what,
          TimeUnit.NANOSECONDS.toMillis(nanos));
    } else {
      return;
    }
    end(job);
  }

  private void end(Job job) {
    jobs.remove(job);
    job.ended.countDown();
  }

  private long fastest(Runnable task) {
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < CALLS; i++) {
      call++;
      long start = System.nanoTime();
      task.run();
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return fastest;
  }

  private List<Runnable> commonTasks() {
    return List.of(
        () -> multiply(4, 2 * VectorKernels.LANES),
        () -> multiply(1, 2 * VectorKernels.LANES),
        () -> multiply(2, VectorKernels.LANES),
        () -> multiply(8, VectorKernels.LANES),
        () -> kernels.rmsNorm(a, 0, b, 1e-5f, c, 0, LONG / 2 + call % 3),
        () -> kernels.rotate(c, 0, b, b, 0, LONG / 4 + call % 3),
        () -> kernels.gatedUnit(a, b, c, 0, LONG / 4 + call % 3),
        () -> kernels.add(a, 0, b, 0, c, 0, LONG + call % 3),
        () -> kernels.softmax(c, 0, LONG / 4 + call % 3, 0.5f));
  }

  private void multiply(int m, int n) {
    int k = SIZE / 2 + call % 3;
    Arrays.fill(c, 0);
    kernels.multiply(a, 0, SIZE, b, 0, SIZE, c, 0, SIZE, m, k, n);
  }

  private List<Runnable> weightTasks(WeightType type, boolean pairs) {
    Arena arena = Arena.ofAuto();
    // Long enough for several turns of each loop, or the compiler takes loops for straight lines.
    int columns = 4 * Math.max(SIZE, type.blockValues() / 2);
    MemorySegment stored = arena.allocate(type.bytes((long) ROWS * columns));
    type.codec().quantise(new float[ROWS * columns], 0, ROWS * columns, stored, 0);
    PanelKernel kernel = kernels.weight(type, columns);
    MemorySegment panel = Native.of(arena.allocate(kernel.bytes(ROWS, columns), 64));
    kernel.pack(Native.of(stored), 0, ROWS, columns, panel, 0);
    float[] x = new float[4 * columns];
    Activation in = new Activation(columns, 2);
    float[] work = new float[PanelKernel.WORK];
    float[] tile = new float[4 * SIZE * Kernels.TILE_COLUMNS];
    if (pairs) {
      kernel.prepare(in, 2);
      return List.of(() -> {
        try {
          kernel.multiplyTwo(panel, 0, ROWS, columns, in, 0, work);
        } finally {
          // The panel has no scope: its memory lives as long as somebody has the arena.
          Reference.reachabilityFence(arena);
        }
      });
    }
    return List.of(
        // This one keeps the arena, and so the panel's memory, for all of them.
        () -> kernels.widenHalves(stored, 0, c, 0, LONG + call % 3),
        () -> {
          in.written();
          kernel.prepare(in, 2);
        },
        () -> kernel.multiply(panel, 0, ROWS, columns, in, 0, work),
        () ->
            kernel.unpack(panel, 0, ROWS, columns, 0, 0, 256, tile, 0, Kernels.TILE_COLUMNS, work),
        () -> kernels.subtract(a, 0, b, 0, c, 0, LONG + call % 3),
        () -> kernels.multiplyDifference(x, 0, tile, 0, 0, 0, c, 0, SIZE + call % 3),
        () -> kernels.multiplyPacked(x, 0, tile, 0, c, 0, 8, SIZE + call % 3),
        () -> kernels.multiplyPacked(x, 0, tile, 0, c, 0, 4, SIZE + call % 3));
  }
}
