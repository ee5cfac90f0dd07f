package dev.hearth.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExclusiveFileTest {

  @TempDir Path folder = Path.of("unset");

  /** Another process: says whether it can lock a file. */
  static final class Other {

    private Other() {}

    public static void main(String[] args) throws IOException {
      try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
        System.out.print(channel.tryLock() == null ? "used" : "free");
      }
    }

    static String finds(Path file) throws Exception {
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Other.class.getName(),
                  file.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isZero();
      return said;
    }
  }

  @Test
  void aSecondUserOfThisProcessDoesNotEndTheLockAgainstOthers() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path file = Files.createFile(real.resolve("file"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    try (ExclusiveFile first = ExclusiveFile.open(file, StandardOpenOption.WRITE)) {
      assertThat(first).isNotNull();
      assertThat(ExclusiveFile.open(link.resolve("./file"), StandardOpenOption.WRITE)).isNull();
      assertThat(Other.finds(file)).isEqualTo("used");
    }
    assertThat(Other.finds(file)).isEqualTo("free");
    try (ExclusiveFile next = ExclusiveFile.open(file, StandardOpenOption.WRITE)) {
      assertThat(next).isNotNull();
    }
  }
}
