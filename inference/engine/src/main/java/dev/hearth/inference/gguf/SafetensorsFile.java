package dev.hearth.inference.gguf;

import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A safetensors file: a header of JSON, then the tensors' bytes. Reads F32, F16 and BF16. For one
 * thread.
 *
 * <p>Values are read through a window of a megabyte. A mapped file would be simpler, but the pages
 * of a checkpoint that was mapped and read count as memory of the process, all 15 GB of them.
 *
 * <p>Format: the README of huggingface/safetensors.
 */
final class SafetensorsFile implements AutoCloseable {

  private static final long MAX_HEADER = 100_000_000;
  private static final int WINDOW_BYTES = 1 << 20;

  /**
   * A tensor of one or two dimensions.
   *
   * @param at byte of the file where its values begin
   * @param size bytes of its values
   */
  record Tensor(
      String name,
      WeightType type,
      int rows,
      int columns,
      boolean flat,
      SafetensorsFile file,
      long at,
      long size) {

    /** Copies a row as floats. */
    void read(int row, float[] target) throws IOException {
      long rowBytes = type.bytes(columns);
      MemorySegment stored = file.bytes(at + row * rowBytes, rowBytes, at + size);
      type.codec().dequantise(stored, 0, target, 0, columns);
    }

    /** Bytes from an offset within the tensor; valid until the next reading. */
    ByteBuffer bytes(long offset, int count) throws IOException {
      return file.bytes(at + offset, count, at + offset + count).asByteBuffer();
    }
  }

  private final String name;
  private final FileChannel channel;
  private final long size;
  private ByteBuffer window = ByteBuffer.allocateDirect(WINDOW_BYTES).limit(0);
  private long windowAt;

  private SafetensorsFile(String name, FileChannel channel) throws IOException {
    this.name = name;
    this.channel = channel;
    size = channel.size();
  }

  /**
   * Opens a file.
   *
   * @throws ModelLoadException if it cannot be read
   */
  static SafetensorsFile open(Path path) {
    try {
      return new SafetensorsFile(path.toString(), FileChannel.open(path, StandardOpenOption.READ));
    } catch (IOException e) {
      throw new ModelLoadException(path.toString(), "file", "a readable safetensors file", e);
    }
  }

  /**
   * The tensors by name.
   *
   * @throws ModelLoadException if it is no sound safetensors file
   */
  Map<String, Tensor> tensors() throws IOException {
    long headerBytes = size < Long.BYTES ? -1 : bytes(0, Long.BYTES, size).get(Layouts.LONG, 0);
    if (headerBytes < 2 || headerBytes > Math.min(MAX_HEADER, size - Long.BYTES)) {
      throw wrong("header length", "2 bytes up to the file's size", Long.toString(headerBytes));
    }
    ByteBuffer header = ByteBuffer.allocate((int) headerBytes);
    fill(header, Long.BYTES);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : parse(header.array()).properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.put(
            entry.getKey(), tensor(entry.getKey(), entry.getValue(), Long.BYTES + headerBytes));
      }
    }
    return tensors;
  }

  /** Bytes of the file out of the window, which is moved when they are not all in it. */
  private MemorySegment bytes(long at, long count, long readAheadTo) throws IOException {
    if (at < windowAt || at + count > windowAt + window.limit()) {
      if (count > window.capacity()) {
        window = ByteBuffer.allocateDirect(Math.toIntExact(count));
      }
      window.clear().limit((int) Math.min(window.capacity(), readAheadTo - at));
      windowAt = at;
      fill(window, at);
      window.flip();
    }
    window.order(ByteOrder.LITTLE_ENDIAN);
    return MemorySegment.ofBuffer(window).asSlice(at - windowAt, count);
  }

  private void fill(ByteBuffer target, long at) throws IOException {
    long next = at;
    while (target.hasRemaining()) {
      int read = channel.read(target, next);
      if (read < 0) {
        throw new EOFException(name + " ended at byte " + next + " while it was read");
      }
      next += read;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private JsonNode parse(byte[] header) {
    try {
      JsonNode parsed = new ObjectMapper().readTree(header);
      if (!parsed.isObject()) {
        throw wrong("header", "a JSON object", parsed.getNodeType().toString());
      }
      return parsed;
    } catch (JacksonException e) {
      throw new ModelLoadException(name, "header", "JSON", e);
    }
  }

  private Tensor tensor(String tensor, JsonNode entry, long dataAt) {
    String type = entry.path("dtype").asString("");
    WeightType stored =
        switch (type) {
          case "F32" -> WeightType.F32;
          case "F16" -> WeightType.F16;
          case "BF16" -> WeightType.BF16;
          default -> throw wrong(tensor, "dtype F32, F16 or BF16", type);
        };
    JsonNode shape = entry.path("shape");
    if (shape.size() < 1 || shape.size() > 2) {
      throw wrong(tensor, "one or two dimensions", shape.toString());
    }
    boolean flat = shape.size() == 1;
    int rows = flat ? 1 : shape.get(0).asInt(0);
    int columns = shape.get(flat ? 0 : 1).asInt(0);
    long begin = entry.path("data_offsets").path(0).asLong(-1);
    long end = entry.path("data_offsets").path(1).asLong(-1);
    boolean inside = rows > 0 && columns > 0 && begin >= 0 && begin <= end && end <= size - dataAt;
    if (!inside || end - begin != stored.bytes((long) rows * columns)) {
      throw wrong(
          tensor,
          "data offsets within " + (size - dataAt) + " bytes that fit the shape " + shape,
          entry.path("data_offsets").toString());
    }
    return new Tensor(tensor, stored, rows, columns, flat, this, dataAt + begin, end - begin);
  }

  private ModelLoadException wrong(String field, String expected, String found) {
    return new ModelLoadException(name, field, expected, found);
  }
}
