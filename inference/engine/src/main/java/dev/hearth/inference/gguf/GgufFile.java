package dev.hearth.inference.gguf;

import dev.hearth.inference.ModelFailedException;
import dev.hearth.inference.ModelLoadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open GGUF file (version 2 or 3, little-endian): metadata in memory, tensors mapped.
 *
 * <p>Format: {@code docs/gguf.md} of ggml. Everything the file claims is checked against its size
 * before memory is taken, so a damaged file ends in a {@link ModelLoadException} and nothing else.
 */
public final class GgufFile implements AutoCloseable {

  private final String name;
  private final MemorySegment bytes;
  private final FileChannel channel;
  private final int version;
  private final Map<String, Object> metadata;
  private final Map<String, GgufTensor> tensors;
  private final Arena arena;

  GgufFile(
      String name,
      MemorySegment bytes,
      FileChannel channel,
      int version,
      Map<String, Object> metadata,
      Map<String, GgufTensor> tensors,
      Arena arena) {
    this.name = name;
    this.bytes = bytes;
    this.channel = channel;
    this.version = version;
    this.metadata = Collections.unmodifiableMap(metadata);
    this.tensors = Collections.unmodifiableMap(tensors);
    this.arena = arena;
  }

  /**
   * Opens and checks a file.
   *
   * @throws ModelLoadException if it cannot be read or is no sound GGUF file
   */
  @SuppressWarnings("MustBeClosedChecker") // the file owns the arena and the channel
  public static GgufFile open(Path path) {
    Arena arena = Arena.ofShared();
    FileChannel channel = null;
    boolean opened = false;
    try {
      FileChannel source = FileChannel.open(path, StandardOpenOption.READ);
      channel = source;
      MemorySegment bytes = source.map(FileChannel.MapMode.READ_ONLY, 0, source.size(), arena);
      GgufFile file =
          MappedReads.of(
              path.toString(), () -> new GgufParser(path.toString(), bytes, source, arena).parse());
      opened = true;
      return file;
    } catch (ModelFailedException e) {
      throw new ModelLoadException(path.toString(), "file", "a file that nobody writes to", e);
    } catch (OutOfMemoryError e) {
      long heap = Runtime.getRuntime().maxMemory() >> 20;
      throw new ModelLoadException(
          path.toString(), "metadata", "what fits a heap of " + heap + " MB (raise -Xmx)", e);
    } catch (IOException | UnsupportedOperationException e) {
      throw new ModelLoadException(path.toString(), "file", "a readable GGUF file", e);
    } finally {
      if (!opened) {
        close(arena, channel);
      }
    }
  }

  private static void close(Arena arena, @Nullable FileChannel channel) {
    arena.close();
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Lets the bytes of a tensor be read once, through a mapping of their own: their pages do not
   * stay in the memory of the process.
   *
   * @param reader gets the bytes, which are valid until it returns
   */
  public void read(GgufTensor tensor, Consumer<MemorySegment> reader) {
    long offset = tensor.data().address() - bytes.address();
    try (Arena once = Arena.ofConfined()) {
      reader.accept(
          channel.map(FileChannel.MapMode.READ_ONLY, offset, tensor.data().byteSize(), once));
    } catch (IOException e) {
      throw new ModelLoadException(name, tensor.name(), "a readable file", e);
    }
  }

  /** Path of the file, for messages. */
  public String name() {
    return name;
  }

  /** Bytes of the file. */
  public long size() {
    return bytes.byteSize();
  }

  /** Version of the format, 2 or 3. */
  public int version() {
    return version;
  }

  /**
   * All metadata: values are Long, Double, Boolean, String, or an array of long, double, boolean or
   * String, or Object for arrays of arrays.
   */
  public Map<String, Object> metadata() {
    return metadata;
  }

  /** All tensors in the file's order. */
  public Map<String, GgufTensor> tensors() {
    return tensors;
  }

  /** A tensor by name. */
  public Optional<GgufTensor> tensor(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  /**
   * A string value.
   *
   * @throws ModelLoadException if it is there but no string
   */
  public Optional<String> string(String key) {
    return value(key, String.class, "a string");
  }

  /**
   * An integer value in a range.
   *
   * @throws ModelLoadException if it is there but no integer or outside the range
   */
  public Optional<Integer> integer(String key, int least, int most) {
    Optional<Long> value = value(key, Long.class, "an integer");
    value.ifPresent(v -> {
      if (v < least || v > most) {
        throw wrong(key, "an integer of " + least + " to " + most, String.valueOf(v));
      }
    });
    return value.map(Long::intValue);
  }

  /**
   * A floating-point value.
   *
   * @throws ModelLoadException if it is there but no number
   */
  public Optional<Double> real(String key) {
    Object value = metadata.get(key);
    if (value instanceof Long whole) {
      return Optional.of((double) whole);
    }
    return value(key, Double.class, "a number");
  }

  /**
   * A boolean value.
   *
   * @throws ModelLoadException if it is there but no boolean
   */
  public Optional<Boolean> bool(String key) {
    return value(key, Boolean.class, "a boolean");
  }

  /**
   * An array of strings.
   *
   * @throws ModelLoadException if it is there but something else
   */
  public Optional<String[]> strings(String key) {
    return value(key, String[].class, "an array of strings");
  }

  /**
   * An array of integers.
   *
   * @throws ModelLoadException if it is there but something else
   */
  public Optional<long[]> integers(String key) {
    return value(key, long[].class, "an array of integers");
  }

  /** A load failure about this file. */
  public ModelLoadException wrong(String field, String expected, String found) {
    return new ModelLoadException(name, field, expected, found);
  }

  /** A load failure about a key that is absent. */
  public ModelLoadException missing(String key, String expected) {
    return wrong(key, expected, "nothing");
  }

  private <T> Optional<T> value(String key, Class<T> type, String expected) {
    Object value = metadata.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw wrong(key, expected, describe(value));
    }
    return Optional.of(type.cast(value));
  }

  private static String describe(Object value) {
    return value.getClass().isArray()
        ? "an array of " + value.getClass().getComponentType().getSimpleName()
        : value.getClass().getSimpleName() + " " + value;
  }

  /** Unmaps the file; its tensors can no longer be read. */
  @Override
  public void close() {
    close(arena, channel);
  }
}
