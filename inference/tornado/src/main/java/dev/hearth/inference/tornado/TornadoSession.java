package dev.hearth.inference.tornado;

import dev.hearth.inference.KvType;
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
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

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

  private final TornadoNativeArray stagedPage;
  private final IntArray restoredPage = new IntArray(1);
  private final DeviceThread thread = new DeviceThread();
  private final TornadoExecutionPlan execution;
  private TornadoExecutionResult lastPass;
  private volatile boolean closed;

  /**
   * Loads the weights, compiles all tasks and runs one token, so that what goes wrong does so now.
   *
   * @param measured remembers which kernels are the faster ones
   * @param kv how the KV cache is stored
   * @param pages of the KV cache
   * @param lanes threads of a work group
   */
  TornadoSession(
      DecoderPlan plan,
      WeightStore weights,
      TornadoDevice device,
      Measured measured,
      KvType kv,
      int pages,
      int lanes) {
    this.plan = plan;
    pass = Pass.array(plan.shape().contextLength());
    TwinChoice twins = new TwinChoice(device, lanes, measured);
    cache = new KvCache(plan.shape(), kv, KvCache.layers(plan), pages);
    decoder = new Lowering(FORWARD, plan, weights, cache, pass, lanes, grids, twins);
    nextToken = new Lowering(NEXT, plan, weights, cache, pass, lanes, grids, twins);
    states = new FloatArray(drafts() ? plan.shape().hidden() * Pass.MAX_ROWS : 1);
    int staged = Math.toIntExact(pageBytes() / Integer.BYTES);
    stagedPage = kv == KvType.F32 ? new FloatArray(staged) : new IntArray(staged);
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
    Devices.addFlags(execution, twins.flags());
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
    List<TornadoNativeArray> arrays = cache.arrays();
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, restoredPage, stagedPage);
    graph.consumeFromDevice(decoder.name(), arrays.toArray());
    if (drafts()) {
      graph.consumeFromDevice(NEXT, cache.arrays(plan.shape().layers()).toArray());
    }
    int width = cache.width();
    int kind = KvCache.kind(cache.type());
    for (int i = 0; i < arrays.size(); i++) {
      String id = "page" + i;
      int at = i * cache.pageInts();
      Grids.Shape shape =
          decoder
              .rows()
              .restorePage(graph, id, restoredPage, stagedPage, arrays.get(i), at, width, kind);
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
    pass.set(Pass.FULL, 1);
    pass.set(Pass.LISTED, 1);
    pass.set(Pass.GREATEST, 1);
    pass.set(Pass.TABLE, cache.sparePage());
    List<Lowering.Part> first = new ArrayList<>(parts);
    // It runs last.
    first.remove(decoderGraphs);
    TornadoExecutionResult result =
        loading.run(
            first.stream().map(Lowering.Part::weights).toList(),
            i -> run(i < decoderGraphs ? i : decoderGraphs + 1));
    if (drafts()) {
      result = runDecoder();
    }
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
    List<PassPart> parts = new ArrayList<>();
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
      parts.add(new PassPart(slice, sequence, from, from));
    }
    PassPart.check(parts, plan.shape().vocabulary());
    List<TornadoSequence.Copy> copies = new ArrayList<>();
    boolean copied = false;
    try {
      for (PassPart part : parts) {
        part.sequence().reserve(part.slice().to(), copies);
      }
      PassPart.write(parts, copies, drafts(), pass);
      decoder.head().want(PassPart.wanted(parts), pass);
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
    for (PassPart part : parts) {
      part.sequence().ran(part.count(), decoder.states().getSegment(), row);
      row += part.count();
    }
    return decoder.head().read(lastPass, decoder.logits(), pass);
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
    List<PassPart> parts = new ArrayList<>();
    for (Slice slice : slices) {
      TornadoSequence sequence = (TornadoSequence) slice.sequence();
      PassPart part = new PassPart(slice, sequence, sequence.drafted() + 1, sequence.drafted());
      if (part.count() > sequence.hiddenRows()) {
        throw new IllegalArgumentException(
            "the draft of token "
                + slice.to()
                + " needs the hidden state of the one before, but the sequence holds "
                + sequence.position());
      }
      parts.add(part);
    }
    PassPart.check(parts, plan.shape().vocabulary());
    int row = 0;
    for (PassPart part : parts) {
      part.sequence().hidden(part.count(), states.getSegment(), row);
      row += part.count();
    }
    PassPart.write(parts, List.of(), false, pass);
    nextToken.head().want(PassPart.wanted(parts), pass);
    lastPass = run(decoderGraphs + 1);
    for (PassPart part : parts) {
      part.sequence().drafted(part.count());
    }
    return nextToken.head().read(lastPass, nextToken.logits(), pass);
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
    return KvCache.pageBytes(plan, cache.type());
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
    int bytes = cache.pageInts() * Integer.BYTES;
    int at = 0;
    // Results read from the graph that is selected.
    execution.withGraph(decoderGraphs - 1);
    for (TornadoNativeArray array : cache.arrays()) {
      DataRange range =
          new DataRange(array)
              .withOffset((long) page * cache.pageInts())
              .withSize(cache.pageInts());
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
