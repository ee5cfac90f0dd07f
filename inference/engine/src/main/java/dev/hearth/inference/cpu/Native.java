package dev.hearth.inference.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Native memory in one form. The loops of the kernels must only ever see one class of segments and
 * one kind of scope: with mapped and allocated segments in turn, the compiler keeps the checks of
 * both within the loops, and a product takes up to twice as long.
 */
final class Native {

  private static final int LINE = 64;

  private static final Linker LINKER = Linker.nativeLinker();

  /** C's {@code void *calloc(size_t, size_t)} and {@code void free(void *)}. */
  @SuppressWarnings("restricted")
  private static final MethodHandle CALLOC =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("calloc"),
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

  @SuppressWarnings("restricted")
  private static final MethodHandle FREE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("free"),
          FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  /**
   * Linux's {@code int madvise(void *, size_t, int)}, absent elsewhere. Many systems give large
   * pages only where they are asked for.
   */
  @SuppressWarnings("restricted")
  private static final Optional<MethodHandle> MADVISE =
      System.getProperty("os.name").equals("Linux")
          ? LINKER
              .defaultLookup()
              .find("madvise")
              .map(address ->
                  LINKER.downcallHandle(
                      address,
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT,
                          ValueLayout.ADDRESS,
                          ValueLayout.JAVA_LONG,
                          ValueLayout.JAVA_INT)))
          : Optional.empty();

  private static final int MADV_HUGEPAGE = 14;
  private static final long PAGE = 4096;

  private Native() {}

  /**
   * Zeroed memory that begins at a line of the cache and lives as long as an arena. Unlike the
   * arena's own it is not written to: the system gives zeroed pages when they are first used, by
   * the thread that uses them.
   *
   * @throws OutOfMemoryError if there is no such memory
   */
  @SuppressWarnings("restricted") // the memory is ours
  static MemorySegment allocate(long bytes, Arena arena) {
    try {
      MemorySegment memory = (MemorySegment) CALLOC.invokeExact(1L, bytes + LINE);
      if (memory.address() == 0) {
        throw new OutOfMemoryError("no " + bytes + " bytes of native memory");
      }
      advise(memory, bytes);
      long skipped = -memory.address() & (LINE - 1);
      return memory.reinterpret(bytes + LINE, arena, Native::free).asSlice(skipped, bytes);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Asks for large pages: fewer faults while memory is first written, fewer misses later. */
  private static void advise(MemorySegment memory, long bytes) throws Throwable {
    long skipped = -memory.address() & (PAGE - 1);
    if (MADVISE.isPresent() && bytes > skipped) {
      // Advice: when it is not taken, pages stay small.
      int ignored =
          (int)
              MADVISE
                  .get()
                  .invokeExact(
                      MemorySegment.ofAddress(memory.address() + skipped),
                      bytes - skipped,
                      MADV_HUGEPAGE);
    }
  }

  private static void free(MemorySegment memory) {
    try {
      FREE.invokeExact(memory);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Handles of C functions declare any throwable and throw none but errors of ours. */
  private static Error rethrown(Throwable thrown) {
    return thrown instanceof Error error ? error : new AssertionError(thrown);
  }

  /**
   * The same memory without a scope of its own. Whoever uses it sees to it that the memory is still
   * there.
   */
  @SuppressWarnings("restricted") // makes no memory accessible that was not
  static MemorySegment of(MemorySegment segment) {
    return segment.isNative()
        ? MemorySegment.ofAddress(segment.address()).reinterpret(segment.byteSize())
        : segment;
  }
}
