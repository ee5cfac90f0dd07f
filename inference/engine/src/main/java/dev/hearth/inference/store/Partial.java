package dev.hearth.inference.store;

import dev.hearth.inference.gguf.ExclusiveFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being downloaded, and what is known of it: {@code NAME.download.part} and {@code
 * NAME.download}. The second is locked as long as this is open; not the first, since a lock of a
 * POSIX system ends when any channel to the file is closed, as checking the model does.
 */
final class Partial implements AutoCloseable {

  private static final int BUFFER = 1 << 18;
  private static final OpenOption[] READ_AND_WRITE = {
    StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE
  };

  private final String name;
  private final Path notesFile;
  private final Path file;
  private final ExclusiveFile notes;
  private final FileChannel data;
  private final Properties known = new Properties();
  private boolean finished;

  private Partial(String name, Path notesFile, Path file, ExclusiveFile notes, FileChannel data) {
    this.name = name;
    this.notesFile = notesFile;
    this.file = file;
    this.notes = notes;
    this.data = data;
  }

  /**
   * Opens what an earlier download left, or begins.
   *
   * @throws PullException if another download of that name is under way
   */
  static Partial open(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    Path notesFile = folder.resolve(name + ModelFolder.DOWNLOAD);
    Path file = folder.resolve(name + ModelFolder.DOWNLOAD + ModelFolder.PART);
    ExclusiveFile notes = ExclusiveFile.open(notesFile, READ_AND_WRITE);
    if (notes == null) {
      throw new PullException(name + " is being downloaded already");
    }
    @Nullable FileChannel data = null;
    boolean opened = false;
    try {
      data = FileChannel.open(file, READ_AND_WRITE);
      Partial partial = new Partial(name, notesFile, file, notes, data);
      partial.readNotes();
      opened = true;
      return partial;
    } finally {
      if (!opened) {
        notes.close();
        if (data != null) {
          data.close();
        }
      }
    }
  }

  private void readNotes() throws IOException {
    FileChannel from = notes.channel();
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(from.size(), BUFFER));
    while (bytes.hasRemaining() && from.read(bytes, bytes.position()) >= 0) {}
    try {
      known.load(new ByteArrayInputStream(bytes.array(), 0, bytes.position()));
    } catch (IllegalArgumentException e) {
      known.clear(); // cut off while it was written: what it told of is not resumed
    }
  }

  /** What is known of the file: {@code uri}, {@code etag}, {@code size}, {@code sha256}. */
  @Nullable String known(String key) {
    return known.getProperty(key);
  }

  /** The size of the whole file, if known. */
  OptionalLong total() {
    String size = known.getProperty("size");
    return size != null && size.matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(size))
        : OptionalLong.empty();
  }

  /** Notes something about the file; null forgets it. */
  void note(String key, @Nullable String value) throws IOException {
    if (value == null) {
      known.remove(key);
    } else {
      known.setProperty(key, value);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    known.store(bytes, null);
    notes.channel().truncate(0);
    write(notes.channel(), ByteBuffer.wrap(bytes.toByteArray()), 0);
  }

  /** Keeps what is there if it is a part of the file at this address; else begins anew. */
  void begin(URI uri, @Nullable String sha256) throws IOException {
    String before = known("sha256");
    boolean same =
        (sha256 != null && before != null)
            ? sha256.equals(before)
            : uri.toString().equals(known("uri"));
    if (!same) {
      restart();
    }
    note("uri", uri.toString());
    note("sha256", sha256);
  }

  /** Throws away what came, and what was known but the digest. */
  void restart() throws IOException {
    data.truncate(0);
    note("etag", null);
    note("size", null);
  }

  /** Bytes that are there. */
  long size() throws IOException {
    return data.size();
  }

  /** Appends bytes. */
  void append(byte[] bytes, int count) throws IOException {
    write(data, ByteBuffer.wrap(bytes, 0, count), data.size());
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }

  /** The first bytes, at most. */
  byte[] head(int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && data.read(bytes, bytes.position()) >= 0) {}
    byte[] head = new byte[bytes.position()];
    bytes.flip().get(head);
    return head;
  }

  /** Free bytes of its disk. */
  long space() throws IOException {
    return Files.getFileStore(file).getUsableSpace();
  }

  /** Is told how many bytes were read, and says whether to stop. */
  interface Reading {
    /** Called after every piece. */
    void read(long bytes) throws IOException;
  }

  /** SHA-256 of what is on the disk, in lower-case hexadecimal digits. */
  String digest(Reading reading) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    data.force(true);
    ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER);
    long at = 0;
    for (int read = data.read(bytes, at); read >= 0; read = data.read(bytes.clear(), at)) {
      digest.update(bytes.flip());
      at += read;
      reading.read(at);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Where the bytes are. */
  Path file() {
    return file;
  }

  /**
   * Gives the file its name.
   *
   * @throws PullException if the name was taken meanwhile
   */
  void moveTo(Path target) throws IOException {
    if (Files.exists(target)) {
      throw new PullException(target + " appeared while " + name + " was downloaded: remove it");
    }
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    finished = true;
  }

  /** Deletes what came: it is of no use. */
  void discard() throws IOException {
    data.truncate(0);
    finished = true;
  }

  @Override
  public void close() throws IOException {
    if (finished || data.size() == 0) {
      Files.deleteIfExists(file);
      Files.deleteIfExists(notesFile);
    }
    data.close();
    notes.close();
  }
}
