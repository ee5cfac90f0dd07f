package dev.hearth.inference.gguf;

import dev.hearth.inference.weight.WeightType;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a GGUF file of version 3: collect metadata and tensors, then {@link #write}. Tensor values
 * are asked for row by row while writing, so a file may be larger than memory.
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

  private record Tensor(WeightType type, int columns, int rows, boolean flat, RowSource source) {
    long size() {
      return type.bytes(columns) * rows;
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
   * @throws IOException if it cannot be written
   */
  public void write(Path path) throws IOException {
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16)) {
      byte[] header = header();
      file.write(header);
      pad(file, header.length);
      for (Tensor tensor : tensors.values()) {
        writeRows(file, tensor);
        pad(file, tensor.size());
      }
    }
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
      offset += tensor.size() + padding(tensor.size());
    }
    return bytes.toByteArray();
  }

  private static void writeRows(OutputStream file, Tensor tensor) throws IOException {
    long rowBytes = tensor.type.bytes(tensor.columns);
    int rowsAtOnce = (int) Math.max(1, Math.min(tensor.rows, ROWS_AT_ONCE_BYTES / rowBytes));
    float[] values = new float[tensor.columns];
    byte[] block = new byte[Math.toIntExact(rowsAtOnce * rowBytes)];
    MemorySegment stored = MemorySegment.ofArray(block);
    for (int row = 0; row < tensor.rows; row += rowsAtOnce) {
      int rows = Math.min(rowsAtOnce, tensor.rows - row);
      for (int i = 0; i < rows; i++) {
        tensor.source.read(row + i, values);
        tensor.type.codec().quantise(values, 0, tensor.columns, stored, i * rowBytes);
      }
      file.write(block, 0, (int) (rows * rowBytes));
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
