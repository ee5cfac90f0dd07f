package dev.hearth.inference.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.gguf.ExclusiveFile;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of {@code ./hearth models}. */
class ModelsMainTest {

  @TempDir Path temp = Path.of("unset");
  private Path folder = Path.of("unset");
  private String out = "";
  private String errors = "";

  @BeforeEach
  void setFolder() {
    folder = temp.resolve("models");
  }

  private int run(String... args) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errorBytes = new ByteArrayOutputStream();
    int status =
        new ModelsMain(folder, new PrintStream(outBytes, true, StandardCharsets.UTF_8), 0)
            .run(List.of(args), new PrintStream(errorBytes, true, StandardCharsets.UTF_8));
    out = outBytes.toString(StandardCharsets.UTF_8);
    errors = errorBytes.toString(StandardCharsets.UTF_8);
    return status;
  }

  private byte[] tiny() throws IOException {
    return Files.readAllBytes(TinyModel.ofType(WeightType.F32).write(temp.resolve("source.gguf")));
  }

  @Test
  void pullsUsesMeasuresAndRemovesAModel() throws IOException {
    byte[] bytes = tiny();
    try (RawServer server = new RawServer(RawServer.file(bytes))) {
      assertThat(run("pull", server.address("/tiny.gguf").toString())).as(errors).isZero();
    }
    assertThat(out).contains("Pulling tiny from http://127.0.0.1").contains("up --model tiny");
    assertThat(run("list")).isZero();
    assertThat(out).containsPattern("built-in +active\n").containsPattern("tiny +0\\.\\d MB\n");

    assertThat(run("use", "tiny")).isZero();
    assertThat(out).contains("From the next start on").contains("tiny");
    assertThat(new ModelFolder(folder).chosen()).contains("tiny");
    assertThat(run()).isZero();
    assertThat(out).containsPattern("tiny +0\\.\\d MB  active\n");

    assertThat(run("bench", "--prompt", "8", "--generate", "4", "--rounds", "2"))
        .as(errors)
        .isZero();
    assertThat(out).contains("load ", "first prompt ", "prefill ", "decode ", "median of 2");

    Path prepared = Files.createDirectories(folder.resolve("prepared"));
    Files.createFile(prepared.resolve("tiny.gguf-0123.weights"));
    Path another = Files.createFile(prepared.resolve("tiny.gguf.gguf-0123.weights"));
    assertThat(run("remove", "tiny")).isZero();
    assertThat(out).contains("the model is built-in");
    assertThat(prepared).isDirectoryContaining(another::equals);
    Files.delete(another);
    assertThat(prepared).isEmptyDirectory();
    Files.delete(prepared);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void goesBackToTheBuiltInModel() throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("a.gguf"), tiny());
    Files.write(folder.resolve("hearth-home-0123456789abcdef.gguf"), new byte[2_000_000]);
    assertThat(run("use", "a")).isZero();
    assertThat(run("use", "built-in")).isZero();
    assertThat(run("list")).isZero();
    assertThat(out).containsPattern("built-in +2.0 MB  active\n").doesNotContain("hearth-home");
    assertThat(run("remove", "built-in")).isEqualTo(1);
    assertThat(run("remove", "hearth-home-0123456789abcdef")).isEqualTo(1);
    assertThat(folder.resolve("hearth-home-0123456789abcdef.gguf")).exists();
  }

  @Test
  void removesWhatIsUnfinishedButNotWhatIsUnderWay() throws IOException {
    Files.createDirectories(folder);
    Path part = Files.write(folder.resolve("half.gguf.part"), new byte[10]);
    Files.write(folder.resolve("quarter.download"), new byte[0]);
    Files.write(folder.resolve("quarter.download.part"), new byte[5]);
    assertThat(run("list")).isZero();
    assertThat(out).containsPattern("half +unfinished").containsPattern("quarter +unfinished");
    try (ExclusiveFile importing = ExclusiveFile.open(part, StandardOpenOption.WRITE)) {
      assertThat(importing).isNotNull();
      assertThat(run("remove", "half")).isEqualTo(1);
      assertThat(errors).contains("half is being imported or downloaded");
    }
    assertThat(run("remove", "half")).isZero();
    assertThat(run("remove", "quarter")).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("broken.gguf"), "no model");
    refuses("there is no model none in " + folder, "use", "none");
    refuses("there is no model ../x in", "remove", "../x");
    refuses("there is no model none", "bench", "none");
    refuses("magic: expected GGUF", "bench", "broken");
    refuses("unpacked at the first start", "bench");
    refuses("--rounds needs a number from 1, not 0", "bench", "broken", "--rounds", "0");
    refuses("unknown: models dance", "dance");
    refuses("is missing", "pull");
    refuses("is missing", "use", "--name");
    refuses("unknown option --fast", "pull", "mimo-7b-rl-q8_0", "--fast");
    refuses("--sha256 needs a value", "pull", "mimo-7b-rl-q8_0", "--sha256");
    refuses("neither an address nor in the catalogue", "pull", "llama");
    refuses("is not encrypted", "pull", "http://models.example/a.gguf");
    refuses("cannot be the name of a model", "pull", "https://a.example/x", "--name", "../x");
    refuses("there is no folder /nowhere", "import", "/nowhere");
    refuses("cannot be the name of a model", "import", folder.toString(), "--name", ".x");
    refuses("config.json", "import", folder.toString());
  }

  private void refuses(String why, String... args) {
    assertThat(run(args)).isEqualTo(1);
    assertThat(errors).startsWith("hearth: ").contains(why);
  }
}
