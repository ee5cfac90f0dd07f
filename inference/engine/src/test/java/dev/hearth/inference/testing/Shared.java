package dev.hearth.inference.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Data beside the repository, which a clone need not have. */
public final class Shared {

  private Shared() {}

  /** A file of the folder {@code shared} next to the repository; skips the test without it. */
  public static Path file(String name) {
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.exists(root.resolve("mvnw"))) {
      root = root.getParent();
    }
    Path file = root.resolveSibling("shared").resolve(name);
    assumeThat(file).as("shared data is not beside this clone").exists();
    return file;
  }
}
