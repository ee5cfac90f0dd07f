package dev.hearth.inference.generate;

import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Session;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * A prefix's pages in a file. Little endian: magic, 32 bytes of the key (which stands for the
 * model, the form of the KV cache and the tokens), number of tokens (int), page size (long), the
 * pages, and the CRC-32C of all that (int). What is not exactly this is no such file.
 */
final class PrefixFile {

  private static final long MAGIC = 0x31_56_4B_48_54_52_41_45L; // "EARTHKV1"
  private static final ValueLayout.OfInt TRAILER =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int KEY_BYTES = 32;
  private static final int HEADER_BYTES = Long.BYTES + KEY_BYTES + Integer.BYTES + Long.BYTES;
  private static final String SUFFIX = ".kv";
  private static final int MOST_FILES = 4;

  private final Path path;
  private final byte[] key;
  private final Session session;

  /**
   * Names the file of a key; touches nothing.
   *
   * @param key 32 bytes
   */
  PrefixFile(Path folder, String name, byte[] key, Session session) {
    path = folder.resolve(name + SUFFIX);
    this.key = key.clone();
    this.session = session;
  }

  Path path() {
    return path;
  }

  /**
   * Reads the pages.
   *
   * @param tokens number of tokens that the pages must hold
   * @return pages with one holder each
   * @throws IOException if there is no such file or it is not whole; names the reason
   */
  List<KvPage> read(int tokens) throws IOException {
    List<KvPage> pages = new ArrayList<>();
    boolean whole = false;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      int count = Math.ceilDiv(tokens, session.pageTokens());
      long expected = HEADER_BYTES + count * session.pageBytes() + Integer.BYTES;
      if (channel.size() != expected) {
        throw new IOException(path + " has " + channel.size() + " bytes, not " + expected);
      }
      MemorySegment header = arena.allocate(HEADER_BYTES, Long.BYTES);
      CRC32C sum = new CRC32C();
      read(channel, header, sum);
      if (header.mismatch(header(arena, tokens)) >= 0) {
        throw new IOException(path + " belongs to another model or prefix");
      }
      MemorySegment contents = arena.allocate(session.pageBytes(), Long.BYTES);
      for (int i = 0; i < count; i++) {
        read(channel, contents, sum);
        KvPage page = session.newPage();
        pages.add(page);
        page.restore(contents);
      }
      MemorySegment trailer = arena.allocate(Integer.BYTES);
      read(channel, trailer, new CRC32C());
      if (trailer.get(TRAILER, 0) != (int) sum.getValue()) {
        throw new IOException(path + " is damaged: its checksum is wrong");
      }
      whole = true;
      return pages;
    } finally {
      if (!whole) {
        pages.forEach(KvPage::release);
      }
    }
  }

  /**
   * Writes the pages, replacing an older file at once and leaving nothing half done; of other files
   * in the folder the newest few stay.
   */
  void write(int tokens, List<KvPage> pages) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    Path part = path.resolveSibling(path.getFileName() + ".part");
    try {
      writeAll(part, tokens, pages);
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    prune();
  }

  private void writeAll(Path part, int tokens, List<KvPage> pages) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        Arena arena = Arena.ofConfined()) {
      CRC32C sum = new CRC32C();
      write(channel, header(arena, tokens), sum);
      MemorySegment contents = arena.allocate(session.pageBytes(), Long.BYTES);
      for (KvPage page : pages) {
        page.save(contents);
        write(channel, contents, sum);
      }
      MemorySegment trailer = arena.allocate(Integer.BYTES);
      trailer.set(TRAILER, 0, (int) sum.getValue());
      write(channel, trailer, new CRC32C());
      channel.force(true);
    }
  }

  private MemorySegment header(Arena arena, int tokens) {
    MemorySegment header = arena.allocate(HEADER_BYTES, Long.BYTES);
    header
        .asByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(MAGIC)
        .put(key)
        .putInt(tokens)
        .putLong(session.pageBytes());
    return header;
  }

  private static void read(FileChannel channel, MemorySegment target, Checksum sum)
      throws IOException {
    ByteBuffer buffer = target.asByteBuffer();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file ended while it was read");
      }
    }
    sum.update(buffer.flip());
  }

  private static void write(FileChannel channel, MemorySegment source, Checksum sum)
      throws IOException {
    ByteBuffer buffer = source.asByteBuffer();
    sum.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private void prune() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(path.toAbsolutePath().getParent())) {
      files =
          all.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
              .sorted(Comparator.comparingLong(PrefixFile::modified).reversed())
              .toList();
    }
    for (Path old : files.subList(Math.min(MOST_FILES, files.size()), files.size())) {
      Files.deleteIfExists(old);
    }
  }

  private static long modified(Path file) {
    return file.toFile().lastModified();
  }
}
