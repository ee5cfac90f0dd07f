package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Measured;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.DecoderPlan;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A plan on a device: each of the decoder's task graphs runs once a pass, whatever the number of
 * rows. Another graph takes saved pages, and one runs the next-token layer where there is one. All
 * use of the device is on one thread of its own.
 *
 * <p>TornadoVM hands buffers from the graph that ran last to the next by what that one lists under
 * the other's name. The decoder's last graph has all that is shared; it runs before either of the
 * others does for the first time, and what these list of each other are caches that they have by
 * then.
 */
final class TornadoSession implements Session {

  private static final String FORWARD = "forward";
  private static final String RESTORE = "restore";
  private static final String NEXT = "next";

  private final DecoderPlan plan;
  private final IntArray pass;
  private final KvCache cache;
  private final Grids grids = new Grids();
  private final Lowering decoder;
  private final Lowering nextToken;

  /** How many graphs the decoder is; then come those that restore pages and draft. */
  private final int decoderGraphs;

  /** Hidden states that the next-token layer reads. */
  private final FloatArray states;

  private final FloatArray stagedPage;
  private final IntArray restoredPage = new IntArray(1);
  private final DeviceThread thread = new DeviceThread();
  private final TornadoExecutionPlan execution;
  private TornadoExecutionResult lastPass;
  private float[] logits = {};
  private volatile boolean closed;

  /**
   * Loads the weights, compiles all tasks and runs one token, so that what goes wrong does so now.
   *
   * @param measured remembers which kernels are the faster ones
   * @param pages of the KV cache
   * @param lanes threads of a work group
   */
  TornadoSession(
      DecoderPlan plan,
      WeightStore weights,
      TornadoDevice device,
      Measured measured,
      int pages,
      int lanes) {
    this.plan = plan;
    pass = Pass.array(plan.shape().contextLength());
    TwinChoice twins = new TwinChoice(device, lanes, measured);
    cache = new KvCache(plan.shape(), KvCache.layers(plan), pages);
    decoder = new Lowering(FORWARD, plan, weights, cache, pass, lanes, grids, twins);
    nextToken = new Lowering(NEXT, plan, weights, cache, pass, lanes, grids, twins);
    states = new FloatArray(drafts() ? plan.shape().hidden() * Pass.MAX_ROWS : 1);
    stagedPage = new FloatArray(Math.toIntExact(pageBytes() / Float.BYTES));
    List<Lowering.Part> parts = new ArrayList<>(decoder.decoder());
    decoderGraphs = parts.size();
    parts.add(new Lowering.Part(restore(), List.of()));
    if (drafts()) {
      parts.add(nextToken.nextToken(decoder, states, List.of(RESTORE)));
    }
    execution =
        new TornadoExecutionPlan(
            parts.stream().map(part -> part.graph().snapshot()).toArray(ImmutableTaskGraph[]::new));
    execution.withDevice(device).withGridScheduler(grids.scheduler());
    boolean warm = false;
    try {
      lastPass = thread.call(() -> warmUp(parts, new WeightLoading(weights)));
      warm = true;
    } finally {
      if (!warm) {
        close();
      }
    }
  }

