package dev.hearth.inference.cpu;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Panels of all matrices of a model, kept from one start to the next: mapped instead of packed
 * anew.
 *
 * <p>A file has a header of whole pages (magic number, number of matrices, size and CRC-32C of
 * each, CRC-32C of all that), then the panels, each from a whole page on. It appears whole or not
 * at all: it is written under another name and renamed.
 */
final class PanelFile {

  /** Part of the file's name: another layout must have another form. */
  static final String FORM = "panels-2";

  private static final long MAGIC = 0x314C_4E50_4854_5248L;
  private static final int PAGE = 4096;
  private static final int ENTRY_BYTES = Long.BYTES + Integer.BYTES;

  /** Written at a time, and after how much the system is asked to write it out. */
  private static final int SLICE_BYTES = 8 << 20;

  private static final long FLUSH_BYTES = 256L << 20;

  /** Space that is left free on the disk. */
  private static final long RESERVE_BYTES = 2L << 30;

  /** Files of a folder: those of models used longer ago go. */
  private static final int MOST_FILES = 2;

  private static final String PART = ".part";

  private final MemorySegment memory;
  private final long[] starts;
  private final int[] sums;

  private PanelFile(MemorySegment memory, long[] starts, int[] sums) {
    this.memory = memory;
    this.starts = starts;
    this.sums = sums;
  }

  /**
   * Maps a file.
   *
   * @param sizes bytes of the panels of each matrix
   * @param arena of the mapping
   * @throws IOException if it cannot be read or its header is not that of such panels; names the
   *     reason
   */
  static PanelFile open(Path path, long[] sizes, Arena arena) throws IOException {
    long[] starts = starts(sizes);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() != starts[sizes.length]) {
        throw new IOException(
            path + " has " + channel.size() + " bytes, not " + starts[sizes.length]);
      }
      MemorySegment memory =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, starts[sizes.length], arena);
      ByteBuffer header = memory.asSlice(0, headerBytes(sizes.length)).asByteBuffer();
      int[] sums = new int[sizes.length];
      header.order(ByteOrder.LITTLE_ENDIAN).position(Long.BYTES + Integer.BYTES);
      for (int i = 0; i < sizes.length; i++) {
        header.getLong();
        sums[i] = header.getInt();
      }
      if (header(sizes, sums).mismatch(header.rewind()) >= 0) {
        throw new IOException(path + " is damaged or of another layout");
      }
      Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
      return new PanelFile(memory, starts, sums);
    }
  }

  /** The panels of a matrix. */
  MemorySegment panels(int matrix, long size) {
    return memory.asSlice(starts[matrix], size);
  }

  /** Whether the panels of a matrix are as they were written; reads them all. */
  boolean isWhole(int matrix, long size) {
    return sum(panels(matrix, size)) == sums[matrix];
  }

  /**
   * Writes a file, and removes files of other models but the newest. Ends early, without a file,
   * when the thread is interrupted.
   *
   * @throws IOException if it cannot be written or the disk is too full; names the reason
   */
  static void write(Path path, List<MemorySegment> panels) throws IOException {
    long[] sizes = panels.stream().mapToLong(MemorySegment::byteSize).toArray();
    long total = starts(sizes)[sizes.length];
    Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file");
    Files.createDirectories(folder);
    String name = String.valueOf(path.getFileName());
    prune(folder, name.substring(name.lastIndexOf('.')), MOST_FILES - 1);
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < total + RESERVE_BYTES) {
      throw new IOException(
          "%d MB must be free in %s, %d MB are"
              .formatted((total + RESERVE_BYTES) >> 20, folder, free >> 20));
    }
    Path part = path.resolveSibling(path.getFileName() + PART);
    try {
      writeAll(part, panels, sizes);
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void writeAll(Path part, List<MemorySegment> panels, long[] sizes)
      throws IOException {
    long[] starts = starts(sizes);
    int[] sums = new int[sizes.length];
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      long unflushed = 0;
      for (int i = 0; i < sizes.length; i++) {
        for (long at = 0; at < sizes[i]; at += SLICE_BYTES) {
          ByteBuffer slice =
              panels.get(i).asSlice(at, Math.min(SLICE_BYTES, sizes[i] - at)).asByteBuffer();
          for (long to = starts[i] + at; slice.hasRemaining(); ) {
            to += channel.write(slice, to);
          }
          unflushed += SLICE_BYTES;
          if (unflushed >= FLUSH_BYTES) {
            channel.force(false);
            unflushed = 0;
          }
        }
        sums[i] = sum(panels.get(i));
      }
      ByteBuffer header = header(sizes, sums);
      for (long to = 0; header.hasRemaining(); ) {
        to += channel.write(header, to);
      }
      long last = starts[sizes.length] - 1;
      if (channel.size() <= last) {
        channel.write(ByteBuffer.allocate(1), last);
      }
      channel.force(true);
    }
  }

  /** Where the panels of each matrix begin, and the end of the file. */
  private static long[] starts(long[] sizes) {
    long[] starts = new long[sizes.length + 1];
    starts[0] = headerBytes(sizes.length);
    for (int i = 0; i < sizes.length; i++) {
      starts[i + 1] = Math.ceilDiv(starts[i] + sizes[i], (long) PAGE) * PAGE;
    }
    return starts;
  }

  private static int headerBytes(int matrices) {
    int bytes = Long.BYTES + Integer.BYTES + matrices * ENTRY_BYTES + Integer.BYTES;
    return Math.ceilDiv(bytes, PAGE) * PAGE;
  }

  private static ByteBuffer header(long[] sizes, int[] sums) {
    ByteBuffer header =
        ByteBuffer.allocate(headerBytes(sizes.length)).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(sizes.length);
    for (int i = 0; i < sizes.length; i++) {
      header.putLong(sizes[i]).putInt(sums[i]);
    }
    CRC32C sum = new CRC32C();
    sum.update(header.array(), 0, header.position());
    return header.putInt((int) sum.getValue()).rewind();
  }

  private static int sum(MemorySegment memory) {
    CRC32C sum = new CRC32C();
    for (long at = 0; at < memory.byteSize(); at += SLICE_BYTES) {
      sum.update(memory.asSlice(at, Math.min(SLICE_BYTES, memory.byteSize() - at)).asByteBuffer());
    }
    return (int) sum.getValue();
  }

  private static void prune(Path folder, String ending, int most) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(file -> file.toString().endsWith(ending)).forEach(files::add);
    }
    files.sort(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed());
    for (Path old : files.subList(Math.min(most, files.size()), files.size())) {
      Files.deleteIfExists(old);
    }
  }
}
