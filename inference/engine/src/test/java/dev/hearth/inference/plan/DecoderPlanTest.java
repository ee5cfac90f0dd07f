package dev.hearth.inference.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans as text, so that a change of an architecture shows as a difference. Run with {@code
 * -Dhearth.golden.update=true} to write the files anew.
 */
class DecoderPlanTest {

  private static final Path GOLDEN = Path.of("src", "test", "resources", "plan");

  @TempDir Path folder = Path.of("unset");

  private void check(TinyModel model, String golden) throws IOException {
    Path path = model.write(folder.resolve("model.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      String plan = new ModelFile(file).plan(ModelOptions.defaults()).describe();
      Path expected = GOLDEN.resolve(golden);
      if (Boolean.getBoolean("hearth.golden.update")) {
        Files.createDirectories(GOLDEN);
        Files.writeString(expected, plan, StandardCharsets.UTF_8);
      }
      assertThat(plan).isEqualTo(Files.readString(expected, StandardCharsets.UTF_8));
    }
  }

  @Test
  void describesQwen2WithTiedHeadAndBias() throws IOException {
    check(TinyModel.ofType(WeightType.Q8_0), "qwen2-tied.txt");
  }

  @Test
  void describesQwen2WithOwnHeadAndWithoutBias() throws IOException {
    check(TinyModel.ofType(WeightType.F16).untied(), "qwen2-untied.txt");
  }

  @Test
  void describesQwen3WithNormedHeads() throws IOException {
    check(TinyModel.ofType(WeightType.F16).qwen3(), "qwen3.txt");
  }

  @Test
  void describesMimosNextTokenLayer() throws IOException {
    check(TinyModel.ofType(WeightType.BF16).withNextToken(), "mimo-next-token.txt");
  }
}
