package dev.hearth.agent.conversation;

/**
 * Where a turn's time went.
 *
 * @param totalMs milliseconds from the utterance to the reply
 * @param languageMs milliseconds in the language model
 * @param firstPublishMs milliseconds from the utterance to the first publish; 0 when nothing was
 *     sent
 * @param executeMs milliseconds from the first publish to the last evidence
 * @param promptTokens tokens of the prompt
 * @param cachedTokens of these, found in the KV cache
 * @param prefilledTokens of these, run through the model
 * @param decodedTokens tokens that the model chose
 * @param forcedTokens tokens appended because the grammar left no choice
 * @param modelSteps passes of the model from which a token was chosen
 */
public record TurnTiming(
    double totalMs,
    double languageMs,
    double firstPublishMs,
    double executeMs,
    int promptTokens,
    int cachedTokens,
    int prefilledTokens,
    int decodedTokens,
    int forcedTokens,
    int modelSteps) {}
