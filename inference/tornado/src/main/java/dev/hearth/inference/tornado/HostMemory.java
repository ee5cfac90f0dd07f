package dev.hearth.inference.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * TornadoVM's arrays on memory that takes no room until it is written to, and that is given back
 * while the arrays are still there: what the device has needs no copy on the host. By Linux's
 * {@code mmap}; elsewhere the memory is ordinary and stays. It is unmapped when nothing refers to
 * it.
 */
final class HostMemory {

  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  private static final int READ_AND_WRITE = 3;

  /** Private, anonymous, without room set aside. */
  private static final int LAZY = 0x2 | 0x20 | 0x4000;

  /** At an address that is given, in the place of what is there. */
  private static final int FIXED = 0x10;

  /** To an address that is given; both ranges stay mapped. */
  private static final int PAGES_ONLY = 1 | 2 | 4;

  /** What these functions return when they fail. */
  private static final long FAILED = -1;

  private static final int DONT_NEED = 4;
  private static final int HUGE_PAGE = 14;

  /** Functions of Linux. */
  private static final class C {
    /** {@code void *mmap(void *, size_t, int, int, int, off_t)}. */
    static final MethodHandle MAP =
        handle(
            "mmap",
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG);

    /** {@code int munmap(void *, size_t)}. */
    static final MethodHandle UNMAP =
        handle("munmap", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);

    /** {@code int madvise(void *, size_t, int)}. */
    static final MethodHandle ADVISE =
        handle(
            "madvise",
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT);

    /** {@code void *mremap(void *, size_t, size_t, int, void *)}. */
    static final MethodHandle MOVE =
        handle(
            "mremap",
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS);

    @SuppressWarnings("restricted") // C functions as they are declared
    private static MethodHandle handle(
        String name, MemoryLayout result, MemoryLayout... arguments) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }
  }

  private HostMemory() {}

  static ByteArray bytes(int count) {
    return ByteArray.fromSegmentShallow(allocate(count));
  }

  static ShortArray shorts(int count) {
    return ShortArray.fromSegmentShallow(allocate((long) count * Short.BYTES));
  }

  static IntArray ints(int count) {
    return IntArray.fromSegmentShallow(allocate((long) count * Integer.BYTES));
  }

  static FloatArray floats(int count) {
    return FloatArray.fromSegmentShallow(allocate((long) count * Float.BYTES));
  }

  /**
   * Gives an array's memory back: whoever reads the array from now on finds zeros. Only for one of
   * this class that the device has and that goes there no more.
   */
  static void giveBack(TornadoNativeArray array) {
    advise(array.getSegmentWithHeader(), DONT_NEED);
  }

  /**
   * Moves one array's memory to another of the same size, which saves clearing new pages; the first
   * is as after {@link #giveBack} then. Where the system does not, the second gets new memory.
   */
  static void move(TornadoNativeArray from, TornadoNativeArray to) {
    MemorySegment source = from.getSegmentWithHeader();
    MemorySegment target = to.getSegmentWithHeader();
    if (!LINUX || source.byteSize() != target.byteSize()) {
      return;
    }
    int count = target.get(ValueLayout.JAVA_INT, 0);
    try {
      MemorySegment moved =
          (MemorySegment)
              C.MOVE.invokeExact(source, source.byteSize(), source.byteSize(), PAGES_ONLY, target);
      if (moved.address() == FAILED) {
        // A move that failed half-way may have unmapped the target already.
        var _ = map(target, target.byteSize(), LAZY | FIXED);
      }
    } catch (Throwable e) {
      throw rethrown(e);
    }
    target.set(ValueLayout.JAVA_INT, 0, count);
  }

  /** Zeros for a header and some bytes. */
  @SuppressWarnings("restricted") // the memory is ours
  private static MemorySegment allocate(long dataBytes) {
    long bytes = TornadoNativeArray.ARRAY_HEADER + dataBytes;
    Arena arena = Arena.ofAuto();
    if (!LINUX) {
      return arena.allocate(bytes, Long.BYTES);
    }
    MemorySegment memory = map(MemorySegment.NULL, bytes, LAZY);
    MemorySegment sized = memory.reinterpret(bytes, arena, mapped -> unmap(mapped, bytes));
    advise(sized, HUGE_PAGE);
    return sized;
  }

  private static MemorySegment map(MemorySegment where, long bytes, int flags) {
    MemorySegment memory;
    try {
      memory = (MemorySegment) C.MAP.invokeExact(where, bytes, READ_AND_WRITE, flags, -1, 0L);
    } catch (Throwable e) {
      throw rethrown(e);
    }
    if (memory.address() == FAILED) {
      throw new OutOfMemoryError("no " + bytes + " bytes of native memory");
    }
    return memory;
  }

  /** Advice: where it is not taken, pages stay small, or stay. */
  private static void advise(MemorySegment memory, int advice) {
    if (LINUX) {
      try {
        int ignored = (int) C.ADVISE.invokeExact(memory, memory.byteSize(), advice);
      } catch (Throwable e) {
        throw rethrown(e);
      }
    }
  }

  private static void unmap(MemorySegment memory, long bytes) {
    try {
      int ignored = (int) C.UNMAP.invokeExact(memory, bytes);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Handles of C functions declare any throwable and throw none but errors of ours. */
  private static Error rethrown(Throwable thrown) {
    return thrown instanceof Error error ? error : new AssertionError(thrown);
  }
}
