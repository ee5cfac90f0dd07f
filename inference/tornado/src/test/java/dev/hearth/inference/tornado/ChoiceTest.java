package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hearth.inference.KvType;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is missing is said in one line, and the processor takes over; each in a Java of its own. */
class ChoiceTest {

  private static final String FILE = ".properties";

  @TempDir Path folder = Path.of("unset");
  private Path model = Path.of("unset");

  /** Loads a model and tells the backend. */
  static final class LoadMain {
    private LoadMain() {}

    @SuppressWarnings("SystemOut") // how it speaks to the test
    public static void main(String[] args) {
      ModelOptions options = ModelOptions.defaults().withBackend(args[1]);
      if (args.length > 2) {
        options =
            args[2].endsWith(FILE)
                ? options.withMeasured(Path.of(args[2]))
                : options.withKv(KvType.valueOf(args[2]), 0);
      }
      try (LanguageModel loaded = LanguageModel.load(Path.of(args[0]), options)) {
        System.out.println("running on " + loaded.info().backend());
        System.out.println("because " + loaded.info().backendReason());
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
    assertThat(load(Map.of(), List.of(), "opencl"))
        .containsOnlyOnce("The backend opencl is not used: Java was started without TornadoVM")
        .contains("@$TORNADOVM_HOME/tornado-argfile")
        .contains("running on cpu-");
  }

  @Test
  void withoutAPlatformTheProcessorRunsAndADriverIsAskedFor() throws Exception {
    assertThat(load(Map.of("OCL_ICD_VENDORS", folder.toString()), sdk(), "opencl"))
        .containsOnlyOnce("The backend opencl is not used: ")
        .contains("install ")
        .contains("running on cpu-");
  }

  @Test
  void unaskedTheFasterByMeasurementRunsAndItIsRemembered() throws Exception {
    Device.backend();
    Path file = folder.resolve("measured" + FILE);
    assertThat(load(Map.of(), sdk(), "auto", file.toString()))
        .containsPattern("A command in one layer: .*cpu [0-9.]+ ms")
        .containsPattern("A command in one layer: .*opencl:0 \\(.*\\) [0-9.]+ ms")
        .containsPattern("because .*the fastest by measurement: .*cpu [0-9.]+ ms")
        .doesNotContain("measured before");
    assertThat(withFigure(file, "opencl:0", "prompt 1 step 1"))
        .contains("measured before")
        .contains("running on tornado-opencl");
    assertThat(withFigure(file, "opencl:0", "prompt 900000000 step 900000000"))
        .contains("measured before")
        .contains("running on cpu-");
  }

  /** Loads with another figure of a device in the file. */
  private String withFigure(Path file, String device, String figure) throws Exception {
    Properties figures = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      figures.load(reader);
    }
    Set<String> keys = figures.stringPropertyNames();
    assertThat(keys).anyMatch(key -> key.startsWith("cpu-"));
    assertThat(keys).filteredOn(key -> key.startsWith(device)).hasSize(1);
    keys.stream()
        .filter(key -> key.startsWith(device))
        .forEach(key -> figures.setProperty(key, figure));
    try (Writer writer = Files.newBufferedWriter(file)) {
      figures.store(writer, null);
    }
    return load(Map.of(), sdk(), "auto", file.toString());
  }

  @Test
  void aDeviceThatIsNotThereIsSaidAndTheProcessorRuns() throws Exception {
    Device.backend();
    assertThat(load(Map.of(), sdk(), "opencl:99"))
        .contains("There is no backend opencl:99; there are auto, cpu, vector, scalar, opencl:0")
        .contains("running on cpu-");
  }

  @Test
  void aKvTypeThatTheDeviceDoesNotKeepIsRefused() throws Exception {
    Device.backend();
    assertThat(load(Map.of(), sdk(), "opencl", "Q8_0"))
        .containsOnlyOnce(
            "The backend opencl:0 is not used: it cannot keep heads of 16 values in Q8_0;")
        .contains("running on cpu-");
  }

  @Test
  void aKernelThatTheDriverRefusesIsSaidAndTheProcessorRuns() throws Exception {
    List<String> options = new ArrayList<>(sdk());
    options.add("-Dtornado.opencl.compiler.flags=-no-such-option");
    assertThat(load(Map.of(), options, "opencl"))
        .containsOnlyOnce("The backend opencl:0 is not used: ")
        .containsPattern("is not used: .* cannot run the model .*; update its OpenCL driver")
        .contains("running on cpu-");
  }

  @Test
  void askedForItRunsOnTheDevice() throws Exception {
    Device.backend();
    assertThat(load(Map.of(), sdk(), "opencl")).contains("running on tornado-opencl");
  }
}
