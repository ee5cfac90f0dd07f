package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Slot;
import dev.hearth.inference.plan.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Makes the task graphs of a decoder, or that of its next-token layer: each step becomes tasks by
 * an exhaustive switch. Weights go to the device once, activations and caches never leave it but
 * for the logits.
 */
final class Lowering {

  /** Steps of a graph: a step's one to three tasks take 60 to 110 bytes of its code each. */
  static final int MOST_STEPS = 44;

  private final DecoderPlan plan;
  private final KvCache cache;
  private final IntArray pass;
  private final int lanes;
  private final String prefix;
  private String name;
  private TaskGraph graph;
  private final Grids grids;
  private final TwinChoice choice;
  private Twins twins = Twins.NONE;
  private final WeightStore store;
  private MatrixTasks matrices;
  private RowTasks rows;
  private final Map<Slot, FloatArray> slots = new HashMap<>();
  private final PlanWeights weights;
  private final Head head;
  private MatrixTasks lists;
  private int stage = Pass.ALL;
  private int tasks;

  /**
   * Prepares.
   *
   * @param name of the graph, or what those of a decoder begin with
   * @param pass goes to the device before every pass
   * @param lanes threads of a work group, a power of two
   * @param choice finds the form of products that is the fastest
   */
  Lowering(
      String name,
      DecoderPlan plan,
      WeightStore store,
      KvCache cache,
      IntArray pass,
      int lanes,
      Grids grids,
      TwinChoice choice) {
    prefix = name;
    this.name = name;
    graph = new TaskGraph(name);
    this.plan = plan;
    this.cache = cache;
    this.pass = pass;
    this.lanes = lanes;
    this.grids = grids;
    this.choice = choice;
    this.store = store;
    weights = new PlanWeights(plan.shape(), store);
    head = new Head(head(plan));
    matrices = new MatrixTasks(new KernelContext(), pass, lanes, twins);
    lists = new MatrixTasks(new KernelContext(), head.list(), lanes, twins);
    rows = new RowJava(pass, lanes);
  }

