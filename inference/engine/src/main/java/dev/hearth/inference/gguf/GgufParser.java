package dev.hearth.inference.gguf;

import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.weight.Layouts;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One pass over a GGUF header. Every length is checked against what is left of the file. */
final class GgufParser {

  static final int MAGIC = 0x46554747;
  static final int DEFAULT_ALIGNMENT = 32;
  static final int MAX_ALIGNMENT = 1 << 20;
  private static final int LEAST_ENTRY_BYTES = 13;
  private static final int LEAST_TENSOR_BYTES = 32;
  private static final int MAX_NAME_BYTES = 65_535;
  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_NESTING = 3;

  private final String name;
  private final MemorySegment bytes;
  private final FileChannel channel;
  private final Arena arena;
  private long position;

  /** What the header says of a tensor, before the data section's start is known. */
  private record Entry(
      String name, WeightType type, int columns, int rows, long offset, long size) {}

  GgufParser(String name, MemorySegment bytes, FileChannel channel, Arena arena) {
    this.name = name;
    this.bytes = bytes;
    this.channel = channel;
    this.arena = arena;
  }

  GgufFile parse() {
    int magic = readInt("magic");
    if (magic != MAGIC) {
      throw wrong("magic", "GGUF", String.format("0x%08x", Integer.reverseBytes(magic)));
    }
    int version = readInt("version");
    if (version != 2 && version != 3) {
      int swapped = Integer.reverseBytes(version);
      throw wrong(
          "version",
          "2 or 3, little-endian",
          swapped == 2 || swapped == 3 ? "big-endian " + swapped : Integer.toString(version));
    }
    long tensorCount = readCount("tensor count", LEAST_TENSOR_BYTES);
    long entryCount = readCount("metadata count", LEAST_ENTRY_BYTES);
    Map<String, Object> metadata = readMetadata(entryCount);
    List<Entry> entries = new ArrayList<>();
    for (long i = 0; i < tensorCount; i++) {
      entries.add(readEntry());
    }
    int alignment = alignment(metadata);
    Map<String, GgufTensor> tensors = map(entries, alignment);
    return new GgufFile(name, bytes, channel, version, metadata, tensors, arena);
  }

