package dev.hearth.inference.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Native memory in one form. The loops of the kernels must only ever see one class of segments and
 * one kind of scope: with mapped and allocated segments in turn, the compiler keeps the checks of
 * both within the loops, and a product takes up to twice as long.
 */
final class Native {

  private Native() {}

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
