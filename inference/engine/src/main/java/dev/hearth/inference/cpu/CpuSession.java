package dev.hearth.inference.cpu;

import dev.hearth.inference.KvType;
import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Slot;
import dev.hearth.inference.plan.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The interpreter: each operation is bound once to its buffers and weights by one exhaustive
 * switch; a pass runs the bound steps in order.
 */
final class CpuSession implements Session {

  /** Most tokens of one pass; longer prompts take several. */
  static final int MAX_ROWS = 256;

  /** Models whose matrices take at most this in single precision are kept in that form. */
  private static final long KEPT_PANEL_BYTES = 32L << 20;

  /** Tokens of a pass that reads the weights of a large model once for all of them. */
  private static final int CHEAP_ROWS = 4;

  /** Fewest values worth sharing among threads. */
  private static final int WORTH_SHARING = 1 << 15;

  private final DecoderPlan plan;
  private final WeightStore weights;
  private final CpuContext context;
  private final Map<Slot, Activation> slots = new HashMap<>();
  private final Activation.Tables tables = new Activation.Tables();
  private final Map<String, float[]> vectors = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Step> nextToken = new ArrayList<>();
  private final boolean keepPanels;
  private final CpuPages pages;
  private final Arena arena;
  private final Map<String, Panels> panels = new LinkedHashMap<>();
  private final Run run = new Run();
  private @Nullable RopeTable rope;
  private @Nullable PanelLoader loader;
  private boolean closed;

  CpuSession(
      DecoderPlan plan, WeightStore weights, Kernels kernels, int threads, @Nullable KvType kv) {
    this(
        plan,
        weights,
        kernels,
        threads,
        kv == null ? plan.shape().defaultKv() : kv,
        panelBytes(plan) <= KEPT_PANEL_BYTES);
  }

  /** Says how the cache is stored, and whether panels are kept. */
  @SuppressWarnings("MustBeClosedChecker") // the session owns the arena
  CpuSession(
      DecoderPlan plan,
      WeightStore weights,
      Kernels kernels,
      int threads,
      KvType kv,
      boolean keepPanels) {
    this.plan = plan;
    this.weights = weights;
    Scratch[] scratch = new Scratch[threads];
    Arrays.setAll(scratch, i -> new Scratch());
    context = new CpuContext(kernels, new Workers(threads), scratch);
    this.keepPanels = keepPanels;
    pages = new CpuPages(plan.shape(), kv, plan.shape().layers() + (drafts() ? 1 : 0));
    arena = Arena.ofShared();
    boolean opened = false;
    try {
      bind(plan.ops(), steps);
      bind(plan.nextToken(), nextToken);
      loader = new PanelLoader(panels.values(), weights, context, arena);
      loader.load();
      kernels.opened();
      opened = true;
    } finally {
      if (!opened) {
        close();
      }
    }
  }

  private static long panelBytes(DecoderPlan plan) {
    long values = 0;
    for (Op op : plan.ops()) {
      if (op instanceof Op.MatMul mul) {
        values += (long) mul.weight().rows() * mul.weight().columns();
      }
    }
    return values * Float.BYTES;
  }

  /** Binds operations; products of one input that follow one another become one step. */
  private void bind(List<Op> ops, List<Step> bound) {
    for (int i = 0; i < ops.size(); i++) {
      if (ops.get(i) instanceof Op.MatMul first) {
        List<MatMul> products = new ArrayList<>();
        products.add(matMul(first));
        while (i + 1 < ops.size()
            && ops.get(i + 1) instanceof Op.MatMul next
            && next.in().equals(first.in())) {
          products.add(matMul(next));
          i++;
        }
        bound.add(new MatMulStep(context.workers(), products));
      } else {
        bound.add(bind(ops.get(i)));
      }
    }
  }

  private MatMul matMul(Op.MatMul mul) {
    Weight weight = mul.weight();
    float[] kept = null;
    Panels matrix;
    if (keepPanels) {
      // Dequantised once, which needs no fast kernel.
      matrix = new Panels(weight, new ScalarPanels(weight.type()));
      matrix.load(weights, arena);
      kept = MatMul.dequantised(matrix);
    } else {
      PanelKernel kernel = context.kernels().weight(weight.type(), weight.columns());
      matrix = panels.computeIfAbsent(weight.name(), name -> new Panels(weight, kernel));
    }
    return new MatMul(
        context,
        matrix,
        mul.bias() == null ? new float[0] : vector(mul.bias()),
        slot(mul.in()),
        slot(mul.out()),
        kept,
        mul.out().equals(plan.logits()));
  }

