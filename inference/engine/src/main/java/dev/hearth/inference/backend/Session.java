package dev.hearth.inference.backend;

/**
 * A prepared plan with its activation buffers. For one thread at a time; sequences of a session
 * share its buffers, each has its own KV cache.
 */
public interface Session extends AutoCloseable {

  /** Which tokens' logits are wanted. */
  enum Logits {
    /** None: only the KV cache is filled. */
    NONE,
    /** The last token's. */
    LAST,
    /** Every token's. */
    ALL
  }

  /** An empty sequence; memory for its KV cache is taken as it grows. */
  Sequence newSequence();

  /**
   * Runs tokens {@code from} to {@code to} (exclusive) after the sequence's present position and
   * appends them to its KV cache. With one token this is a decode step, with more a prefill.
   *
   * @return the session's own buffer of logits, one row of vocabulary width per wanted token, valid
   *     until the next call
   * @throws IllegalArgumentException if there are no tokens, more than {@link #maxRows} or an id
   *     outside the vocabulary
   * @throws IllegalStateException if the sequence would outgrow its capacity
   */
  float[] forward(Sequence sequence, int[] tokens, int from, int to, Logits wanted);

  /** Most tokens of one {@link #forward}. */
  int maxRows();

  /** Releases threads and buffers. */
  @Override
  void close();
}
