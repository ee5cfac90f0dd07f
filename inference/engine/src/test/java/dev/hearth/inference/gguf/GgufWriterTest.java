package dev.hearth.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

  private byte[] whole(String name) throws IOException {
    Path path = folder.resolve("whole.gguf");
    writer(name, -1).write(path);
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
    byte[] expected = whole("model");
    // Two whole tensors and a piece of the third.
    Files.write(part, Arrays.copyOf(expected, expected.length - 100));
    writer("model", -1).write(out);
    assertThat(asked).first().isEqualTo("third0");
    assertThat(asked).hasSize(ROWS);
    assertThat(Files.readAllBytes(out)).isEqualTo(expected);
    assertThat(part).doesNotExist();
  }

  @Test
  void finishesWhatAFailureLeft() throws IOException {
    byte[] expected = whole("model");
    Files.write(part, Arrays.copyOf(expected, expected.length - 100));
    cutShort("model");
    assertThat(part).exists();
    writer("model", -1).write(out);
    assertThat(Files.readAllBytes(out)).isEqualTo(expected);
  }

  @Test
  void takesNothingFromAPartOfAnotherModel() throws IOException {
    byte[] expected = whole("model");
    Files.write(part, whole("other"));
    writer("model", -1).write(out);
    assertThat(asked).hasSize(3 * ROWS);
    assertThat(Files.readAllBytes(out)).isEqualTo(expected);
  }

  @Test
  void leavesAPartThatSomebodyElseWrites() throws IOException {
    Files.write(part, new byte[] {1});
    try (FileChannel other = FileChannel.open(part, StandardOpenOption.WRITE)) {
      other.lock();
      // Inside one virtual machine the lock is refused by an exception of its own.
      assertThatThrownBy(() -> writer("model", -1).write(out))
          .isInstanceOf(OverlappingFileLockException.class);
    }
    assertThat(part).hasSize(1);
    assertThat(out).doesNotExist();
  }

  @Test
  void takesNothingFromAPartThatIsTooShortForItsHeader() throws IOException {
    byte[] expected = whole("model");
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
