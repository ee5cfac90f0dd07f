package dev.hearth.inference;

/**
 * What a generation did and how long it took. Times are in nanoseconds.
 *
 * @param promptTokens length of the prompt
 * @param cachedTokens prompt tokens whose keys and values were reused from an earlier request
 * @param prefilledTokens prompt tokens that were run through the model
 * @param decodedTokens tokens that the model chose
 * @param forcedTokens tokens appended because the grammar left no choice
 * @param draftedTokens tokens that were guessed and checked by the model
 * @param acceptedTokens those of them that were right: each saved a model step
 * @param modelSteps passes of the whole model from which a token was chosen
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
    int draftedTokens,
    int acceptedTokens,
    int modelSteps,
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
