package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelInfo;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendChoiceTest {

  @TempDir Path folder = Path.of("unset");
  private Path model = Path.of("unset");

  /** Loads a model in a Java of its own and tells the choice. */
  static final class LoadMain {
    private LoadMain() {}

    @SuppressWarnings("SystemOut") // how it speaks to the test
    public static void main(String[] args) {
      try (LanguageModel model = LanguageModel.load(Path.of(args[0]), ModelOptions.defaults())) {
        System.out.println(model.info().backend() + " because " + model.info().backendReason());
      }
    }
  }

  @BeforeEach
  void write() {
    model = TinyModel.ofType(WeightType.Q8_0).write(folder.resolve("tiny.gguf"));
  }

  private String loadWith(String... javaOptions) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(javaOptions));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(LoadMain.class.getName());
    command.add(model.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void runsWithoutTheVectorModuleAndSaysWhatToDo() throws Exception {
    assertThat(loadWith())
        .contains("cpu-scalar because start Java with --add-modules=jdk.incubator.vector");
  }

  @Test
  void runsScalarWithoutTheOptimisingCompiler() throws Exception {
    assertThat(loadWith("--add-modules=jdk.incubator.vector", "-XX:TieredStopAtLevel=1"))
        .contains("cpu-scalar because this Java runs without its optimising compiler");
  }

  @Test
  void obeysTheOptions() {
    assertThat(info("scalar").backend()).isEqualTo("cpu-scalar");
    assertThat(info("vector").backend()).startsWith("cpu-vector-");
  }

  @Test
  void aBackendThatTheBuildHasNotLeavesTheProcessor() {
    assertThat(info("no-such-backend").backend()).startsWith("cpu-");
  }

  private ModelInfo info(String backend) {
    try (LanguageModel loaded =
        LanguageModel.load(model, ModelOptions.defaults().withBackend(backend))) {
      return loaded.info();
    }
  }
}
