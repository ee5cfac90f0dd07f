package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Slot;
import dev.hearth.inference.plan.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Makes the task graphs of a decoder, or that of its next-token layer: each step becomes tasks by
 * an exhaustive switch. Weights go to the device once, activations and caches never leave it but
 * for the logits.
 */
final class Lowering {

  /** Steps of a graph: a step's one or two tasks take 60 to 110 bytes of its code each. */
  static final int MOST_STEPS = 44;

  private final DecoderPlan plan;
  private final WeightStore store;
  private final KvCache cache;
  private final IntArray pass;
  private final int lanes;
  private final String prefix;
  private String name;
  private TaskGraph graph;
  private final Grids grids;
  private final TwinChoice choice;
  private Twins twins = Twins.NONE;
  private MatrixTasks matrices;
  private RowTasks rows;
  private final Map<Slot, FloatArray> slots = new HashMap<>();
  private final Map<String, DeviceWeight> weights = new LinkedHashMap<>();
  private final Map<String, FloatArray> vectors = new LinkedHashMap<>();
  private final FloatArray nothing = new FloatArray(1);
  private @Nullable Angles angles;
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
    this.store = store;
    this.cache = cache;
    this.pass = pass;
    this.lanes = lanes;
    this.grids = grids;
    this.choice = choice;
    matrices = new MatrixTasks(new KernelContext(), pass, lanes, twins);
    rows = new RowJava(pass, lanes);
  }

  /**
   * The graphs of the decoder, which run one after another. TornadoVM takes about 8 KB of code a
   * graph, so that one holds some layers only.
   */
  List<Part> decoder() {
    plan.ops().forEach(this::load);
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
      Set<Object> constants = new LinkedHashSet<>();
      some.forEach(step -> constants.addAll(constants(step)));
      constants.removeAll(there);
      graphs.add(new Part(graph, matricesOf(constants)));
      graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, constants.toArray());
      if (!there.isEmpty()) {
        graph.consumeFromDevice(before, there.toArray());
      }
      begin(some);
      some.forEach(this::lower);
      if (from + MOST_STEPS >= steps.size() && !plan.nextToken().isEmpty()) {
        copyPages(plan.shape().layers());
        there.addAll(cache.arrays(plan.shape().layers()));
      }
      there.addAll(cachesOf(some));
      there.addAll(slots.values());
      graph.persistOnDevice(there.toArray());
      List.of(nothing, angles().cosines(), angles().sines()).stream()
          .filter(constants::contains)
          .forEach(there::add);
      for (DeviceWeight table : tables()) {
        if (constants.containsAll(table.arrays())) {
          there.addAll(table.arrays());
        }
      }
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

  private List<DeviceWeight> matricesOf(Set<Object> constants) {
    return weights.values().stream()
        .filter(weight -> constants.containsAll(weight.arrays()))
        .toList();
  }

  /** Matrices that more than one graph may read: embedding and head. */
  private List<DeviceWeight> tables() {
    return weights.values().stream()
        .filter(weight -> weight.weight().rows() == plan.shape().vocabulary())
        .toList();
  }

  private List<FloatArray> cachesOf(List<Step> steps) {
    List<FloatArray> caches = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Attention attention) {
        caches.addAll(cache.arrays(attention.attend().layer()));
      }
    }
    return caches;
  }

  /** What a step reads that never changes; TornadoVM loses what no task of a graph reads. */
  private List<Object> constants(Step step) {
    List<Object> constants = new ArrayList<>();
    switch (step) {
      case Step.Plain(Op.Embed embed) -> constants.addAll(weight(embed.table()).arrays());
      case Step.Plain(Op.RmsNorm norm) -> constants.add(vector(norm.gain()));
      case Step.Product product -> {
        constants.addAll(weight(product.mul().weight()).arrays());
        constants.add(product.mul().bias() == null ? nothing : vector(product.mul().bias()));
      }
      case Step.Attention _ -> constants.addAll(angles().arrays());
      case Step.Plain _ -> {}
    }
    return constants;
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
    weights.putAll(trunk.weights);
    angles = trunk.angles;
    plan.nextToken().forEach(this::load);
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, pass, states);
    transferOnce(trunk.weights.keySet());
    List<FloatArray> caches = cache.arrays(plan.shape().layers());
    Set<Object> shared = new LinkedHashSet<>(caches);
    for (Op op : plan.nextToken()) {
      Weight weight = DeviceMemory.matrix(op);
      if (weight != null && trunk.weights.containsKey(weight.name())) {
        shared.addAll(weight(weight).arrays());
      }
    }
    shared.addAll(angles().arrays());
    graph.consumeFromDevice(trunk.name, shared.toArray());
    others.forEach(other -> graph.consumeFromDevice(other, caches.toArray()));
    List<Step> steps = Step.of(plan.nextToken());
    chooseTwins(steps);
    begin(steps);
    steps.forEach(this::lower);
    List<FloatArray> own = new ArrayList<>(slots.values());
    own.remove(states);
    graph.persistOnDevice(own.toArray());
    Set<DeviceWeight> loaded = new LinkedHashSet<>(weights.values());
    loaded.removeAll(trunk.weights.values());
    return new Part(graph, List.copyOf(loaded));
  }

  /** The logits' rows. */
  FloatArray logits() {
    return slot(plan.logits());
  }

  /** The last layer's rows before the final norm. */
  FloatArray states() {
    return slot(plan.residual());
  }

  private void load(Op op) {
    switch (op) {
      case Op.Embed embed -> weight(embed.table());
      case Op.RmsNorm norm -> vector(norm.gain());
      case Op.MatMul mul -> {
        weight(mul.weight());
        if (mul.bias() != null) {
          vector(mul.bias());
        }
      }
      case Op.Rope rope -> angles = angles == null ? Angles.of(rope, plan.shape()) : angles;
      case Op.Attend _, Op.GatedUnit _, Op.Add _, Op.KeepRows _, Op.Join _ -> {}
    }
  }

  /** Weights but those that are there. */
  private void transferOnce(Set<String> there) {
    weights.forEach((weightName, weight) -> {
      if (!there.contains(weightName)) {
        graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, weight.arrays().toArray());
      }
    });
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, vectors.values().toArray());
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, nothing);
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

  private Angles angles() {
    if (angles == null) {
      throw new IllegalStateException("a decoder without attention has no angles");
    }
    return angles;
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
        put(id, matrices.embed(graph, id, weight(embed.table()), slot(embed.out())));
      }
      case Op.RmsNorm norm -> {
        String id = next("norm");
        FloatArray gain = vector(norm.gain());
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
    Op.MatMul mul = product.mul();
    FloatArray bias = mul.bias() == null ? nothing : vector(mul.bias());
    String id = next("matmul");
    put(
        id,
        matrices.product(
            graph,
            id,
            weight(mul.weight()),
            slot(mul.in()),
            bias,
            slot(product.target()),
            stage,
            product.mode()));
  }

  private void attend(Step.Attention attention) {
    Op.Attend attend = attention.attend();
    RowTasks.Attention arrays =
        new RowTasks.Attention(
            slot(attend.query()),
            slot(attend.key()),
            slot(attend.value()),
            angles().cosines(),
            angles().sines(),
            cache.keys(attend.layer()),
            cache.values(attend.layer()),
            slot(attend.out()));
    String append = next("append");
    put(append, rows.append(graph, append, attend, arrays, stage));
    String id = next("attend");
    put(id, rows.attend(graph, id, attend, arrays, stage));
  }

  private void copyPages(int layer) {
    int width = plan.shape().kvWidth();
    String id = next("copy");
    put(id, rows.copyPages(graph, id, cache.keys(layer), cache.values(layer), width));
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

  private DeviceWeight weight(Weight weight) {
    return weights.computeIfAbsent(weight.name(), key -> DeviceWeight.of(weight));
  }

  private FloatArray vector(Weight weight) {
    return vectors.computeIfAbsent(
        weight.name(),
        name -> {
          float[] values = new float[weight.columns()];
          store.read(
              weight,
              bytes -> weight.type().codec().dequantise(bytes, 0, values, 0, values.length));
          return FloatArray.fromArray(values);
        });
  }
}