  private TaskGraph restore() {
    TaskGraph graph = new TaskGraph(RESTORE);
    List<FloatArray> arrays = cache.arrays();
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, restoredPage, stagedPage);
    graph.consumeFromDevice(decoder.name(), arrays.toArray());
    if (drafts()) {
      graph.consumeFromDevice(NEXT, cache.arrays(plan.shape().layers()).toArray());
    }
    int width = plan.shape().kvWidth();
    for (int i = 0; i < arrays.size(); i++) {
      String id = "page" + i;
      int at = i * cache.pageValues();
      Grids.Shape shape =
          decoder.rows().restorePage(graph, id, restoredPage, stagedPage, arrays.get(i), at, width);
      grids.put(RESTORE + "." + id, shape);
    }
    graph.persistOnDevice(arrays.toArray());
    return graph;
  }

  private TornadoExecutionResult warmUp(List<Lowering.Part> parts, WeightLoading loading) {
    for (int i = 0; i < pass.getSize(); i++) {
      pass.set(i, 0);
    }
    pass.set(Pass.ALL, 1);
    pass.set(Pass.HIDDEN, 1);
    pass.set(Pass.LOGITS, 1);
    pass.set(Pass.TABLE, cache.sparePage());
    List<Lowering.Part> first = new ArrayList<>(parts);
    // It runs last.
    first.remove(decoderGraphs);
    loading.run(
        first.stream().map(Lowering.Part::weights).toList(),
        i -> run(i < decoderGraphs ? i : decoderGraphs + 1));
    TornadoExecutionResult result = runDecoder();
    restoredPage.set(0, cache.sparePage());
    run(decoderGraphs);
    return result;
  }

  private TornadoExecutionResult runDecoder() {
    for (int graph = 0; graph < decoderGraphs - 1; graph++) {
      run(graph);
    }
    return run(decoderGraphs - 1);
  }

  private TornadoExecutionResult run(int graph) {
    grids.set(pass);
    return execution.withGraph(graph).execute();
  }

  @Override
  public Sequence newSequence() {
    return new TornadoSequence(
        this, plan.shape().contextLength(), drafts() ? plan.shape().hidden() : 0);
  }

  @Override
  public float[] forward(List<Slice> slices) {
    requireOpen();
    return thread.call(() -> forwardOnDevice(slices));
  }

  private float[] forwardOnDevice(List<Slice> slices) {
    List<Part> parts = new ArrayList<>();
    for (Slice slice : slices) {
      TornadoSequence sequence = (TornadoSequence) slice.sequence();
      int from = sequence.position();
      if (slice.to() > sequence.capacity()) {
        throw new IllegalStateException(
            (slice.to() - from)
                + " tokens do not fit behind "
                + from
                + " in a context of "
                + sequence.capacity());
      }
      parts.add(new Part(slice, sequence, from, from));
    }
    check(parts);
    List<TornadoSequence.Copy> copies = new ArrayList<>();
    boolean copied = false;
    try {
      for (Part part : parts) {
        part.sequence.reserve(part.slice.to(), copies);
      }
      write(parts, copies, drafts());
      lastPass = runDecoder();
      copied = true;
    } finally {
      copies.forEach(copied ? TornadoSequence.Copy::done : TornadoSequence.Copy::failed);
    }
    if (drafts()) {
      int values = pass.get(Pass.ALL) * plan.shape().hidden();
      lastPass.transferToHost(new DataRange(decoder.states()).withSize(values));
    }
    int row = 0;
    for (Part part : parts) {
      part.sequence.ran(part.count(), decoder.states().getSegment(), row);
      row += part.count();
    }
    return readLogits(decoder.logits());
  }

  /**
   * What a pass runs of a sequence.
   *
   * @param slice the request
   * @param sequence its sequence
   * @param from index of the first token
   * @param position where the first row goes in the cache
   */
  private record Part(Slice slice, TornadoSequence sequence, int from, int position) {
    int count() {
      return slice.to() - from;
    }
  }

  private void check(List<Part> parts) {
    int rows = 0;
    for (Part part : parts) {
      int count = part.count();
      if (count < 1 || part.slice.logits() < 0 || part.slice.logits() > count) {
        throw new IllegalArgumentException(
            "a pass cannot run " + count + " tokens with logits of " + part.slice.logits());
      }
      for (int i = part.from; i < part.slice.to(); i++) {
        int token = part.slice.tokens()[i];
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

  /** Writes the pass; all hidden states stay if they are wanted, else those of wanted logits. */
  private void write(List<Part> parts, List<TornadoSequence.Copy> copies, boolean allHidden) {
    int row = 0;
    int kept = 0;
    int table = 0;
    for (Part part : parts) {
      int to = part.slice.to();
      for (int i = part.from; i < to; i++) {
        pass.set(Pass.TOKENS + row, part.slice.tokens()[i]);
        pass.set(Pass.POSITIONS + row, part.position + i - part.from);
        pass.set(Pass.TABLES + row, table);
        if (allHidden) {
          pass.set(Pass.PICK_HIDDEN + row, row);
        }
        if (i >= to - part.slice.logits()) {
          pass.set(Pass.PICK_LOGITS + kept, allHidden ? row : kept);
          if (!allHidden) {
            pass.set(Pass.PICK_HIDDEN + kept, row);
          }
          kept++;
        }
        row++;
      }
      for (int i = 0; i < part.sequence.pages(); i++) {
        pass.set(Pass.TABLE + table, part.sequence.pageAt(i).index());
        table++;
      }
    }
    pass.set(Pass.ALL, row);
    pass.set(Pass.HIDDEN, allHidden ? row : kept);
    pass.set(Pass.LOGITS, kept);
    pass.set(Pass.COPIES, copies.size());
    for (int i = 0; i < copies.size(); i++) {
      pass.set(Pass.COPY + 3 * i, copies.get(i).from().index());
      pass.set(Pass.COPY + 3 * i + 1, copies.get(i).to().index());
      pass.set(Pass.COPY + 3 * i + 2, copies.get(i).tokens());
    }
  }

  /** Reads the wanted rows of the graph that ran last. */
  private float[] readLogits(FloatArray rows) {
    int count = pass.get(Pass.LOGITS) * plan.shape().vocabulary();
    if (count > 0) {
      lastPass.transferToHost(new DataRange(rows).withSize(count));
      if (logits.length < count) {
        logits = new float[count];
      }
      MemorySegment.copy(
          rows.getSegment(), 0, MemorySegment.ofArray(logits), 0, (long) count * Float.BYTES);
    }
    return logits;
  }

  @Override
  public boolean drafts() {
    return !plan.nextToken().isEmpty();
  }

  @Override
  public float[] draft(List<Slice> slices) {
    if (!drafts()) {
      throw new IllegalStateException("the model has no next-token layer to draft with");
    }
    requireOpen();
    return thread.call(() -> draftOnDevice(slices));
  }

  private float[] draftOnDevice(List<Slice> slices) {
    List<Part> parts = new ArrayList<>();
    for (Slice slice : slices) {
      TornadoSequence sequence = (TornadoSequence) slice.sequence();
      Part part = new Part(slice, sequence, sequence.drafted() + 1, sequence.drafted());
      if (part.count() > sequence.hiddenRows()) {
        throw new IllegalArgumentException(
            "the draft of token "
                + slice.to()
                + " needs the hidden state of the one before, but the sequence holds "
                + sequence.position());
      }
      parts.add(part);
    }
    check(parts);
    int row = 0;
    for (Part part : parts) {
      part.sequence.hidden(part.count(), states.getSegment(), row);
      row += part.count();
    }
    write(parts, List.of(), false);
    lastPass = run(decoderGraphs + 1);
    for (Part part : parts) {
      part.sequence.drafted(part.count());
    }
    return readLogits(nextToken.logits());
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
    return KvCache.pageBytes(plan);
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
  void save(int page, MemorySegment target) {
    requireOpen();
    // By an array: a segment may belong to the caller's thread alone.
    byte[] contents = thread.call(() -> saved(page));
    MemorySegment.copy(contents, 0, target, ValueLayout.JAVA_BYTE, 0, contents.length);
  }

  private byte[] saved(int page) {
    byte[] contents = new byte[Math.toIntExact(pageBytes())];
    int bytes = cache.pageValues() * Float.BYTES;
    int at = 0;
    // Results read from the graph that is selected.
    execution.withGraph(decoderGraphs - 1);
    for (FloatArray array : cache.arrays()) {
      DataRange range =
          new DataRange(array)
              .withOffset((long) page * cache.pageValues())
              .withSize(cache.pageValues());
      lastPass.transferToHost(range);
      MemorySegment.copy(
          array.getSegment(), ValueLayout.JAVA_BYTE, (long) page * bytes, contents, at, bytes);
      at += bytes;
    }
    return contents;
  }

  /** Takes a page's contents; see {@link KvPage#restore}. */
  void restore(int page, MemorySegment source) {
    requireOpen();
    byte[] contents = source.asSlice(0, pageBytes()).toArray(ValueLayout.JAVA_BYTE);
    thread.call(() -> {
      MemorySegment.copy(
          contents, 0, stagedPage.getSegment(), ValueLayout.JAVA_BYTE, 0, contents.length);
      restoredPage.set(0, page);
      return run(decoderGraphs);
    });
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    thread.call(() -> {
      closed = true;
      execution.close();
      return true;
    });
    thread.close();
  }
}
