package dev.hearth.inference.gguf;

import dev.hearth.inference.ModelFailedException;
import dev.hearth.inference.ModelLoadException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * An open GGUF file (version 2 or 3, little-endian): metadata in memory, tensors mapped.
 *
 * <p>Format: {@code docs/gguf.md} of ggml. Everything the file claims is checked against its size
 * before memory is taken, so a damaged file ends in a {@link ModelLoadException} and nothing else.
 */
public final class GgufFile implements AutoCloseable {

  private final String name;
  private final long size;
  private final int version;
  private final Map<String, Object> metadata;
  private final Map<String, GgufTensor> tensors;
  private final Arena arena;

  GgufFile(
      String name,
      long size,
      int version,
      Map<String, Object> metadata,
      Map<String, GgufTensor> tensors,
      Arena arena) {
    this.name = name;
    this.size = size;
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
  @SuppressWarnings("MustBeClosedChecker") // the file owns the arena
  public static GgufFile open(Path path) {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      GgufFile file =
          MappedReads.of(
              path.toString(), () -> new GgufParser(path.toString(), bytes, arena).parse());
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
        arena.close();
      }
    }
  }

  /** Path of the file, for messages. */
  public String name() {
    return name;
  }

  /** Bytes of the file. */
  public long size() {
    return size;
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
    arena.close();
  }
}
