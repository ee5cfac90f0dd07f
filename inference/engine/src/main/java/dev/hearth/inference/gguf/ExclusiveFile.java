package dev.hearth.inference.gguf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file that has one user at a time, of this process or another.
 *
 * <p>A lock of a POSIX system belongs to a process and ends when any channel of it to the file is
 * closed. So a second user in this process is refused by the file's name, before it opens one.
 */
public final class ExclusiveFile implements AutoCloseable {

  private static final Set<Path> USED = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private ExclusiveFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens and locks a file.
   *
   * @param file in a folder that is there; nobody may lock it in another way
   * @param options with {@link java.nio.file.StandardOpenOption#WRITE}
   * @return null if somebody uses it
   * @throws IOException if it cannot be opened
   */
  public static @Nullable ExclusiveFile open(Path file, OpenOption... options) throws IOException {
    Path whole = file.toAbsolutePath().normalize();
    Path path = whole.resolveSibling(".").toRealPath().resolve(String.valueOf(whole.getFileName()));
    if (!USED.add(path)) {
      return null;
    }
    @Nullable FileChannel channel = null;
    boolean mine = false;
    try {
      channel = FileChannel.open(path, options);
      mine = channel.tryLock() != null;
      return mine ? new ExclusiveFile(path, channel) : null;
    } finally {
      if (!mine) {
        if (channel != null) {
          channel.close();
        }
        USED.remove(path);
      }
    }
  }

  /** To read and write it. */
  public FileChannel channel() {
    return channel;
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      USED.remove(path);
    }
  }
}
