package dev.hearth.inference.gguf;

import dev.hearth.inference.ModelFailedException;
import java.util.function.Supplier;

/**
 * Reads of a mapped file. When a file gets shorter while it is mapped, a read behind its new end is
 * a fault that the virtual machine throws as an {@link InternalError}; here it becomes an error
 * that says what happened.
 *
 * <p>This holds for reads by {@code MemorySegment.get} and {@code copy}. A compiled method whose
 * only reads are loads of vectors ends the whole process instead (HotSpot asks whether the method
 * has "unsafe accesses", and those loads do not count): such a method must read one value with
 * {@code get} too, which may stand before its loop.
 *
 * <p>A deleted file stays readable on Linux until it is unmapped.
 */
public final class MappedReads {

  private MappedReads() {}

  /**
   * Runs what reads a mapped file.
   *
   * @param file the file, for the message
   * @param reads reads of it; in this thread, or rethrown in it
   * @throws ModelFailedException if the file is no longer as long as it was when it was mapped
   */
  public static <T> T of(String file, Supplier<T> reads) {
    try {
      return reads.get();
    } catch (InternalError e) {
      if (!isFault(e)) {
        throw e;
      }
      throw new ModelFailedException(
          file,
          "the file became shorter while it was in use, or its disk fails; restore it and load the"
              + " model again (replace a model by renaming a new file, never by writing into it)",
          e);
    }
  }

  /** Whether an error is a fault of reading memory, in HotSpot's words. */
  private static boolean isFault(InternalError error) {
    String message = error.getMessage();
    return message != null && message.contains("unsafe memory access");
  }
}
