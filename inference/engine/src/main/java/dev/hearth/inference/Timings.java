package dev.hearth.inference;

/**
 * What a generation did and how long it took. Times are in nanoseconds.
 *
 * @param promptTokens length of the prompt
 * @param cachedTokens prompt tokens whose keys and values were reused from an earlier request
 * @param prefilledTokens prompt tokens that were run through the model
 * @param decodedTokens model steps whose token was chosen
 * @param forcedTokens tokens appended because the grammar left no choice
 * @param queueNanos waiting for other requests
 * @param prefillNanos running the prompt
 * @param decodeNanos running and sampling the chosen tokens
 * @param forcedNanos running the forced tokens
 * @param grammarNanos computing masks and forced text
 */
public record Timings(
    int promptTokens,
    int cachedTokens,
    int prefilledTokens,
    int decodedTokens,
    int forcedTokens,
    long queueNanos,
    long prefillNanos,
    long decodeNanos,
    long forcedNanos,
    long grammarNanos) {

  /** Time spent on the request without the wait in the queue. */
  public long busyNanos() {
    return prefillNanos + decodeNanos + forcedNanos + grammarNanos;
  }
}
