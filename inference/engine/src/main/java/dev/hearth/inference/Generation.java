package dev.hearth.inference;

/**
 * The result of one request.
 *
 * @param tokens the generated tokens, forced ones included, the stop token not
 * @param text their text, without control tokens
 * @param reason why it ended
 * @param timings counts and times
 */
@SuppressWarnings("ArrayRecordComponent") // a value handed to one caller, never compared
public record Generation(int[] tokens, String text, FinishReason reason, Timings timings) {}
