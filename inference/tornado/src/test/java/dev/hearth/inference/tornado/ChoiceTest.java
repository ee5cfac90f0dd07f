package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hearth.inference.KvType;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is missing is said in one line, and the processor takes over; each in a Java of its own. */
class ChoiceTest {

  @TempDir Path folder = Path.of("unset");
  private Path model = Path.of("unset");

  /** Loads a model and tells the backend. */
  static final class LoadMain {
    private LoadMain() {}

    @SuppressWarnings("SystemOut") // how it speaks to the test
    public static void main(String[] args) {
      ModelOptions options = ModelOptions.defaults().withBackend(args[1]);
      if (args.length > 2) {
        options = options.withKv(KvType.valueOf(args[2]), 0);
      }
      try (LanguageModel loaded = LanguageModel.load(Path.of(args[0]), options)) {
        System.out.println("running on " + loaded.info().backend());
      }
    }
  }

  @BeforeEach
  void write() {
    model = TinyModel.ofType(WeightType.Q8_0).write(folder.resolve("tiny.gguf"));
  }

  private String load(Map<String, String> environment, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(LoadMain.class.getName());
    command.add(model.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static List<String> sdk() {
    String home = System.getenv("TORNADOVM_HOME");
    assumeThat(home).as("TORNADOVM_HOME").isNotNull();
    return List.of("@" + home + "/tornado-argfile");
  }

  @Test
  void withoutTheSdksOptionsTheProcessorRunsAndItIsSaidHowToStart() throws Exception {
    assertThat(load(Map.of(), List.of(), "tornado"))
        .containsOnlyOnce("The backend tornado is not used: Java was started without TornadoVM")
        .contains("@$TORNADOVM_HOME/tornado-argfile")
        .contains("running on cpu-");
  }

  @Test
  void withoutAPlatformTheProcessorRunsAndADriverIsAskedFor() throws Exception {
    assertThat(load(Map.of("OCL_ICD_VENDORS", folder.toString()), sdk(), "tornado"))
        .containsOnlyOnce("The backend tornado is not used: ")
        .contains("install ")
        .contains("running on cpu-");
  }

  @Test
  void unaskedAnOpenClProcessorIsLeftToTheVectorKernels() throws Exception {
    Device.backend();
    assertThat(load(Map.of(), sdk(), "auto"))
        .containsOnlyOnce("The backend tornado is not used: there is no OpenCL GPU")
        .contains("running on cpu-");
  }

  @Test
  void aKvTypeThatTheDeviceDoesNotKeepIsRefused() throws Exception {
    Device.backend();
    assertThat(load(Map.of(), sdk(), "tornado", "Q8_0"))
        .containsOnlyOnce("The backend tornado is not used: it keeps the KV cache in F32 only")
        .contains("running on cpu-");
  }

  @Test
  void aKernelThatTheDriverRefusesIsSaidAndTheProcessorRuns() throws Exception {
    List<String> options = new ArrayList<>(sdk());
    options.add("-Dtornado.opencl.compiler.flags=-no-such-option");
    assertThat(load(Map.of(), options, "tornado"))
        .containsOnlyOnce("The backend tornado is not used: ")
        .containsPattern("is not used: .* cannot run the model .*; update its OpenCL driver")
        .contains("running on cpu-");
  }

  @Test
  void askedForItRunsOnTheDevice() throws Exception {
    Device.backend();
    assertThat(load(Map.of(), sdk(), "tornado")).contains("running on tornado-opencl");
  }
}