  private Step bind(Op op) {
    Kernels kernels = context.kernels();
    return switch (op) {
      case Op.Embed embed -> embed(embed);
      case Op.RmsNorm norm -> {
        Activation in = slot(norm.in());
        Activation out = slot(norm.out());
        float[] gain = vector(norm.gain());
        yield current -> {
          forRows(
              current.rows,
              in.width,
              (at, end) -> {
                for (int i = at; i < end; i += gain.length) {
                  kernels.rmsNorm(in.values, i, gain, norm.epsilon(), out.values, i, gain.length);
                }
              });
          out.written();
        };
      }
      case Op.MatMul mul -> new MatMulStep(context.workers(), List.of(matMul(mul)));
      case Op.Rope turn -> rope(turn);
      case Op.Attend attend ->
          new AttendStep(
              context,
              attend,
              slot(attend.query()),
              slot(attend.key()),
              slot(attend.value()),
              slot(attend.out()));
      case Op.GatedUnit unit -> {
        Activation gate = slot(unit.gate());
        Activation up = slot(unit.up());
        Activation out = slot(unit.out());
        yield current -> {
          forRows(
              current.rows,
              out.width,
              (at, end) -> kernels.gatedUnit(gate.values, up.values, out.values, at, end - at));
          out.written();
        };
      }
      case Op.Add add -> {
        Activation in = slot(add.in());
        Activation target = slot(add.target());
        yield current -> {
          float[] sum = target.values;
          forRows(
              current.rows,
              target.width,
              (at, end) -> kernels.add(in.values, at, sum, at, sum, at, end - at));
          target.written();
        };
      }
      case Op.KeepRows keep ->
          keepRows(
              keep.rows() == Op.KeepRows.Rows.HIDDEN,
              keep.slots().stream().map(this::slot).toList());
      case Op.Join join -> join(slot(join.first()), slot(join.second()), slot(join.out()));
    };
  }

  /** Something to do with the values of some rows of a slot. */
  @FunctionalInterface
  private interface Values {
    void run(int at, int end);
  }

  /** Does something with all rows, by all threads if that is worth it. */
  private void forRows(int rows, int width, Values action) {
    Workers workers = context.workers();
    if (rows * width < WORTH_SHARING) {
      action.run(0, rows * width);
      return;
    }
    int share = Math.ceilDiv(rows, 4 * workers.size());
    workers.run(
        Math.ceilDiv(rows, share),
        (chunk, worker) ->
            action.run(chunk * share * width, Math.min(rows, (chunk + 1) * share) * width));
  }

  private Step embed(Op.Embed embed) {
    Weight table = embed.table();
    MemorySegment data = data(table);
    Activation out = slot(embed.out());
    return current -> {
      for (Run.Part part : current.parts) {
        for (int row = 0; row < part.rows; row++) {
          long first = (long) part.tokens[part.from + row] * table.columns();
          int to = (part.first + row) * out.width;
          table
              .type()
              .codec()
              .dequantise(data, table.type().bytes(first), out.values, to, out.width);
        }
      }
      out.written();
    };
  }

  private Step rope(Op.Rope turn) {
    Activation x = slot(turn.slot());
    RopeTable table = rope;
    if (table == null) {
      table = new RopeTable(turn.headDim(), turn.base(), plan.shape().contextLength());
      rope = table;
    }
    RopeTable angles = table;
    Kernels kernels = context.kernels();
    return current -> {
      int half = turn.headDim() / 2;
      for (Run.Part part : current.parts) {
        angles.reserve(part.position + part.rows);
        for (int row = 0; row < part.rows; row++) {
          int angleAt = angles.at(part.position + row);
          for (int head = 0; head < turn.heads(); head++) {
            int at = (part.first + row) * x.width + head * turn.headDim();
            kernels.rotate(x.values, at, angles.cosines(), angles.sines(), angleAt, half);
          }
        }
      }
      x.written();
    };
  }

  private static Step keepRows(boolean hidden, List<Activation> kept) {
    return current -> {
      int rows = 0;
      for (Run.Part part : current.parts) {
        int count = hidden && current.hidden ? part.rows : part.logits;
        int first = part.first + part.rows - count;
        if (first != rows) {
          for (Activation slot : kept) {
            System.arraycopy(
                slot.values,
                first * slot.width,
                slot.values,
                rows * slot.width,
                count * slot.width);
            slot.written();
          }
        }
        part.first = rows;
        part.rows = count;
        rows += count;
      }
      current.rows = rows;
    };
  }

  private static Step join(Activation first, Activation second, Activation out) {
    return current -> {
      for (int row = 0; row < current.rows; row++) {
        int at = row * out.width;
        System.arraycopy(first.values, row * first.width, out.values, at, first.width);
        System.arraycopy(
            second.values, row * second.width, out.values, at + first.width, second.width);
      }
      out.written();
    };
  }

