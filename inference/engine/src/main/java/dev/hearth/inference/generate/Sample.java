package dev.hearth.inference.generate;

import dev.hearth.inference.KvType;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.DecoderPlanner;
import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.plan.DecoderTraits;
import dev.hearth.inference.plan.TensorNames;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.plan.WeightIndex;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The first layer of a model with the first rows of its embedding and head: what backends are
 * measured with, in the model's own widths and weight types.
 */
final class Sample implements WeightIndex, WeightStore {

  private static final int MOST_VOCABULARY = 4096;
  private static final int CONTEXT = 256;

  private final ModelFile model;
  private final DecoderShape whole;
  private final DecoderPlan plan;

  /** Of a model whose sizes are known. */
  Sample(ModelFile model, DecoderShape whole) {
    this.model = model;
    this.whole = whole;
    DecoderShape shape =
        new DecoderShape(
            1,
            whole.hidden(),
            whole.heads(),
            whole.kvHeads(),
            whole.headDim(),
            whole.feedForward(),
            Math.min(MOST_VOCABULARY, whole.vocabulary()),
            Math.min(CONTEXT, whole.contextLength()),
            whole.epsilon(),
            whole.ropeBase());
    DecoderTraits traits = DecoderTraits.of(model.architecture()).orElseThrow();
    plan = DecoderPlanner.plan(shape, traits, this).withoutNextToken();
  }

  DecoderPlan plan() {
    return plan;
  }

  /** How the whole model's KV cache is stored where nobody says. */
  KvType defaultKv() {
    return whole.defaultKv();
  }

  private static boolean table(String name) {
    return name.equals(TensorNames.TOKEN_EMBEDDING) || name.equals(TensorNames.OUTPUT);
  }

  @Override
  public Weight require(String name, int rows, int columns) {
    Weight weight = model.require(name, table(name) ? whole.vocabulary() : rows, columns);
    return new Weight(name, weight.type(), rows, columns);
  }

  @Override
  public Optional<Weight> find(String name, int rows, int columns) {
    return model
        .find(name, table(name) ? whole.vocabulary() : rows, columns)
        .map(weight -> new Weight(name, weight.type(), rows, columns));
  }

  private static long bytes(Weight weight) {
    return weight.type().bytes((long) weight.rows() * weight.columns());
  }

  @Override
  public MemorySegment data(Weight weight) {
    return model.data(weight).asSlice(0, bytes(weight));
  }

  @Override
  public void read(Weight weight, Consumer<MemorySegment> reader) {
    model.read(weight, stored -> reader.accept(stored.asSlice(0, bytes(weight))));
  }
}
