package dev.hearth.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a file whose writing is cut short. */
class GgufWriterTest {
  private static final int ROWS = 9;
  private static final int COLUMNS = 64;

  @TempDir Path folder = Path.of("unset");
  private Path out = Path.of("unset");
  private Path part = Path.of("unset");
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void name() {
    out = folder.resolve("model.gguf");
    part = folder.resolve("model.gguf.part");
  }

  /** A file of three matrices; the values of row {@code fails} of the last one cannot be read. */
  private GgufWriter writer(String name, int fails) {
    GgufWriter writer = new GgufWriter().put("general.name", name);
    for (String tensor : List.of("first", "second", "third")) {
      writer.matrix(
          tensor,
          WeightType.Q8_0,
          COLUMNS,
          ROWS,
          (row, target) -> {
            asked.add(tensor + row);
            if (row == fails && tensor.equals("third")) {
              throw new IOException("the disk with the checkpoint is gone");
            }
            for (int i = 0; i < COLUMNS; i++) {
              target[i] = (float) Math.sin(tensor.hashCode() + row * 100.0 + i);
            }
          });
    }
    return writer;
  }

  private byte[] whole() throws IOException {
    Path path = folder.resolve("whole.gguf");
    writer("model", -1).write(path);
    asked.clear();
    return Files.readAllBytes(path);
  }

  private void cutShort(String name) {
    assertThatThrownBy(() -> writer(name, 4).write(out)).hasMessageContaining("checkpoint is gone");
    asked.clear();
  }

  @Test
  void aFileHasItsNameOnlyWhenItIsWhole() {
    cutShort("model");
    assertThat(out).doesNotExist();
    assertThat(part).exists();
  }

  @Test
  void goesOnAfterTheLastWholeTensor() throws IOException {
    byte[] expected = whole();
    writer("model", -1).write(part.resolveSibling("other.gguf"));
    byte[] written = Files.readAllBytes(part.resolveSibling("other.gguf"));
    // Two whole tensors and a piece of the third.
    Files.write(part, Arrays.copyOf(written, written.length - 100));
    asked.clear();
    writer("model", -1).write(out);
    assertThat(asked).first().isEqualTo("third0");
    assertThat(asked).hasSize(ROWS);
    assertThat(Files.readAllBytes(out)).isEqualTo(expected);
    assertThat(part).doesNotExist();
  }

  @Test
  void finishesWhatAFailureLeft() throws IOException {
    byte[] expected = whole();
    cutShort("model");
    writer("model", -1).write(out);
    assertThat(Files.readAllBytes(out)).isEqualTo(expected);
  }

  @Test
  void leavesAPartOfAnotherModelAlone() throws IOException {
    byte[] expected = whole();
    cutShort("another");
    writer("model", -1).write(out);
    assertThat(asked).hasSize(3 * ROWS);
    assertThat(Files.readAllBytes(out)).isEqualTo(expected);
  }

  @Test
  void takesNothingFromAPartThatIsTooShortForItsHeader() throws IOException {
    byte[] expected = whole();
    Files.write(part, new byte[] {'G', 'G'});
    writer("model", -1).write(out);
    assertThat(Files.readAllBytes(out)).isEqualTo(expected);
  }

  @Test
  void tellsHowFarItIs() throws IOException {
    List<Long> steps = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    writer("model", -1)
        .write(
            out,
            (done, total) -> {
              steps.add(done);
              totals.add(total);
            });
    assertThat(steps).hasSizeGreaterThan(2).isSorted().last().isEqualTo(Files.size(out));
    assertThat(totals).containsOnly(Files.size(out));
  }
}
