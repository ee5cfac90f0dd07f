package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelFailedException;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A model whose file is cut while it writes, in a process of its own in case that it does not
 * survive. The model is just too large to be kept in single precision: the scalar kernels read
 * matrices from the file, the vector kernels only the embedding.
 */
@EnabledOnOs(OS.LINUX)
class CutFileTest {
  private static final int VOCABULARY = 21_000;
  private static final int PROMPT = 5;

  @TempDir Path folder = Path.of("unset");

  /**
   * Generates from a model that is cut meanwhile: folder, type of the weights, backend and permille
   * left.
   */
  static final class Writer {
    private Writer() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
      Path path = Path.of(arguments[0], "m.gguf");
      WeightType type = WeightType.valueOf(arguments[1]);
      new TinyModel("qwen2", 2, 256, 4, 2, 64, 2048, VOCABULARY, type, true, true, false)
          .write(path);
      Path whole = Files.copy(path, path.resolveSibling("whole.gguf"));
      ModelOptions options = ModelOptions.defaults().withBackend(arguments[2]).withThreads(2);
      try (LanguageModel model = LanguageModel.load(path, options)) {
        System.out.println("before: " + generate(model, () -> false).tokens().length);
        AtomicInteger steps = new AtomicInteger();
        for (String when : new String[] {"meanwhile", "after"}) {
          try {
            generate(
                model,
                () -> {
                  if (steps.incrementAndGet() == 3) {
                    cut(path, Integer.parseInt(arguments[3]));
                  }
                  return false;
                });
            System.out.println(when + ": no error");
          } catch (ModelFailedException e) {
            System.out.println(when + ": " + e.getMessage());
          }
        }
      }
      try (LanguageModel model = LanguageModel.load(whole, options.withBackend("scalar"))) {
        System.out.println("another: " + generate(model, () -> false).tokens().length);
      }
    }

    private static Generation generate(LanguageModel model, BooleanSupplier asked) {
      int[] prompt = new int[PROMPT];
      for (int i = 0; i < prompt.length; i++) {
        prompt[i] = 100 + i;
      }
      int never = model.tokenizer().vocabularySize() - 1;
      return model.generate(
          GenerationRequest.of(prompt)
              .maxTokens(12)
              .stopTokens(Set.of(never))
              .cancelled(asked)
              .build(),
          TokenListener.NONE);
    }

    private static void cut(Path path, int permille) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() / 1000 * permille);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"Q8_0, auto, 1", "F16, scalar, 700"})
  void theRequestFailsWithAClearErrorAndTheProcessGoesOn(String type, String backend, String left)
      throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-CreateCoredumpOnCrash",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.toString(),
                type,
                backend,
                left)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).as(output).isZero();
    String problem = folder.resolve("m.gguf") + ": the file became shorter while it was in use";
    assertThat(output)
        .contains("before: 12", "meanwhile: " + problem, "after: " + problem, "another: 12");
  }
}
