package dev.hearth.inference.backend;

import java.lang.foreign.MemorySegment;

/**
 * Keys and values of {@link Session#pageTokens()} consecutive tokens in all layers. Holders count
 * themselves; the memory of a page that nobody holds goes back to its session. A page with several
 * holders is not written to: a sequence that goes on within one takes a copy first.
 */
public interface KvPage {

  /** One holder more. Safe for several threads. */
  void retain();

  /** One holder less. Safe for several threads. */
  void release();

  /**
   * Copies the contents out, in the session's own form.
   *
   * @param target {@link Session#pageBytes()} long
   */
  void save(MemorySegment target);

  /**
   * Takes contents that a session of an equal plan and KV type has saved.
   *
   * @param source {@link Session#pageBytes()} long
   */
  void restore(MemorySegment source);
}