  /**
   * The graphs of the decoder, which run one after another. TornadoVM takes about 8 KB of code a
   * graph, so that one holds some layers only.
   */
  List<Part> decoder() {
    plan.ops().forEach(weights::load);
    List<Step> steps = Step.of(plan.ops());
    chooseTwins(steps);
    List<Part> graphs = new ArrayList<>();
    Set<Object> there = new LinkedHashSet<>();
    for (int from = 0; from < steps.size(); from += MOST_STEPS) {
      List<Step> some = steps.subList(from, Math.min(from + MOST_STEPS, steps.size()));
      String before = name;
      name = prefix + graphs.size();
      graph = new TaskGraph(name);
      graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, pass);
      if (from + MOST_STEPS >= steps.size()) {
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, head.list(), head.masks());
      }
      Set<Object> constants = new LinkedHashSet<>();
      some.forEach(step -> constants.addAll(weights.constants(step)));
      constants.removeAll(there);
      graphs.add(new Part(graph, weights.matricesOf(constants)));
      graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, constants.toArray());
      if (!there.isEmpty()) {
        graph.consumeFromDevice(before, there.toArray());
      }
      begin(some);
      some.forEach(this::lower);
      if (from + MOST_STEPS >= steps.size()) {
        there.addAll(head.kept());
        if (!plan.nextToken().isEmpty()) {
          copyPages(plan.shape().layers());
          there.addAll(cache.arrays(plan.shape().layers()));
        }
      }
      there.addAll(cachesOf(some));
      there.addAll(slots.values());
      there.addAll(rows.kept());
      graph.persistOnDevice(there.toArray());
      there.addAll(weights.shared(constants));
    }
    return graphs;
  }

  /**
   * A graph and what it needs.
   *
   * @param graph it
   * @param weights what it takes to the device when it runs first: to be filled before
   */
  record Part(TaskGraph graph, List<DeviceWeight> weights) {}

  private List<TornadoNativeArray> cachesOf(List<Step> steps) {
    List<TornadoNativeArray> caches = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Attention attention) {
        caches.addAll(cache.arrays(attention.attend().layer()));
      }
    }
    return caches;
  }

  /** The name of the graph that runs last. */
  String name() {
    return name;
  }

  /**
   * The graph of the next-token layer.
   *
   * @param trunk has lowered the decoder: its weights, angles and caches are used
   * @param states goes to the device before every pass: what the layer reads of the decoder
   * @param others names of the graphs that may run before, besides the trunk
   */
  Part nextToken(Lowering trunk, FloatArray states, List<String> others) {
    slots.put(plan.residual(), states);
    weights.share(trunk.weights);
    plan.nextToken().forEach(weights::load);
    graph.transferToDevice(
        DataTransferMode.EVERY_EXECUTION, pass, states, head.list(), head.masks());
    List<DeviceWeight> own = weights.matricesBeside(trunk.weights);
    own.forEach(matrix ->
        graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, matrix.arrays().toArray()));
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, weights.vectors().toArray());
    List<TornadoNativeArray> caches = cache.arrays(plan.shape().layers());
    Set<Object> shared = new LinkedHashSet<>(caches);
    for (Op op : plan.nextToken()) {
      Weight weight = DeviceMemory.matrix(op);
      if (weight != null && trunk.weights.has(weight)) {
        shared.addAll(weights.matrix(weight).arrays());
      }
    }
    shared.addAll(weights.angles().arrays());
    graph.consumeFromDevice(trunk.name, shared.toArray());
    others.forEach(other -> graph.consumeFromDevice(other, caches.toArray()));
    List<Step> steps = Step.of(plan.nextToken());
    chooseTwins(steps);
    begin(steps);
    steps.forEach(this::lower);
    List<FloatArray> kept = new ArrayList<>(slots.values());
    kept.remove(states);
    kept.addAll(head.kept());
    kept.addAll(rows.kept());
    graph.persistOnDevice(kept.toArray());
    return new Part(graph, own);
  }

  /** The logits' rows. */
  FloatArray logits() {
    return slot(plan.logits());
  }

  /** What is computed and read of them. */
  Head head() {
    return head;
  }

  private static Weight head(DecoderPlan plan) {
    for (Op op : plan.ops()) {
      if (op instanceof Op.MatMul mul && mul.out().equals(plan.logits())) {
        return mul.weight();
      }
    }
    throw new IllegalArgumentException("a decoder without a head has no logits");
  }

  /** The last layer's rows before the final norm. */
  FloatArray states() {
    return slot(plan.residual());
  }

  /** Finds out in which form the operations of some steps run. */
  private void chooseTwins(List<Step> steps) {
    List<Weight> factors = new ArrayList<>();
    boolean apt = true;
    for (Step step : steps) {
      if (step instanceof Step.Product product) {
        factors.add(product.mul().weight());
      }
      if (step instanceof Step.Attention attention) {
        apt &= RowTwin.takes(attention.attend());
      }
    }
    twins = choice.choose(factors, store);
    matrices = new MatrixTasks(new KernelContext(), pass, lanes, twins);
    lists = new MatrixTasks(new KernelContext(), head.list(), lanes, twins);
    rows = apt && choice.withRows(twins) ? new RowTwin(pass) : new RowJava(pass, lanes);
  }

  /** Which form {@link #chooseTwins} has found for operations without a matrix. */
  RowTasks rows() {
    return rows;
  }

  /** Begins a graph as tasks in OpenCL C need; none is as good as any where there are none. */
  private void begin(List<Step> steps) {
    for (Step step : steps) {
      if (step instanceof Step.Product product) {
        ProductTwin twin = twins.of(product.mul().weight().type());
        if (twin != null) {
          String id = next("begin");
          put(id, twin.begin(graph, id, pass, slot(product.target())));
          return;
        }
      }
    }
  }

  private void lower(Step step) {
    switch (step) {
      case Step.Plain plain -> lower(plain.op());
      case Step.Product product -> matMul(product);
      case Step.Attention attention -> attend(attention);
    }
  }

  private void lower(Op op) {
    switch (op) {
      case Op.Embed embed -> {
        String id = next("embed");
        put(id, matrices.embed(graph, id, weights.matrix(embed.table()), slot(embed.out())));
      }
      case Op.RmsNorm norm -> {
        String id = next("norm");
        FloatArray gain = weights.vector(norm.gain());
        RowTasks.Norm arrays = new RowTasks.Norm(slot(norm.in()), gain, slot(norm.out()));
        put(id, rows.norm(graph, id, norm, arrays, stage));
      }
      case Op.KeepRows keep -> keepRows(keep);
      case Op.Join join -> {
        join(join.first(), join.out(), 0);
        join(join.second(), join.out(), join.first().width());
      }
      case Op.MatMul _, Op.Rope _, Op.Attend _, Op.GatedUnit _, Op.Add _ ->
          throw new IllegalStateException(op + " belongs to a step of several");
    }
  }

  private void matMul(Step.Product product) {
    boolean isHead = product.target().equals(plan.logits());
    Op.MatMul mul = product.mul();
    String id = next("matmul");
    Grids.Shape shape =
        matrices.product(
            graph,
            id,
            weights.matrix(mul.weight()),
            slot(mul.in()),
            weights.bias(mul),
            slot(product.target()),
            isHead ? Pass.FULL : stage,
            product.mode());
    if (!isHead) {
      put(id, shape);
      return;
    }
    // A shape whatever the number of rows: with none there is nothing to do.
    put(
        id,
        shape.stage() < 0
            ? new Grids.Shape(shape.width(), shape.lanes(), Pass.FULL, Pass.MAX_ROWS)
            : shape);
    String look = next("look");
    shape = lists.embed(graph, look, weights.matrix(mul.weight()), head.looked());
    put(look, new Grids.Shape(shape.width(), shape.lanes(), Pass.LISTED, 1));
    String listed = next("listed");
    put(listed, rows.listed(graph, listed, slot(mul.in()), head, mul.weight().columns()));
    String greatest = next("greatest");
    put(greatest, rows.greatest(graph, greatest, slot(plan.logits()), head));
  }

  private void attend(Step.Attention attention) {
    Op.Attend attend = attention.attend();
    RowTasks.Attention arrays =
        new RowTasks.Attention(
            slot(attend.query()),
            slot(attend.key()),
            slot(attend.value()),
            weights.angles().cosines(),
            weights.angles().sines(),
            cache.keys(attend.layer()),
            cache.values(attend.layer()),
            KvCache.kind(cache.type()),
            slot(attend.out()));
    String append = next("append");
    put(append, rows.append(graph, append, attend, arrays, stage));
    String id = next("attend");
    put(id, rows.attend(graph, id, attend, arrays, stage));
    String merge = next("merge");
    rows.merge(graph, merge, attend, arrays, stage).ifPresent(shape -> put(merge, shape));
  }

  private void copyPages(int layer) {
    String id = next("copy");
    put(
        id,
        rows.copyPages(
            graph,
            id,
            cache.keys(layer),
            cache.values(layer),
            cache.width(),
            KvCache.kind(cache.type())));
  }

  private void keepRows(Op.KeepRows keep) {
    boolean hidden = keep.rows() == Op.KeepRows.Rows.HIDDEN;
    stage = hidden ? Pass.HIDDEN : Pass.LOGITS;
    int picks = hidden ? Pass.PICK_HIDDEN : Pass.PICK_LOGITS;
    for (Slot slot : keep.slots()) {
      String id = next("keep");
      put(id, rows.keepRows(graph, id, slot(slot), slot.width(), stage, picks));
    }
  }

  private void join(Slot in, Slot out, int offset) {
    String id = next("join");
    put(id, rows.join(graph, id, slot(in), slot(out), offset, in.width(), out.width(), stage));
  }

  private void put(String id, Grids.Shape shape) {
    grids.put(name + "." + id, shape);
  }

  private String next(String kind) {
    return kind + tasks++;
  }

  private FloatArray slot(Slot slot) {
    return slots.computeIfAbsent(
        slot,
        s -> {
          FloatArray rows = new FloatArray(Math.multiplyExact(s.width(), Pass.MAX_ROWS));
          rows.init(0);
          return rows;
        });
  }
}
