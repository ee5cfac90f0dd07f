package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.DecoderPlan;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A plan on a device: one execution of one task graph a pass, whatever the number of rows. A second
 * graph takes saved pages. Whoever uses the device holds this object's lock.
 *
 * <p>The next-token layer is not run here; guesses are looked up in the text only.
 */
final class TornadoSession implements Session {

  private static final String RESTORE = "restore";
  private static final int FORWARD_GRAPH = 0;
  private static final int RESTORE_GRAPH = 1;

  private final DecoderPlan plan;
  private final IntArray pass;
  private final KvCache cache;
  private final Grids grids = new Grids();
  private final FloatArray deviceLogits;
  private final FloatArray stagedPage;
  private final IntArray restoredPage = new IntArray(1);
  private final TornadoExecutionPlan execution;
  private TornadoExecutionResult lastPass;
  private float[] logits = {};
  private boolean closed;

  /**
   * Loads the weights, compiles all tasks and runs one token, so that what goes wrong does so now.
   *
   * @param pages of the KV cache
   * @param lanes threads of a work group
   */
  TornadoSession(
      DecoderPlan plan, WeightStore weights, TornadoDevice device, int pages, int lanes) {
    this.plan = plan;
    pass = Pass.array(plan.shape().contextLength());
    cache = new KvCache(plan.shape(), pages);
    Lowering lowering =
        new Lowering(plan, weights, cache, pass, lanes, grids, new TwinChoice(device, lanes));
    TaskGraph forward = lowering.lower();
    deviceLogits = lowering.logits();
    stagedPage = new FloatArray(Math.toIntExact(pageBytes() / Float.BYTES));
    execution = new TornadoExecutionPlan(forward.snapshot(), restore().snapshot());
    execution.withDevice(device).withGridScheduler(grids.scheduler());
    boolean warm = false;
    try {
      lastPass = warmUp();
      warm = true;
    } finally {
      if (!warm) {
        close();
      }
    }
  }

