package dev.hearth.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.ModelFailedException;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import jdk.incubator.vector.ByteVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a model whose file changes while it is mapped. */
@EnabledOnOs(OS.LINUX)
class MappedReadsTest {

  @TempDir Path folder = Path.of("unset");

  private static Path model(Path folder) throws IOException {
    TinyModel small =
        new TinyModel("qwen2", 1, 256, 2, 1, 128, 256, 512, WeightType.F32, true, true, false);
    return small.write(folder.resolve("m.gguf"));
  }

  /** Reads every byte, by single bytes, by a copy or by vectors. */
  private static long read(GgufFile file, int way) {
    long sum = 0;
    for (GgufTensor tensor : file.tensors().values()) {
      MemorySegment data = tensor.data();
      sum +=
          switch (way) {
            case 0 -> bytes(data);
            case 1 -> data.toArray(ValueLayout.JAVA_BYTE)[0];
            default -> vectors(data);
          };
    }
    return sum;
  }

  private static long bytes(MemorySegment data) {
    long sum = 0;
    for (long i = 0; i < data.byteSize(); i++) {
      sum += data.get(ValueLayout.JAVA_BYTE, i);
    }
    return sum;
  }

  /** The single read is what keeps the process alive, see {@link MappedReads}. */
  private static long vectors(MemorySegment data) {
    long sum = data.get(ValueLayout.JAVA_BYTE, 0);
    var species = ByteVector.SPECIES_PREFERRED;
    ByteVector all = ByteVector.zero(species);
    for (long i = 0; i < species.loopBound(data.byteSize()); i += species.length()) {
      all = all.add(ByteVector.fromMemorySegment(species, data, i, ByteOrder.LITTLE_ENDIAN));
    }
    return sum + all.reduceLanesToLong(jdk.incubator.vector.VectorOperators.ADD);
  }

  /** A process of its own, in case that it does not survive. */
  static final class Reader {
    private Reader() {}

    /** Cuts a mapped model: folder and number of reads before. */
    public static void main(String[] arguments) throws IOException {
      Path path = model(Path.of(arguments[0]));
      try (GgufFile file = GgufFile.open(path)) {
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
          for (int way = 0; way < 3; way++) {
            read(file, way);
          }
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.truncate(8192);
        }
        for (int way = 0; way < 3; way++) {
          int how = way;
          try {
            MappedReads.of(file.name(), () -> read(file, how));
            System.out.println("no error");
          } catch (ModelFailedException e) {
            System.out.println("way " + way + ": " + e.getMessage());
          }
        }
      }
    }
  }

  @Test
  void aFileThatIsCutWhileMappedIsAnErrorAndTheProcessLivesOn() throws Exception {
    for (String reads : List.of("0", "200")) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--add-modules=jdk.incubator.vector",
                  "-XX:-CreateCoredumpOnCrash",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Reader.class.getName(),
                  folder.toString(),
                  reads)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(child.waitFor()).as(output).isZero();
      assertThat(output)
          .contains("way 0: ", "way 1: ", "way 2: ", "m.gguf: the file became shorter")
          .doesNotContain("no error");
    }
  }

  @Test
  void otherErrorsStayWhatTheyAre() {
    InternalError other = new InternalError("something else");
    assertThatThrownBy(() ->
            MappedReads.of(
                "f",
                () -> {
                  throw other;
                }))
        .isSameAs(other);
    assertThat(MappedReads.of("f", () -> 3)).isEqualTo(3);
  }

  @Test
  void aDeletedModelStaysReadable() throws IOException {
    Path path = model(folder);
    try (GgufFile file = GgufFile.open(path)) {
      long before = read(file, 0);
      Files.delete(path);
      assertThat(read(file, 0)).isEqualTo(before);
    }
  }
}
