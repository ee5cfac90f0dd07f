package dev.hearth.inference.plan;

import dev.hearth.inference.plan.DecoderTraits.Presence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan of a decoder from its sizes, traits and weights. One description serves all
 * architectures of the family; what differs is a row of {@link DecoderTraits}.
 */
public final class DecoderPlanner {

  private final DecoderShape shape;
  private final DecoderTraits traits;
  private final WeightIndex weights;

  private final Slot residual;
  private final Slot normed;
  private final Slot projected;
  private final Slot query;
  private final Slot key;
  private final Slot value;
  private final Slot attended;
  private final Slot gate;
  private final Slot up;
  private final Slot logits;

  private DecoderPlanner(DecoderShape shape, DecoderTraits traits, WeightIndex weights) {
    this.shape = shape;
    this.traits = traits;
    this.weights = weights;
    residual = new Slot("residual", shape.hidden());
    normed = new Slot("normed", shape.hidden());
    projected = new Slot("projected", shape.hidden());
    query = new Slot("query", shape.queryWidth());
    key = new Slot("key", shape.kvWidth());
    value = new Slot("value", shape.kvWidth());
    attended = new Slot("attended", shape.queryWidth());
    gate = new Slot("gate", shape.feedForward());
    up = new Slot("up", shape.feedForward());
    logits = new Slot("logits", shape.vocabulary());
  }

  /**
   * Makes a plan.
   *
   * @throws dev.hearth.inference.ModelLoadException if a weight is missing or has the wrong shape
   */
  public static DecoderPlan plan(DecoderShape shape, DecoderTraits traits, WeightIndex weights) {
    return new DecoderPlanner(shape, traits, weights).plan();
  }

  private DecoderPlan plan() {
    Weight embedding =
        weights.require(TensorNames.TOKEN_EMBEDDING, shape.vocabulary(), shape.hidden());
    Weight head =
        weights.find(TensorNames.OUTPUT, shape.vocabulary(), shape.hidden()).orElse(embedding);
    List<Op> ops = new ArrayList<>();
    ops.add(new Op.Embed(embedding, residual));
    for (int layer = 0; layer < shape.layers(); layer++) {
      addLayer(ops, layer, residual, layer == shape.layers() - 1);
    }
    ops.add(norm(residual, weights.require(TensorNames.OUTPUT_NORM, 1, shape.hidden()), normed));
    ops.add(new Op.KeepRows(Op.KeepRows.Rows.LOGITS, List.of(normed)));
    ops.add(new Op.MatMul(normed, head, null, logits));
    return new DecoderPlan(shape, ops, nextToken(embedding, head), residual, logits);
  }

  private void addLayer(List<Op> ops, int layer, Slot stream, boolean last) {
    ops.add(norm(stream, vector(layer, TensorNames.ATTENTION_NORM), normed));
    ops.add(projection(layer, TensorNames.QUERY, query));
    ops.add(projection(layer, TensorNames.KEY, key));
    ops.add(projection(layer, TensorNames.VALUE, value));
    if (traits.headNorm()) {
      ops.add(norm(query, headVector(layer, TensorNames.QUERY_NORM), query));
      ops.add(norm(key, headVector(layer, TensorNames.KEY_NORM), key));
    }
    ops.add(new Op.Rope(query, shape.heads(), shape.headDim(), shape.ropeBase()));
    ops.add(new Op.Rope(key, shape.kvHeads(), shape.headDim(), shape.ropeBase()));
    ops.add(
        new Op.Attend(
            layer, query, key, value, attended, shape.heads(), shape.kvHeads(), shape.headDim()));
    if (last) {
      ops.add(new Op.KeepRows(Op.KeepRows.Rows.HIDDEN, List.of(attended, stream)));
    }
    ops.add(matMul(layer, TensorNames.ATTENTION_OUTPUT, attended, projected));
    ops.add(new Op.Add(projected, stream));
    ops.add(norm(stream, vector(layer, TensorNames.FEED_FORWARD_NORM), normed));
    ops.add(matMul(layer, TensorNames.GATE, normed, gate));
    ops.add(matMul(layer, TensorNames.UP, normed, up));
    ops.add(new Op.GatedUnit(gate, up, gate));
    ops.add(matMul(layer, TensorNames.DOWN, gate, projected));
    ops.add(new Op.Add(projected, stream));
  }

  /**
   * MiMo's multi-token-prediction layer: {@code z = projection([norm(hidden) ; norm(embedding)])},
   * hidden first, then one block with its own cache, its own final norm and the shared head. Hidden
   * is the residual before the final norm (as in vLLM's implementation, written by MiMo's authors).
   */
  private List<Op> nextToken(Weight embedding, Weight head) {
    int layer = shape.layers();
    int hidden = shape.hidden();
    Weight projection =
        !traits.nextToken()
            ? null
            : weights
                .find(TensorNames.layer(layer, TensorNames.NEXT_PROJECTION), hidden, 2 * hidden)
                .orElse(null);
    if (projection == null) {
      return List.of();
    }
    Slot embedded = new Slot("next_embedded", hidden);
    Slot joined = new Slot("next_joined", 2 * hidden);
    Slot stream = new Slot("next_residual", hidden);
    List<Op> ops = new ArrayList<>();
    ops.add(new Op.Embed(embedding, embedded));
    ops.add(norm(embedded, vector(layer, TensorNames.NEXT_EMBEDDING_NORM), embedded));
    ops.add(norm(residual, vector(layer, TensorNames.NEXT_HIDDEN_NORM), normed));
    ops.add(new Op.Join(normed, embedded, joined));
    ops.add(new Op.MatMul(joined, projection, null, stream));
    addLayer(ops, layer, stream, true);
    ops.add(norm(stream, vector(layer, TensorNames.NEXT_OUTPUT_NORM), normed));
    ops.add(new Op.MatMul(normed, head, null, logits));
    return ops;
  }

  private Op norm(Slot in, Weight gain, Slot out) {
    return new Op.RmsNorm(in, gain, shape.epsilon(), out);
  }

  private Op projection(int layer, String part, Slot out) {
    String name = TensorNames.layer(layer, part);
    Weight weight = weights.require(name + ".weight", out.width(), normed.width());
    return new Op.MatMul(normed, weight, bias(name + ".bias", out.width()), out);
  }

  private @Nullable Weight bias(String name, int width) {
    if (traits.qkvBias() == Presence.ALWAYS) {
      return weights.require(name, 1, width);
    }
    return traits.qkvBias() == Presence.NEVER ? null : weights.find(name, 1, width).orElse(null);
  }

  private Op matMul(int layer, String part, Slot in, Slot out) {
    String name = TensorNames.layer(layer, part);
    return new Op.MatMul(in, weights.require(name, out.width(), in.width()), null, out);
  }

  private Weight headVector(int layer, String part) {
    return weights.require(TensorNames.layer(layer, part), 1, shape.headDim());
  }

  private Weight vector(int layer, String part) {
    return weights.require(TensorNames.layer(layer, part), 1, shape.hidden());
  }
}
