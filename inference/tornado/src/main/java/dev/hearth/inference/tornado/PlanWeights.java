package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** What the operations of a plan read that never changes, each once. */
final class PlanWeights {

  private final DecoderShape shape;
  private final WeightStore store;
  private final Map<String, DeviceWeight> matrices = new LinkedHashMap<>();
  private final Map<String, FloatArray> vectors = new LinkedHashMap<>();
  private final FloatArray nothing = new FloatArray(1);
  private @Nullable Angles angles;

  PlanWeights(DecoderShape shape, WeightStore store) {
    this.shape = shape;
    this.store = store;
  }

  /** Takes the matrices and angles that others have. */
  void share(PlanWeights others) {
    matrices.putAll(others.matrices);
    angles = others.angles;
  }

  /** Makes what an operation reads, but for the contents of matrices. */
  void load(Op op) {
    switch (op) {
      case Op.Embed embed -> matrix(embed.table());
      case Op.RmsNorm norm -> vector(norm.gain());
      case Op.MatMul mul -> {
        matrix(mul.weight());
        bias(mul);
      }
      case Op.Rope rope -> angles = angles == null ? Angles.of(rope, shape) : angles;
      case Op.Attend _, Op.GatedUnit _, Op.Add _, Op.KeepRows _, Op.Join _ -> {}
    }
  }

  /** What a step reads; TornadoVM loses what no task of a graph reads. */
  List<Object> constants(Step step) {
    List<Object> constants = new ArrayList<>();
    switch (step) {
      case Step.Plain(Op.Embed embed) -> constants.addAll(matrix(embed.table()).arrays());
      case Step.Plain(Op.RmsNorm norm) -> constants.add(vector(norm.gain()));
      case Step.Product product -> {
        constants.addAll(matrix(product.mul().weight()).arrays());
        constants.add(bias(product.mul()));
      }
      case Step.Attention _ -> constants.addAll(angles().arrays());
      case Step.Plain _ -> {}
    }
    return constants;
  }

  /** What more than one graph of a decoder may read, of what one has. */
  List<Object> shared(Set<Object> constants) {
    List<Object> shared = new ArrayList<>(List.of(nothing, angles().cosines(), angles().sines()));
    shared.removeIf(array -> !constants.contains(array));
    for (DeviceWeight matrix : matricesOf(constants)) {
      // Embedding and head.
      if (matrix.weight().rows() == shape.vocabulary()) {
        shared.addAll(matrix.arrays());
      }
    }
    return shared;
  }

  /** The matrices that are wholly among some arrays. */
  List<DeviceWeight> matricesOf(Set<Object> constants) {
    return matrices.values().stream()
        .filter(matrix -> constants.containsAll(matrix.arrays()))
        .toList();
  }

  /** The matrices that others have not. */
  List<DeviceWeight> matricesBeside(PlanWeights others) {
    Set<DeviceWeight> own = new LinkedHashSet<>(matrices.values());
    own.removeAll(others.matrices.values());
    return List.copyOf(own);
  }

  /** Whether there is a matrix. */
  boolean has(Weight weight) {
    return matrices.containsKey(weight.name());
  }

  /** All vectors, that of no bias included. */
  List<FloatArray> vectors() {
    List<FloatArray> all = new ArrayList<>(vectors.values());
    all.add(nothing);
    return all;
  }

  DeviceWeight matrix(Weight weight) {
    return matrices.computeIfAbsent(weight.name(), key -> DeviceWeight.of(weight));
  }

  FloatArray vector(Weight weight) {
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

  /** A product's bias; where it has none, an array that is not read. */
  FloatArray bias(Op.MatMul mul) {
    return mul.bias() == null ? nothing : vector(mul.bias());
  }

  Angles angles() {
    if (angles == null) {
      throw new IllegalStateException("a decoder without attention has no angles");
    }
    return angles;
  }
}