  /** The buffer of a slot; the logits' grows as rows are wanted, a decode step needs but one. */
  private Activation slot(Slot slot) {
    return slots.computeIfAbsent(
        slot, s -> new Activation(s.width(), s.equals(plan.logits()) ? 1 : MAX_ROWS, tables));
  }

  private MemorySegment data(Weight weight) {
    return Native.of(weights.data(weight));
  }

  private float[] vector(Weight weight) {
    return vectors.computeIfAbsent(
        weight.name(),
        name -> {
          float[] values = new float[weight.columns()];
          weight.type().codec().dequantise(data(weight), 0, values, 0, values.length);
          return values;
        });
  }

  @Override
  public Sequence newSequence() {
    return new CpuSequence(
        pages, plan.shape().contextLength(), drafts() ? plan.shape().hidden() : 0);
  }

  @Override
  public float[] forward(List<Slice> slices) {
    requireOpen();
    run.start(drafts());
    for (Slice slice : slices) {
      CpuSequence sequence = (CpuSequence) slice.sequence();
      int from = sequence.position();
      check(slice, slice.to() - from);
      if (slice.to() > sequence.capacity()) {
        throw new IllegalStateException(
            (slice.to() - from)
                + " tokens do not fit behind "
                + from
                + " in a context of "
                + sequence.capacity());
      }
      checkTokens(slice.tokens(), from, slice.to());
      run.add(slice, from, from);
    }
    checkRows();
    for (Slice slice : slices) {
      ((CpuSequence) slice.sequence()).reserve(slice.to());
    }
    runAll(steps);
    MemorySegment states = MemorySegment.ofArray(slot(plan.residual()).values);
    int row = 0;
    for (Slice slice : slices) {
      CpuSequence sequence = (CpuSequence) slice.sequence();
      int count = slice.to() - sequence.position();
      sequence.ran(count, states, row);
      row += count;
    }
    return slot(plan.logits()).values;
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
    Activation states = slot(plan.residual());
    run.start(false);
    for (Slice slice : slices) {
      CpuSequence sequence = (CpuSequence) slice.sequence();
      int count = slice.to() - 1 - sequence.drafted();
      check(slice, count);
      if (count > sequence.hiddenRows()) {
        throw new IllegalArgumentException(
            "the draft of token "
                + slice.to()
                + " needs the hidden state of the one before, but the sequence holds "
                + sequence.position());
      }
      checkTokens(slice.tokens(), sequence.drafted() + 1, slice.to());
      run.add(slice, sequence.drafted() + 1, sequence.drafted());
    }
    checkRows();
    MemorySegment rows = MemorySegment.ofArray(states.values);
    for (Run.Part part : run.parts) {
      part.sequence.hidden(part.rows, rows, part.first);
    }
    states.written();
    runAll(nextToken);
    for (Slice slice : slices) {
      CpuSequence sequence = (CpuSequence) slice.sequence();
      sequence.drafted(slice.to() - 1 - sequence.drafted());
    }
    return slot(plan.logits()).values;
  }

  private void runAll(List<Step> all) {
    for (Step step : all) {
      if (run.rows == 0) {
        break;
      }
      step.run(run);
    }
  }

  private static void check(Slice slice, int count) {
    if (count < 1 || slice.logits() > count) {
      throw new IllegalArgumentException(
          "a pass cannot run " + count + " tokens with logits of " + slice.logits());
    }
  }

  private void checkRows() {
    if (run.rows < 1 || run.rows > MAX_ROWS) {
      throw new IllegalArgumentException(
          "a pass takes 1 to " + MAX_ROWS + " tokens, not " + run.rows);
    }
  }

  private void checkTokens(int[] tokens, int from, int to) {
    for (int i = from; i < to; i++) {
      if (tokens[i] < 0 || tokens[i] >= plan.shape().vocabulary()) {
        throw new IllegalArgumentException(
            "token " + tokens[i] + " is outside the vocabulary of " + plan.shape().vocabulary());
      }
    }
  }

  @Override
  public int maxRows() {
    return MAX_ROWS;
  }

  @Override
  public int cheapRows() {
    return keepPanels ? 1 : CHEAP_ROWS;
  }

  @Override
  public int pageTokens() {
    return LayerPage.POSITIONS;
  }

  @Override
  public long pageBytes() {
    return pages.pageBytes();
  }

  @Override
  public KvPage newPage() {
    return pages.take();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }

  /** Waits until prepared weights are kept, if they are. */
  void awaitPrepared() throws InterruptedException {
    if (loader != null) {
      loader.await();
    }
  }

  @Override
  public void close() {
    closed = true;
    context.workers().close();
    if (loader != null) {
      loader.close();
    }
    pages.close();
    arena.close();
  }
}
