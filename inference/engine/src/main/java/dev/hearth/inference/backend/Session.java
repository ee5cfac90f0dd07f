package dev.hearth.inference.backend;

import java.util.List;

/**
 * A prepared plan with its activation buffers. Passes are for one thread at a time; sequences of a
 * session share its buffers, each has its own KV cache.
 */
public interface Session extends AutoCloseable {

  /** An empty sequence; memory for its KV cache is taken as it grows. */
  Sequence newSequence();

  /**
   * Runs tokens of one or several sequences, each behind its present position, and appends them to
   * their KV caches. One token of one sequence is a decode step, many are a prefill, one each of
   * several sequences a batched decode step.
   *
   * @param slices of different sequences
   * @return the session's own buffer of logits, valid until the next pass: rows of vocabulary width
   *     in the order of the slices and of their tokens, of which only what is {@link Wanted} counts
   * @throws IllegalArgumentException if there are no tokens, more than {@link #maxRows} or an id
   *     outside the vocabulary
   * @throws IllegalStateException if a sequence would outgrow its capacity
   */
  float[] forward(List<Slice> slices);

  /** Whether there is a next-token layer to draft with. */
  boolean drafts();

  /**
   * Runs the next-token (multi-token-prediction) layer over what {@link #forward} has left for it:
   * from each sequence's {@link Sequence#drafted()} on, the hidden state of a position and the
   * token that follows it.
   *
   * @param slices {@code to} is the position after the last token that follows: at most one beyond
   *     the sequence's position
   * @return as {@link #forward}: the logits of a row guess the token after the one that was read
   * @throws IllegalStateException if the session does not {@link #drafts()}
   */
  float[] draft(List<Slice> slices);

  /** Most tokens of one pass. */
  int maxRows();

  /**
   * How many tokens one pass may have until it takes markedly longer than one of a single token: 1
   * when each counts, more when reading the weights is what takes the time.
   */
  int cheapRows();

  /** Tokens of a page of the KV cache. */
  int pageTokens();

  /** Size of a page of all layers, and of its saved form. */
  long pageBytes();

  /** Pages that can be held at once; all there may be where memory is taken as it is needed. */
  default int mostPages() {
    return Integer.MAX_VALUE;
  }

  /**
   * A page with undefined contents and one holder. Safe for several threads.
   *
   * @throws IllegalStateException if {@link #mostPages} are held
   */
  KvPage newPage();

  /** Releases threads and buffers; sequences and pages end with it. */
  @Override
  void close();
}