  private Map<String, Object> readMetadata(long count) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      String key = readString("metadata key " + i, MAX_NAME_BYTES);
      Object value = readValue(key, readType(key), 0);
      if (metadata.put(key, value) != null) {
        throw wrong(key, "one value", "a second one");
      }
    }
    return metadata;
  }

  private GgufValueType readType(String key) {
    int type = readInt(key);
    GgufValueType[] types = GgufValueType.values();
    if (type < 0 || type >= types.length) {
      throw wrong(key, "a value type of 0 to " + (types.length - 1), Integer.toString(type));
    }
    return types[type];
  }

  private Object readValue(String key, GgufValueType type, int nesting) {
    return switch (type) {
      case UINT8 -> (long) Byte.toUnsignedInt(readByte(key));
      case INT8 -> (long) readByte(key);
      case UINT16 -> (long) Short.toUnsignedInt(readShort(key));
      case INT16 -> (long) readShort(key);
      case UINT32 -> Integer.toUnsignedLong(readInt(key));
      case INT32 -> (long) readInt(key);
      case UINT64, INT64 -> readLong(key);
      case FLOAT32 -> (double) Float.intBitsToFloat(readInt(key));
      case FLOAT64 -> Double.longBitsToDouble(readLong(key));
      case BOOL -> readByte(key) != 0;
      case STRING -> readString(key, Integer.MAX_VALUE);
      case ARRAY -> readArray(key, nesting + 1);
    };
  }

  private Object readArray(String key, int nesting) {
    if (nesting > MAX_NESTING) {
      throw wrong(key, "at most " + MAX_NESTING + " levels of arrays", "more");
    }
    GgufValueType type = readType(key);
    int count = (int) Math.min(readCount(key + " length", type.leastBytes), Integer.MAX_VALUE);
    return switch (type) {
      case FLOAT32, FLOAT64 -> {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
          values[i] = (double) readValue(key, type, nesting);
        }
        yield values;
      }
      case STRING -> {
        String[] values = new String[count];
        for (int i = 0; i < count; i++) {
          values[i] = readString(key, Integer.MAX_VALUE);
        }
        yield values;
      }
      case BOOL, ARRAY -> {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          values.add(readValue(key, type, nesting));
        }
        yield values.toArray();
      }
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
          values[i] = (long) readValue(key, type, nesting);
        }
        yield values;
      }
    };
  }

  private Entry readEntry() {
    String tensor = readString("tensor name", MAX_NAME_BYTES);
    int dimensions = readInt(tensor);
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw wrong(tensor, "1 to " + MAX_DIMENSIONS + " dimensions", Integer.toString(dimensions));
    }
    int columns = readDimension(tensor);
    long rows = 1;
    for (int i = 1; i < dimensions; i++) {
      rows *= readDimension(tensor);
      if (rows > Integer.MAX_VALUE) {
        throw wrong(tensor, "at most " + Integer.MAX_VALUE + " rows", Long.toString(rows));
      }
    }
    int id = readInt(tensor);
    WeightType type =
        WeightType.ofGgufId(id)
            .orElseThrow(() ->
                wrong(
                    tensor,
                    "a weight type of " + Arrays.toString(WeightType.values()),
                    WeightType.describe(id)));
    if (columns % type.blockValues() != 0) {
      throw wrong(
          tensor,
          "rows of a multiple of " + type.blockValues() + " values, as " + type + " needs",
          Integer.toString(columns));
    }
    // At most 2^33 bytes a row and 2^31 rows: a product beyond a long is beyond any file too.
    long rowBytes = type.bytes(columns);
    long size = rows > Long.MAX_VALUE / rowBytes ? Long.MAX_VALUE : rows * rowBytes;
    return new Entry(tensor, type, columns, (int) rows, readLong(tensor), size);
  }

  private int readDimension(String tensor) {
    long value = readLong(tensor);
    if (value < 1 || value > Integer.MAX_VALUE) {
      throw wrong(tensor, "dimensions of 1 to " + Integer.MAX_VALUE, Long.toUnsignedString(value));
    }
    return (int) value;
  }

  private int alignment(Map<String, Object> metadata) {
    Object value = metadata.getOrDefault("general.alignment", (long) DEFAULT_ALIGNMENT);
    if (value instanceof Long alignment
        && alignment >= 1
        && alignment <= MAX_ALIGNMENT
        && Long.bitCount(alignment) == 1) {
      return alignment.intValue();
    }
    throw wrong(
        "general.alignment", "a power of two up to " + MAX_ALIGNMENT, String.valueOf(value));
  }

  private Map<String, GgufTensor> map(List<Entry> entries, int alignment) {
    long start = (position + alignment - 1) / alignment * alignment;
    long space = Math.max(0, bytes.byteSize() - start);
    Map<String, GgufTensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      if (entry.offset < 0 || entry.offset % alignment != 0) {
        throw wrong(
            entry.name,
            "an offset that is a multiple of " + alignment,
            Long.toUnsignedString(entry.offset));
      }
      if (entry.size > space || entry.offset > space - entry.size) {
        throw wrong(
            entry.name,
            entry.size + " bytes at offset " + entry.offset + " of the data section",
            "a data section of " + space + " bytes (is the file truncated?)");
      }
      GgufTensor tensor =
          new GgufTensor(
              entry.name,
              entry.type,
              entry.columns,
              entry.rows,
              bytes.asSlice(start + entry.offset, entry.size));
      if (tensors.put(entry.name, tensor) != null) {
        throw wrong(entry.name, "one tensor of that name", "a second one");
      }
    }
    return tensors;
  }

  /** Reads a count of things that take at least so many bytes each. */
  private long readCount(String field, int leastBytes) {
    long count = readLong(field);
    long most = (bytes.byteSize() - position) / leastBytes;
    if (count < 0 || count > most) {
      throw wrong(
          field,
          "at most " + most + " for the " + (bytes.byteSize() - position) + " bytes left",
          Long.toUnsignedString(count));
    }
    return count;
  }

  private String readString(String field, int mostBytes) {
    long length = readLong(field);
    if (length < 0 || length > mostBytes || length > bytes.byteSize() - position) {
      throw wrong(
          field,
          "a string within the " + (bytes.byteSize() - position) + " bytes left",
          Long.toUnsignedString(length) + " bytes");
    }
    byte[] text = new byte[(int) length];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, text, 0, text.length);
    position += length;
    return new String(text, StandardCharsets.UTF_8);
  }

  private byte readByte(String field) {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(field, Byte.BYTES));
  }

  private short readShort(String field) {
    return bytes.get(Layouts.SHORT, advance(field, Short.BYTES));
  }

  private int readInt(String field) {
    return bytes.get(Layouts.INT, advance(field, Integer.BYTES));
  }

  private long readLong(String field) {
    return bytes.get(Layouts.LONG, advance(field, Long.BYTES));
  }

  private long advance(String field, int count) {
    long at = position;
    if (at > bytes.byteSize() - count) {
      throw wrong(field, count + " bytes at offset " + at, "the end of the file");
    }
    position = at + count;
    return at;
  }

  private ModelLoadException wrong(String field, String expected, String found) {
    return new ModelLoadException(name, printable(field), expected, found);
  }

  /** Names come from the file: shortened and without control characters in messages. */
  private static String printable(String field) {
    String shown = field.length() > 100 ? field.substring(0, 100) + "…" : field;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
