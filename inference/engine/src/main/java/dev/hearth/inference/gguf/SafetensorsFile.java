package dev.hearth.inference.gguf;

import dev.hearth.inference.ModelFailedException;
import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A safetensors file: a header of JSON, then the tensors' bytes, mapped. Reads F32, F16 and BF16.
 *
 * <p>Format: the README of huggingface/safetensors.
 */
final class SafetensorsFile {

  private static final long MAX_HEADER = 100_000_000;

  /** A tensor of one or two dimensions. */
  record Tensor(
      String name, WeightType type, int rows, int columns, boolean flat, MemorySegment data) {

    /** Copies a row as floats. */
    void read(int row, float[] target) {
      type.codec().dequantise(data, type.bytes((long) row * columns), target, 0, columns);
    }
  }

  private final String name;
  private final MemorySegment bytes;

  private SafetensorsFile(String name, MemorySegment bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /**
   * Reads the tensors of a file.
   *
   * @param arena keeps the file mapped
   * @throws ModelLoadException if it is no sound safetensors file
   */
  static Map<String, Tensor> read(Path path, Arena arena) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return MappedReads.of(
          path.toString(), () -> new SafetensorsFile(path.toString(), bytes).tensors());
    } catch (ModelFailedException e) {
      throw new ModelLoadException(path.toString(), "file", "a file that nobody writes to", e);
    } catch (IOException e) {
      throw new ModelLoadException(path.toString(), "file", "a readable safetensors file", e);
    }
  }

  private Map<String, Tensor> tensors() {
    long headerBytes = bytes.byteSize() < Long.BYTES ? -1 : bytes.get(Layouts.LONG, 0);
    if (headerBytes < 2 || headerBytes > Math.min(MAX_HEADER, bytes.byteSize() - Long.BYTES)) {
      throw wrong("header length", "2 bytes up to the file's size", Long.toString(headerBytes));
    }
    byte[] header = bytes.asSlice(Long.BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment data = bytes.asSlice(Long.BYTES + headerBytes);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : parse(header).properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), data));
      }
    }
    return tensors;
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

  private Tensor tensor(String tensor, JsonNode entry, MemorySegment data) {
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
    boolean inside =
        rows > 0 && columns > 0 && begin >= 0 && begin <= end && end <= data.byteSize();
    if (!inside || end - begin != stored.bytes((long) rows * columns)) {
      throw wrong(
          tensor,
          "data offsets within " + data.byteSize() + " bytes that fit the shape " + shape,
          entry.path("data_offsets").toString());
    }
    return new Tensor(tensor, stored, rows, columns, flat, data.asSlice(begin, end - begin));
  }

  private ModelLoadException wrong(String field, String expected, String found) {
    return new ModelLoadException(name, field, expected, found);
  }
}
