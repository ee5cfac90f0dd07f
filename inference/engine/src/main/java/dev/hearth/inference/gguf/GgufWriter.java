package dev.hearth.inference.gguf;

import dev.hearth.inference.weight.WeightType;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * Writes a GGUF file of version 3: collect metadata and tensors, then {@link #write}. Tensor values
 * are asked for row by row, by one thread, while writing, so a file may be larger than memory.
 *
 * <p>What is written goes to {@code NAME.part} and gets its name when it is whole and was read
 * back. A part that was left behind is taken up after its last whole tensor when it begins as this
 * file would: with the same metadata, names, shapes and types.
 */
public final class GgufWriter {

  private static final long ROWS_AT_ONCE_BYTES = 1 << 20;

  /** Gives a tensor's values. */
  @FunctionalInterface
  public interface RowSource {
    /**
     * Copies one row.
     *
     * @param row index of the row
     * @param target receives the row's values from index 0
     * @throws IOException if they cannot be read
     */
    void read(int row, float[] target) throws IOException;
  }

  /** Is told how far writing has come. */
  @FunctionalInterface
  public interface Progress {
    /** Tells nobody. */
    Progress NONE = (done, total) -> {};

    /**
     * Called after every megabyte or so.
     *
     * @param done bytes that are written
     * @param total bytes of the whole file
     */
    void wrote(long done, long total);
  }

  private record Tensor(WeightType type, int columns, int rows, boolean flat, RowSource source) {
    long size() {
      return type.bytes(columns) * rows;
    }

    long paddedSize() {
      return size() + padding(size());
    }
  }

  private final Map<String, byte[]> metadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** Adds a string. */
  public GgufWriter put(String key, String value) {
    return put(key, GgufValueType.STRING, out -> string(out, value));
  }

  /** Adds an unsigned 32-bit integer. */
  public GgufWriter put(String key, int value) {
    return put(key, GgufValueType.UINT32, out -> integer(out, value));
  }

  /** Adds a 32-bit float. */
  public GgufWriter put(String key, float value) {
    return put(key, GgufValueType.FLOAT32, out -> integer(out, Float.floatToRawIntBits(value)));
  }

  /** Adds a boolean. */
  public GgufWriter put(String key, boolean value) {
    return put(key, GgufValueType.BOOL, out -> out.write(value ? 1 : 0));
  }

  /** Adds an array of strings. */
  public GgufWriter put(String key, String[] values) {
    return put(
        key,
        GgufValueType.ARRAY,
        out -> {
          integer(out, GgufValueType.STRING.id());
          wide(out, values.length);
          for (String value : values) {
            string(out, value);
          }
        });
  }

  /** Adds an array of 32-bit integers. */
  public GgufWriter put(String key, int[] values) {
    return put(
        key,
        GgufValueType.ARRAY,
        out -> {
          integer(out, GgufValueType.INT32.id());
          wide(out, values.length);
          for (int value : values) {
            integer(out, value);
          }
        });
  }

  /**
   * Adds a matrix.
   *
   * @param name tensor name
   * @param type stored form; {@code columns} must be a multiple of its block size
   * @param columns length of a row
   * @param rows number of rows
   * @param source gives the values
   */
  public GgufWriter matrix(String name, WeightType type, int columns, int rows, RowSource source) {
    return tensor(name, new Tensor(type, columns, rows, false, source));
  }

  /**
   * Adds a vector.
   *
   * @param name tensor name
   * @param type stored form
   * @param values its values
   */
  public GgufWriter vector(String name, WeightType type, float[] values) {
    RowSource source = (row, target) -> System.arraycopy(values, 0, target, 0, values.length);
    return tensor(name, new Tensor(type, values.length, 1, true, source));
  }

  /** Names of the tensors added so far, in order. */
  public Iterable<String> tensorNames() {
    return tensors.keySet();
  }

  /**
   * Writes the file, replacing an existing one.
   *
   * @throws IOException if it cannot be written, or what was read back is not what was written
   */
  public void write(Path path) throws IOException {
    write(path, Progress.NONE);
  }

  /**
   * Writes the file, replacing an existing one.
   *
   * @param progress is told how far it is
   * @throws IOException if it cannot be written, another process writes it, or what was read back
   *     is not what was written
   */
  public void write(Path path, Progress progress) throws IOException {
    byte[] header = header();
    long total = end(header, tensors.size());
    Path part = path.resolveSibling(path.getFileName() + ".part");
    ExclusiveFile mine =
        ExclusiveFile.open(
            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (mine == null) {
      throw new IOException(part + " is being written already: wait for that");
    }
    try (mine) {
      FileChannel file = mine.channel();
      long kept = kept(file, header);
      file.truncate(kept);
      requireSpace(part, total - kept);
      CRC32C written = new CRC32C();
      read(file, written);
      writeAfter(kept, header, new CheckedOutputStream(buffered(file), written), progress, total);
      file.force(true);
      CRC32C readBack = new CRC32C();
      read(file, readBack);
      if (readBack.getValue() != written.getValue()) {
        throw new IOException(
            part + " reads back other than it was written: its disk or its memory fails");
      }
      progress.wrote(total, total);
    }
    Files.move(part, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void writeAfter(long kept, byte[] header, OutputStream out, Progress progress, long total)
      throws IOException {
    if (kept == 0) {
      out.write(header);
      pad(out, header.length);
    }
    long end = end(header, 0);
    for (Tensor tensor : tensors.values()) {
      long start = end;
      end += tensor.paddedSize();
      if (end > kept) {
        writeRows(out, tensor, bytes -> progress.wrote(start + bytes, total));
        pad(out, tensor.size());
      }
    }
    out.flush();
  }

  /** Where the last whole tensor of a part left behind ends; 0 when it begins otherwise. */
  private long kept(FileChannel file, byte[] header) throws IOException {
    byte[] found = Channels.newInputStream(file.position(0)).readNBytes(header.length);
    if (!Arrays.equals(found, header) || file.size() < end(header, 0)) {
      return 0;
    }
    int whole = 0;
    while (whole < tensors.size() && end(header, whole + 1) <= file.size()) {
      whole++;
    }
    return end(header, whole);
  }

  /** Where the first {@code count} tensors end. */
  private long end(byte[] header, int count) {
    return header.length
        + padding(header.length)
        + tensors.values().stream().limit(count).mapToLong(Tensor::paddedSize).sum();
  }

  private static void requireSpace(Path part, long bytes) throws IOException {
    long free = Files.getFileStore(part).getUsableSpace();
    if (free < bytes) {
      throw new IOException(
          "%s needs %,d more bytes and its disk has %,d: free some, or write elsewhere"
              .formatted(part, bytes, free));
    }
  }

  /** Adds the whole file to a sum; writing goes on at its end. */
  private static void read(FileChannel file, CRC32C sum) throws IOException {
    new CheckedInputStream(Channels.newInputStream(file.position(0)), sum)
        .transferTo(OutputStream.nullOutputStream());
  }

  private static OutputStream buffered(FileChannel file) {
    return new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16);
  }

  private byte[] header() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    integer(out, GgufParser.MAGIC);
    integer(out, 3);
    wide(out, tensors.size());
    wide(out, metadata.size());
    for (Map.Entry<String, byte[]> entry : metadata.entrySet()) {
      string(out, entry.getKey());
      out.write(entry.getValue());
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      string(out, entry.getKey());
      integer(out, tensor.flat ? 1 : 2);
      wide(out, tensor.columns);
      if (!tensor.flat) {
        wide(out, tensor.rows);
      }
      integer(out, tensor.type.ggufId());
      wide(out, offset);
      offset += tensor.paddedSize();
    }
    return bytes.toByteArray();
  }

  private static void writeRows(OutputStream file, Tensor tensor, LongConsumer written)
      throws IOException {
    long rowBytes = tensor.type.bytes(tensor.columns);
    int rowsAtOnce = (int) Math.max(1, Math.min(tensor.rows, ROWS_AT_ONCE_BYTES / rowBytes));
    float[][] values = new float[rowsAtOnce][tensor.columns];
    byte[] block = new byte[Math.toIntExact(rowsAtOnce * rowBytes)];
    MemorySegment stored = MemorySegment.ofArray(block);
    for (int row = 0; row < tensor.rows; row += rowsAtOnce) {
      int rows = Math.min(rowsAtOnce, tensor.rows - row);
      for (int i = 0; i < rows; i++) {
        tensor.source.read(row + i, values[i]);
      }
      // Fitting a block takes a hundred times as long as reading it.
      IntStream.range(0, rows)
          .parallel()
          .forEach(i ->
              tensor.type.codec().quantise(values[i], 0, tensor.columns, stored, i * rowBytes));
      file.write(block, 0, (int) (rows * rowBytes));
      written.accept((row + rows) * rowBytes);
    }
  }

  private GgufWriter tensor(String name, Tensor tensor) {
    if (tensor.columns % tensor.type.blockValues() != 0) {
      throw new IllegalArgumentException(
          name
              + " has rows of "
              + tensor.columns
              + " values; "
              + tensor.type
              + " needs a multiple of "
              + tensor.type.blockValues());
    }
    if (tensors.put(name, tensor) != null) {
      throw new IllegalArgumentException("tensor " + name + " was added twice");
    }
    return this;
  }

  private GgufWriter put(String key, GgufValueType type, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      integer(out, type.id());
      content.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    metadata.put(key, bytes.toByteArray());
    return this;
  }

  @FunctionalInterface
  private interface Content {
    void write(DataOutputStream out) throws IOException;
  }

  private static void string(DataOutputStream out, String value) throws IOException {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    wide(out, bytes.length);
    out.write(bytes);
  }

  private static void integer(DataOutputStream out, int value) throws IOException {
    out.writeInt(Integer.reverseBytes(value));
  }

  private static void wide(DataOutputStream out, long value) throws IOException {
    out.writeLong(Long.reverseBytes(value));
  }

  private static void pad(OutputStream out, long written) throws IOException {
    out.write(new byte[(int) padding(written)]);
  }

  private static long padding(long written) {
    return -written & (GgufParser.DEFAULT_ALIGNMENT - 1);
  }
}
