package dev.hearth.inference.cpu;

import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Slot;
import dev.hearth.inference.plan.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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

  /** A KV cache of a whole context up to this size is kept in single precision. */
  private static final long SINGLE_KV_BYTES = 128L << 20;

  private final DecoderPlan plan;
  private final WeightStore weights;
  private final CpuContext context;
  private final Map<Slot, Activation> slots = new HashMap<>();
  private final Map<String, float[]> vectors = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final boolean[] halfLayers;
  private final boolean keepPanels;
  private final Run run;
  private @Nullable RopeTable rope;

  CpuSession(DecoderPlan plan, WeightStore weights, Kernels kernels, int threads) {
    this(
        plan,
        weights,
        kernels,
        threads,
        halfByDefault(plan.shape()),
        panelBytes(plan) <= KEPT_PANEL_BYTES);
  }

  /** Says which layers keep their cache in half precision, and whether panels are kept. */
  CpuSession(
      DecoderPlan plan,
      WeightStore weights,
      Kernels kernels,
      int threads,
      boolean[] halfLayers,
      boolean keepPanels) {
    this.plan = plan;
    this.weights = weights;
    this.halfLayers = halfLayers.clone();
    Scratch[] scratch = new Scratch[threads];
    Arrays.setAll(scratch, i -> new Scratch());
    context = new CpuContext(kernels, new Workers(threads), scratch);
    run = new Run(new CpuSequence(plan.shape(), halfLayers));
    this.keepPanels = keepPanels;
    for (Op op : plan.ops()) {
      steps.add(bind(op));
    }
    kernels.opened();
  }

  private static boolean[] halfByDefault(DecoderShape shape) {
    long values = 2L * shape.layers() * shape.kvWidth() * shape.contextLength();
    boolean[] half = new boolean[shape.layers()];
    Arrays.fill(half, values * Float.BYTES > SINGLE_KV_BYTES);
    return half;
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

  private Step bind(Op op) {
    Kernels kernels = context.kernels();
    return switch (op) {
      case Op.Embed embed -> embed(embed);
      case Op.RmsNorm norm -> {
        Activation in = slot(norm.in());
        Activation out = slot(norm.out());
        float[] gain = vector(norm.gain());
        yield current -> {
          int end = current.rows * in.width;
          for (int at = 0; at < end; at += gain.length) {
            kernels.rmsNorm(in.values, at, gain, norm.epsilon(), out.values, at, gain.length);
          }
          out.written();
        };
      }
      case Op.MatMul mul ->
          new MatMulStep(
              context,
              mul.weight(),
              weights.data(mul.weight()),
              mul.bias() == null ? new float[0] : vector(mul.bias()),
              slot(mul.in()),
              slot(mul.out()),
              keepPanels);
      case Op.Rope turn -> rope(turn);
      case Op.Attend attend ->
          new AttendStep(
              context,
              attend,
              slot(attend.query()),
              slot(attend.key()),
              slot(attend.value()),
              slot(attend.out()),
              run);
      case Op.GatedUnit unit -> {
        Activation gate = slot(unit.gate());
        Activation up = slot(unit.up());
        Activation out = slot(unit.out());
        yield current -> {
          kernels.gatedUnit(gate.values, up.values, out.values, current.rows * out.width);
          out.written();
        };
      }
      case Op.Add add -> {
        Activation in = slot(add.in());
        Activation target = slot(add.target());
        yield current -> {
          kernels.add(in.values, target.values, current.rows * target.width);
          target.written();
        };
      }
      case Op.KeepRows keep -> keepRows(keep.slots().stream().map(this::slot).toList());
      case Op.Join join -> join(slot(join.first()), slot(join.second()), slot(join.out()));
    };
  }

  private Step embed(Op.Embed embed) {
    Weight table = embed.table();
    var data = weights.data(table);
    Activation out = slot(embed.out());
    return current -> {
      for (int row = 0; row < current.rows; row++) {
        long first = (long) current.tokens[current.from + row] * table.columns();
        table
            .type()
            .codec()
            .dequantise(data, table.type().bytes(first), out.values, row * out.width, out.width);
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
      angles.reserve(current.position + current.rows);
      int half = turn.headDim() / 2;
      for (int row = 0; row < current.rows; row++) {
        int angleAt = angles.at(current.position + row);
        for (int head = 0; head < turn.heads(); head++) {
          int at = row * x.width + head * turn.headDim();
          kernels.rotate(x.values, at, angles.cosines(), angles.sines(), angleAt, half);
        }
      }
      x.written();
    };
  }

  private static Step keepRows(List<Activation> kept) {
    return current -> {
      int first = current.rows - current.kept;
      if (first > 0) {
        for (Activation slot : kept) {
          System.arraycopy(
              slot.values, first * slot.width, slot.values, 0, current.kept * slot.width);
          slot.written();
        }
      }
      current.rows = current.kept;
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
        slot, s -> new Activation(s.width(), s.equals(plan.logits()) ? 1 : MAX_ROWS));
  }

  private float[] vector(Weight weight) {
    return vectors.computeIfAbsent(
        weight.name(),
        name -> {
          float[] values = new float[weight.columns()];
          weight.type().codec().dequantise(weights.data(weight), 0, values, 0, values.length);
          return values;
        });
  }

  @Override
  public Sequence newSequence() {
    return new CpuSequence(plan.shape(), halfLayers);
  }

  @Override
  public float[] forward(Sequence sequence, int[] tokens, int from, int to, Logits wanted) {
    CpuSequence cache = (CpuSequence) sequence;
    int count = to - from;
    if (count < 1 || count > MAX_ROWS) {
      throw new IllegalArgumentException("a pass takes 1 to " + MAX_ROWS + " tokens, not " + count);
    }
    if (count > cache.capacity() - cache.position()) {
      throw new IllegalStateException(
          count
              + " tokens do not fit behind "
              + cache.position()
              + " in a context of "
              + cache.capacity());
    }
    checkTokens(tokens, from, to);
    run.start(cache, tokens, from, count, wanted);
    for (Step step : steps) {
      if (run.rows == 0) {
        break;
      }
      step.run(run);
    }
    cache.advance(count);
    return slot(plan.logits()).values;
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
  public void close() {
    context.workers().close();
  }
}
