package dev.hearth.inference.backend;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was measured here before, in a file of properties: a start need not measure it again. Keys
 * name all that a figure depends on. A file that cannot be read or written costs time, nothing
 * else. Safe for several threads of one process.
 */
public final class Measured {

  private static final Logger LOG = LoggerFactory.getLogger(Measured.class);

  /** A file beyond this is none of ours. */
  private static final long MOST_BYTES = 1 << 20;

  private final @Nullable Path file;
  private final Properties figures = new Properties();

  private Measured(@Nullable Path file) {
    this.file = file;
  }

  /** Remembers until the process ends. */
  public static Measured inMemory() {
    return new Measured(null);
  }

  /** Reads a file, if there is one; null as {@link #inMemory}. */
  public static Measured in(@Nullable Path file) {
    Measured measured = new Measured(file);
    if (file != null && Files.exists(file)) {
      measured.read(file);
    }
    return measured;
  }

  private void read(Path from) {
    try {
      if (Files.size(from) > MOST_BYTES) {
        throw new IOException("it has " + Files.size(from) + " bytes");
      }
      try (Reader reader = Files.newBufferedReader(from)) {
        figures.load(reader);
      }
    } catch (IOException | IllegalArgumentException e) {
      figures.clear();
      LOG.warn("{} holds no figures ({}); devices are measured anew", from, e.toString());
    }
  }

  /** What was measured under a key. */
  public synchronized Optional<String> get(String key) {
    return Optional.ofNullable(figures.getProperty(key));
  }

  /** Remembers a figure. */
  public synchronized void put(String key, String figure) {
    figures.setProperty(key, figure);
    if (file == null) {
      return;
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (Writer writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
        figures.store(writer, "What devices took; delete this file to measure anew");
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("{} cannot be written ({}); the next start measures anew", file, e.toString());
    }
  }
}