  private TaskGraph restore() {
    KernelContext context = new KernelContext();
    TaskGraph graph = new TaskGraph(RESTORE);
    List<FloatArray> arrays = cache.arrays();
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, restoredPage, stagedPage);
    graph.consumeFromDevice(Lowering.GRAPH, arrays.toArray());
    int width = plan.shape().kvWidth();
    for (int i = 0; i < arrays.size(); i++) {
      String id = "page" + i;
      graph.addTask(
          TaskPackage.createPackage(
              id,
              RowKernels::restorePage,
              context,
              restoredPage,
              stagedPage,
              arrays.get(i),
              i * cache.pageValues(),
              width));
      grids.put(RESTORE + "." + id, new Grids.Shape(width, 0, -1, Pass.PAGE));
    }
    graph.persistOnDevice(arrays.toArray());
    return graph;
  }

  private TornadoExecutionResult warmUp() {
    for (int i = 0; i < pass.getSize(); i++) {
      pass.set(i, 0);
    }
    pass.set(Pass.ALL, 1);
    pass.set(Pass.HIDDEN, 1);
    pass.set(Pass.LOGITS, 1);
    pass.set(Pass.TABLE, cache.sparePage());
    TornadoExecutionResult result = runPass();
    restoredPage.set(0, cache.sparePage());
    execution.withGraph(RESTORE_GRAPH).execute();
    return result;
  }

  private TornadoExecutionResult runPass() {
    grids.set(pass);
    return execution.withGraph(FORWARD_GRAPH).execute();
  }

  @Override
  public Sequence newSequence() {
    return new TornadoSequence(this, plan.shape().contextLength());
  }

  @Override
  public synchronized float[] forward(List<Slice> slices) {
    requireOpen();
    check(slices);
    List<TornadoSequence.Copy> copies = new ArrayList<>();
    try {
      for (Slice slice : slices) {
        ((TornadoSequence) slice.sequence()).reserve(slice.to(), copies);
      }
      write(slices, copies);
      lastPass = runPass();
    } finally {
      copies.forEach(copy -> copy.from().release());
    }
    readLogits(pass.get(Pass.LOGITS));
    for (Slice slice : slices) {
      TornadoSequence sequence = (TornadoSequence) slice.sequence();
      sequence.ran(slice.to() - sequence.position());
    }
    return logits;
  }

  private void check(List<Slice> slices) {
    int rows = 0;
    for (Slice slice : slices) {
      int from = slice.sequence().position();
      int count = slice.to() - from;
      if (count < 1 || slice.logits() < 0 || slice.logits() > count) {
        throw new IllegalArgumentException(
            "a pass cannot run " + count + " tokens with logits of " + slice.logits());
      }
      if (slice.to() > slice.sequence().capacity()) {
        throw new IllegalStateException(
            count
                + " tokens do not fit behind "
                + from
                + " in a context of "
                + slice.sequence().capacity());
      }
      for (int i = from; i < slice.to(); i++) {
        int token = slice.tokens()[i];
        if (token < 0 || token >= plan.shape().vocabulary()) {
          throw new IllegalArgumentException(
              "token " + token + " is outside the vocabulary of " + plan.shape().vocabulary());
        }
      }
      rows += count;
    }
    if (rows < 1 || rows > Pass.MAX_ROWS) {
      throw new IllegalArgumentException(
          "a pass takes 1 to " + Pass.MAX_ROWS + " tokens, not " + rows);
    }
  }

  private void write(List<Slice> slices, List<TornadoSequence.Copy> copies) {
    int row = 0;
    int kept = 0;
    int table = 0;
    for (Slice slice : slices) {
      TornadoSequence sequence = (TornadoSequence) slice.sequence();
      for (int i = sequence.position(); i < slice.to(); i++) {
        pass.set(Pass.TOKENS + row, slice.tokens()[i]);
        pass.set(Pass.POSITIONS + row, i);
        pass.set(Pass.TABLES + row, table);
        if (i >= slice.to() - slice.logits()) {
          pass.set(Pass.PICK_HIDDEN + kept, row);
          pass.set(Pass.PICK_LOGITS + kept, kept);
          kept++;
        }
        row++;
      }
      for (TornadoPage page : sequence.pages()) {
        pass.set(Pass.TABLE + table, page.index());
        table++;
      }
    }
    pass.set(Pass.ALL, row);
    pass.set(Pass.HIDDEN, kept);
    pass.set(Pass.LOGITS, kept);
    pass.set(Pass.COPIES, copies.size());
    for (int i = 0; i < copies.size(); i++) {
      pass.set(Pass.COPY + 3 * i, copies.get(i).from().index());
      pass.set(Pass.COPY + 3 * i + 1, copies.get(i).to().index());
      pass.set(Pass.COPY + 3 * i + 2, copies.get(i).tokens());
    }
  }

  private void readLogits(int rows) {
    int count = rows * plan.shape().vocabulary();
    if (count == 0) {
      return;
    }
    lastPass.transferToHost(new DataRange(deviceLogits).withSize(count));
    if (logits.length < count) {
      logits = new float[count];
    }
    MemorySegment.copy(
        deviceLogits.getSegment(), 0, MemorySegment.ofArray(logits), 0, (long) count * Float.BYTES);
  }

  @Override
  public boolean drafts() {
    return false;
  }

  @Override
  public float[] draft(List<Slice> slices) {
    throw new IllegalStateException("the next-token layer is not run on this backend");
  }

  @Override
  public int maxRows() {
    return Pass.MAX_ROWS;
  }

  @Override
  public int cheapRows() {
    return Pass.TILE;
  }

  @Override
  public int pageTokens() {
    return Pass.PAGE;
  }

  @Override
  public long pageBytes() {
    return KvCache.pageBytes(plan.shape());
  }

  @Override
  public int mostPages() {
    return cache.pages();
  }

  @Override
  public TornadoPage newPage() {
    return new TornadoPage(this, cache.take());
  }

  /** A page that nobody holds any more. */
  void free(int page) {
    cache.free(page);
  }

  /** Copies a page out; see {@link KvPage#save}. */
  synchronized void save(int page, MemorySegment target) {
    requireOpen();
    long bytes = (long) cache.pageValues() * Float.BYTES;
    long at = 0;
    for (FloatArray array : cache.arrays()) {
      DataRange range =
          new DataRange(array)
              .withOffset((long) page * cache.pageValues())
              .withSize(cache.pageValues());
      lastPass.transferToHost(range);
      MemorySegment.copy(array.getSegment(), page * bytes, target, at, bytes);
      at += bytes;
    }
  }

  /** Takes a page's contents; see {@link KvPage#restore}. */
  synchronized void restore(int page, MemorySegment source) {
    requireOpen();
    MemorySegment.copy(source, 0, stagedPage.getSegment(), 0, pageBytes());
    restoredPage.set(0, page);
    execution.withGraph(RESTORE_GRAPH).execute();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      execution.close();
    } catch (TornadoExecutionPlanException e) {
      throw new IllegalStateException("the device's memory cannot be given back", e);
    }
  }
}
