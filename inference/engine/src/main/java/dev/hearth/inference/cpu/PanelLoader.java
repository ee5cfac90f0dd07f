package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the panels of a session: from the file that an earlier start has left, or by packing, and
 * then leaves that file for the next start.
 */
final class PanelLoader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PanelLoader.class);

  /** Before the kernels are compiled this part of the matrices is packed. */
  private static final int FIRST_SHARE = 16;

  private final List<Panels> panels;
  private final WeightStore weights;
  private final CpuContext context;
  private final Arena arena;
  private @Nullable Thread writer;

  PanelLoader(Collection<Panels> panels, WeightStore weights, CpuContext context, Arena arena) {
    this.panels =
        panels.stream().sorted(Comparator.comparingLong(p -> stored(p.weight()))).toList();
    this.weights = weights;
    this.context = context;
    this.arena = arena;
  }

  /** Loads all. */
  void load() {
    Optional<Path> path =
        panels.stream().noneMatch(p -> p.kernel().asStored()) && !panels.isEmpty()
            ? weights.prepared(PanelFile.FORM + "-" + context.kernels().name())
            : Optional.empty();
    if (path.isEmpty()) {
      pack();
    } else if (!map(path.get())) {
      write(path.get());
    }
  }

  /** Takes the panels from a file; returns whether it need not be written. */
  private boolean map(Path path) {
    if (!Files.exists(path)) {
      pack();
      return false;
    }
    PanelFile file;
    try {
      file = PanelFile.open(path, panels.stream().mapToLong(Panels::size).toArray(), arena);
    } catch (IOException e) {
      LOG.warn("Prepared weights are not used: {}; they are made anew", e.getMessage());
      pack();
      return false;
    }
    context.kernels().warmUp();
    AtomicBoolean whole = new AtomicBoolean(true);
    context
        .workers()
        .run(
            panels.size(),
            (chunk, worker) -> {
              Panels matrix = panels.get(chunk);
              if (file.isWhole(chunk, matrix.size())) {
                matrix.take(file.panels(chunk, matrix.size()));
              } else {
                whole.set(false);
                matrix.load(weights, arena);
              }
            });
    if (!whole.get()) {
      LOG.warn("Prepared weights in {} are damaged; they are made anew", path);
    }
    return whole.get();
  }

  /**
   * Packs all matrices; their memory is taken by the threads as well. The small ones come first and
   * alone: by them the packing is compiled, before the kernels keep the compiler busy.
   */
  private void pack() {
    long total = panels.stream().mapToLong(p -> stored(p.weight())).sum();
    int few = 0;
    for (long bytes = 0; few < panels.size() && bytes < total / FIRST_SHARE; few++) {
      bytes += stored(panels.get(few).weight());
    }
    pack(panels.subList(0, few));
    context.kernels().warmUp();
    pack(panels.subList(few, panels.size()));
  }

  /** Packs some matrices, the last, which is the largest, first. */
  private void pack(List<Panels> some) {
    context.workers().run(some.size(), (chunk, worker) -> some.get(chunk).load(weights, arena));
  }

  private static long stored(Weight weight) {
    return weight.type().bytes((long) weight.rows() * weight.columns());
  }

  /** Writes the file while the model is in use. */
  private void write(Path path) {
    List<MemorySegment> contents =
        panels.stream().map(p -> p.memory().asSlice(0, p.size())).toList();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("hearth-prepared-weights")
            .unstarted(() -> write(path, contents));
    writer = thread;
    thread.start();
  }

  private static void write(Path path, List<MemorySegment> contents) {
    try {
      PanelFile.write(path, contents);
      LOG.info("The next start takes prepared weights from {}", path);
    } catch (ClosedByInterruptException e) {
      LOG.debug("Writing {} was given up", path, e);
    } catch (IOException e) {
      LOG.warn("Prepared weights cannot be kept: {}; each start packs them again", e.getMessage());
    }
  }

  /** Waits until the file is written or given up. */
  void await() throws InterruptedException {
    Thread thread = writer;
    if (thread != null) {
      thread.join();
    }
  }

  /** Ends writing; the panels' memory may go afterwards. */
  @Override
  public void close() {
    Thread thread = writer;
    if (thread == null) {
      return;
    }
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
