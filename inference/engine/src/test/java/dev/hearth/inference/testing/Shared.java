package dev.hearth.inference.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Data beside the repository, which a clone need not have. */
public final class Shared {

  private Shared() {}

  /** A file of the folder {@code shared} next to the repository; skips the test without it. */
  public static Path file(String name) {
    Optional<Path> file = find(name);
    assumeThat(file).as("shared data is not beside this clone").isPresent();
    return file.orElseThrow();
  }

  /** A file of the folder {@code shared} next to the repository, if it is there. */
  public static Optional<Path> find(String name) {
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.exists(root.resolve("mvnw"))) {
      root = root.getParent();
    }
    return Optional.of(root.resolveSibling("shared").resolve(name)).filter(Files::exists);
  }
}
