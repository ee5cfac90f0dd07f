package dev.hearth.agent.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.springframework.stereotype.Component;

/**
 * The data directory: made when it is missing, and this agent's alone while it runs. Whoever keeps
 * something there asks for this bean, so that the check comes first.
 */
@Component
public final class DataDirectory implements AutoCloseable {
  private static final int LONGEST_ID = 20;

  private final Path path;
  private final FileChannel lock;

  /**
   * Makes the directory and locks it.
   *
   * @param settings names it
   * @throws StartException when another agent uses it
   * @throws UncheckedIOException when it cannot be written
   */
  public DataDirectory(HearthSettings settings) {
    this.path = settings.data();
    try {
      Files.createDirectories(path);
      this.lock =
          FileChannel.open(
              path.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      lock();
    } catch (IOException e) {
      throw new UncheckedIOException("The data directory " + path + " cannot be used", e);
    }
  }

  private void lock() throws IOException {
    boolean mine;
    try {
      mine = lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      mine = false;
    }
    if (!mine) {
      ByteBuffer id = ByteBuffer.allocate(LONGEST_ID);
      lock.read(id, 0);
      lock.close();
      throw new StartException(
          "The data directory %s is used by another Hearth (process %s)."
              .formatted(path, StandardCharsets.US_ASCII.decode(id.flip()).toString().strip()),
          "Stop that one, or give this one its own: ./hearth up --data DIR (HEARTH_DATA).");
    }
    lock.truncate(0);
    lock.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /** Lets others have it. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
