package dev.hearth.agent.start;

import java.nio.file.Files;
import java.nio.file.Path;

/** The repository that these tests run in. */
final class Repository {
  private Repository() {}

  /** The folder with {@code mvnw}, at or above the working directory. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("no folder with mvnw at or above the working directory");
      }
      folder = parent;
    }
    return folder;
  }
}
