package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.KvType;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.backend.Measured;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Forms of products: whole models with that for GPUs, and which form is chosen. */
class FormsTest {

  @TempDir Path folder = Path.of("unset");

  static List<TinyModel> models() {
    return List.of(
        TinyModel.ofType(WeightType.Q8_0).withNextToken(),
        TinyModel.ofType(WeightType.Q4_K),
        TinyModel.ofType(WeightType.Q6_K),
        TinyModel.ofType(WeightType.F16).odd());
  }

  @AfterEach
  void clear() {
    System.clearProperty(TwinChoice.FORM);
  }

  private static int[] generate(Path path, String backend, int[] prompt) {
    return generate(path, ModelOptions.defaults().withBackend(backend).withDrafts(3), prompt);
  }

  private static int[] generate(Path path, ModelOptions options, int[] prompt) {
    String backend = options.backend();
    try (LanguageModel model = LanguageModel.load(path, options)) {
      assertThat(model.info().backend())
          .startsWith(backend.equals("opencl") ? "tornado-" : "cpu-scalar");
      GenerationRequest request = GenerationRequest.of(prompt).maxTokens(24).build();
      return model.generate(request, TokenListener.NONE).tokens();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelWritesTheSameTokensInTheFormForGpus(TinyModel model) {
    Device.backend();
    Path path = model.write(folder.resolve("model.gguf"));
    // A pass in tiles, then one of few rows.
    int[] prompt = new SplittableRandom(3).ints(70, 0, 300).toArray();
    System.setProperty(TwinChoice.FORM, "groups-64");
    assertThat(generate(path, "opencl", prompt))
        .isNotEmpty()
        .containsExactly(generate(path, "scalar", prompt));
  }

  @ParameterizedTest
  @CsvSource({"F32, 0", "F16, 3", "Q8_0, 3"})
  void aModelWritesTheSameTokensByStretchesOfSeveralPages(KvType type, int drafts) {
    Device.backend();
    TinyModel model = TinyModel.ofType(WeightType.Q8_0).withHeads(6, 2, 32).withNextToken();
    Path path = model.write(folder.resolve("model.gguf"));
    ModelOptions options = ModelOptions.defaults().withKv(type, 0).withDrafts(drafts);
    // Passes of many rows, then of one, or of a few; across the end of a page.
    int[] prompt = new SplittableRandom(5).ints(310, 0, 300).toArray();
    System.setProperty(TwinChoice.FORM, "java");
    assertThat(generate(path, options.withBackend("opencl"), prompt))
        .isNotEmpty()
        .containsExactly(generate(path, options.withBackend("scalar"), prompt));
  }

  /** Matrices of a model, and what reads them. */
  private void with(WeightType type, Consumer<Choice> check) {
    Path path = TinyModel.ofType(type).write(folder.resolve("model.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      ModelFile model = new ModelFile(file);
      DecoderPlan plan = model.plan(ModelOptions.defaults());
      List<Weight> weights = new ArrayList<>();
      for (Op op : plan.ops()) {
        if (op instanceof Op.MatMul mul) {
          weights.add(mul.weight());
        }
      }
      check.accept(new Choice(weights, model));
    }
  }

  /** What a form is chosen for. */
  private record Choice(List<Weight> weights, ModelFile model) {

    Twins by(List<TwinChoice.Form> forms, Measured measured) {
      return new TwinChoice(Device.backend().device(), KernelRun.LANES, measured, forms)
          .choose(weights, model);
    }
  }

  /** Takes no account of all rows but the first. */
  private static final class Wrong implements ProductTwin {
    private final ProductTwin right = new VectorTwin();

    @Override
    public Grids.Shape begin(TaskGraph graph, String id, IntArray pass, FloatArray any) {
      return right.begin(graph, id, pass, any);
    }

    @Override
    public Grids.Shape product(
        TaskGraph graph,
        String id,
        IntArray pass,
        DeviceWeight weight,
        FloatArray in,
        FloatArray bias,
        FloatArray out,
        int stage,
        int mode) {
      return right.product(graph, id, pass, weight, in, bias, out, Pass.LOGITS, mode);
    }
  }

  private static final TwinChoice.Form VECTORS =
      new TwinChoice.Form("vectors", types -> new VectorTwin());

  @Test
  void aFormThatDoesNotBuildOrIsWrongIsLeftOut() throws IOException {
    Path file = folder.resolve("measured.properties");
    TwinChoice.Form refused =
        new TwinChoice.Form(
            "refused", types -> new GroupTwin(64, GroupTwin.Sums.LOCAL, "-no-such", types));
    TwinChoice.Form wrong = new TwinChoice.Form("wrong", types -> new Wrong());
    with(
        WeightType.Q8_0,
        choice -> {
          ProductTwin form = choice.by(List.of(refused, wrong, VECTORS), Measured.in(file)).form();
          // Java may be the faster.
          assertThat(form == null || form instanceof VectorTwin).isTrue();
        });
    assertThat(Files.readString(file))
        .containsPattern("java \\d+/\\d+, vectors \\d+/\\d+")
        .doesNotContainPattern("(refused|wrong) \\d+/");
  }

  @Test
  void theFormOfTheLeastTimesIsTakenAndItIsRemembered() throws IOException {
    Path file = folder.resolve("measured.properties");
    List<TwinChoice.Form> forms =
        List.of(
            VECTORS,
            new TwinChoice.Form(
                "groups", types -> new GroupTwin(32, GroupTwin.Sums.LOCAL, "", types)));
    with(
        WeightType.F32,
        choice -> {
          choice.by(forms, Measured.in(file));
          withFigures(file, "java 500/500, vectors 400/400, groups 300/300");
          Twins twins = choice.by(forms, Measured.in(file));
          assertThat(twins.form()).isInstanceOf(GroupTwin.class);
          assertThat(twins.types()).containsExactly(WeightType.F32);
          withFigures(file, "java 500/500, vectors 400/400, groups 300/900");
          assertThat(choice.by(forms, Measured.in(file)).form()).isInstanceOf(VectorTwin.class);
          withFigures(file, "java 500/500, groups 900/300");
          assertThat(choice.by(forms, Measured.in(file))).isEqualTo(Twins.NONE);
        });
  }

  /** Puts other figures in the place of those that were measured. */
  private static void withFigures(Path file, String figures) {
    try {
      String text = Files.readString(file);
      Files.writeString(file, text.replaceFirst("=java .*", "=" + figures));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFormThatThereIsNotIsNamedWithThoseThereAre() {
    System.setProperty(TwinChoice.FORM, "sideways");
    with(
        WeightType.F32,
        choice ->
            assertThatThrownBy(() -> choice.by(List.of(VECTORS), Measured.in(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sideways")
                .hasMessageContaining("java, vectors"));
  }

  /** Where there are no sub-groups their form builds only if the flags are told. */
  @Test
  void whatTheFormOfSubGroupsNeedsIsToldTheCompiler() {
    Set<WeightType> one = Set.of(WeightType.Q8_0);
    String flags = "-cl-std=CL3.0 -DSTAND_IN=1";
    GroupTwin twin = new GroupTwin(64, GroupTwin.Sums.SUB_GROUPS, flags, one);
    with(
        WeightType.Q8_0,
        choice -> {
          DeviceWeight weight = DeviceWeight.load(choice.weights.getFirst(), choice.model);
          try (ProductRun java = run(weight, "java", Twins.NONE);
              ProductRun groups = run(weight, "language", new Twins(twin, one))) {
            java.run(2);
            groups.run(2);
            float[] expected = KernelRun.values(java.results(2), 2 * weight.weight().rows());
            float[] actual = KernelRun.values(groups.results(2), expected.length);
            assertThat(actual).containsExactly(expected, within(1e-4f));
          }
        });
  }

  private static ProductRun run(DeviceWeight weight, String form, Twins twins) {
    return new ProductRun(Device.backend().device(), KernelRun.LANES, weight, form, twins);
  }
}
