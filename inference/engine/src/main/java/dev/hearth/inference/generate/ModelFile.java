package dev.hearth.inference.generate;

import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.gguf.GgufTensor;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.DecoderPlanner;
import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.plan.DecoderTraits;
import dev.hearth.inference.plan.TensorNames;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.plan.WeightIndex;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads sizes, traits and plan of a decoder from a GGUF file. */
public final class ModelFile implements WeightIndex, WeightStore {

  /** Most context that positions are computed for. */
  private static final int MAX_CONTEXT = 1 << 20;

  private static final int MAX_LAYERS = 4096;
  private static final int MAX_HEADS = 4096;
  private static final int MAX_HEAD_DIM = 4096;
  private static final int MAX_WIDTH = 1 << 20;

  private final GgufFile file;
  private final DecoderTraits traits;
  private final @Nullable Path folder;

  /** Looks at a file of which nothing is kept; see {@link #ModelFile(GgufFile, Path)}. */
  public ModelFile(GgufFile file) {
    this(file, null);
  }

  /**
   * Looks at a file.
   *
   * @param folder where {@linkplain #prepared prepared weights} are kept, or null
   * @throws dev.hearth.inference.ModelLoadException if the architecture is unknown
   */
  public ModelFile(GgufFile file, @Nullable Path folder) {
    this.file = file;
    this.folder = folder;
    String key = "general.architecture";
    String architecture = file.string(key).orElseThrow(() -> file.missing(key, "a string"));
    traits =
        DecoderTraits.of(architecture)
            .orElseThrow(() -> file.wrong(key, "one of " + DecoderTraits.known(), architecture));
  }

  /** The architecture's name. */
  public String architecture() {
    return traits.architecture();
  }

  /**
   * The plan of the decoder.
   *
   * @throws dev.hearth.inference.ModelLoadException if sizes or weights are missing or wrong
   */
  public DecoderPlan plan(ModelOptions options) {
    return DecoderPlanner.plan(shape(options), traits, this);
  }

  private DecoderShape shape(ModelOptions options) {
    int hidden = required("embedding_length", 1, MAX_WIDTH);
    int heads = required("attention.head_count", 1, MAX_HEADS);
    int kvHeads = optional("attention.head_count_kv", 1, heads).orElse(heads);
    if (heads % kvHeads != 0) {
      throw file.wrong(
          key("attention.head_count_kv"), "a divisor of " + heads, Integer.toString(kvHeads));
    }
    int headDim =
        optional("attention.key_length", 2, MAX_HEAD_DIM).orElse(Math.max(2, hidden / heads));
    requireEqual("attention.value_length", headDim);
    requireEqual("rope.dimension_count", headDim);
    if (headDim % 2 != 0) {
      throw file.wrong(key("attention.key_length"), "an even number", Integer.toString(headDim));
    }
    String scaling = file.string(key("rope.scaling.type")).orElse("none");
    if (!scaling.equals("none")) {
      throw file.wrong(key("rope.scaling.type"), "none", scaling);
    }
    int trained = required("context_length", 1, MAX_CONTEXT);
    return new DecoderShape(
        required("block_count", 1, MAX_LAYERS),
        hidden,
        heads,
        kvHeads,
        headDim,
        required("feed_forward_length", 1, MAX_WIDTH),
        vocabulary(),
        options.contextLength() == 0 ? trained : Math.min(trained, options.contextLength()),
        (float) positive("attention.layer_norm_rms_epsilon", Optional.empty()),
        positive("rope.freq_base", Optional.of(10_000.0)));
  }

  private int vocabulary() {
    GgufTensor embedding =
        file.tensor(TensorNames.TOKEN_EMBEDDING)
            .orElseThrow(() -> file.missing(TensorNames.TOKEN_EMBEDDING, "a tensor"));
    return embedding.rows();
  }

  private double positive(String name, Optional<Double> otherwise) {
    double value =
        file.real(key(name))
            .or(() -> otherwise)
            .orElseThrow(() -> file.missing(key(name), "a number"));
    if (!(value > 0 && value < 1e12)) {
      throw file.wrong(key(name), "a positive number", Double.toString(value));
    }
    return value;
  }

  private void requireEqual(String name, int value) {
    file.integer(key(name), Integer.MIN_VALUE, Integer.MAX_VALUE)
        .filter(found -> found != value)
        .ifPresent(found -> {
          throw file.wrong(key(name), value + ", the width of a head", Integer.toString(found));
        });
  }

  private int required(String name, int least, int most) {
    return optional(name, least, most).orElseThrow(() -> file.missing(key(name), "an integer"));
  }

  private Optional<Integer> optional(String name, int least, int most) {
    return file.integer(key(name), least, most);
  }

  private String key(String name) {
    return traits.architecture() + "." + name;
  }

  @Override
  public Weight require(String name, int rows, int columns) {
    return find(name, rows, columns)
        .orElseThrow(() -> file.missing(name, "a tensor of " + rows + " x " + columns));
  }

  @Override
  public Optional<Weight> find(String name, int rows, int columns) {
    Optional<GgufTensor> tensor = file.tensor(name);
    tensor.ifPresent(t -> {
      if (t.rows() != rows || t.columns() != columns) {
        throw file.wrong(name, rows + " x " + columns + " values", t.rows() + " x " + t.columns());
      }
    });
    return tensor.map(t -> new Weight(t.name(), t.type(), t.rows(), t.columns()));
  }

  @Override
  public MemorySegment data(Weight weight) {
    return tensor(weight).data();
  }

  @Override
  public void read(Weight weight, Consumer<MemorySegment> reader) {
    file.read(tensor(weight), reader);
  }

  @Override
  public Optional<Path> prepared(String form) {
    if (folder == null) {
      return Optional.empty();
    }
    String name = String.valueOf(Path.of(file.name()).getFileName());
    String print = HexFormat.of().formatHex(Fingerprint.of(file, form), 0, 12);
    return Optional.of(folder.resolve(name + "-" + print + ".weights"));
  }

  private GgufTensor tensor(Weight weight) {
    return file.tensor(weight.name()).orElseThrow(() -> file.missing(weight.name(), "a tensor"));
  }
}
