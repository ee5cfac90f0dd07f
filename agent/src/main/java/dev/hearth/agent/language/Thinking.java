package dev.hearth.agent.language;

import java.util.regex.Pattern;

/**
 * How many tokens a model may think before it answers; 0 is not at all. Thinking costs as much time
 * as writing, which somebody who waits for the light does not want to spend.
 *
 * @param commands most tokens before what is not plainly a question
 * @param questions most tokens before questions, and where no tools are on offer
 */
record Thinking(int commands, int questions) {
  /** More than any context leaves room for. */
  static final int MOST = 32_768;

  static final Thinking OFF = new Thinking(0, 0);

  private static final Pattern QUESTION = Pattern.compile("(?s).*([?？]|[吗呢][。.!！]?)\\s*");

  /**
   * Tokens for one request.
   *
   * @param utterance what was said
   * @param tools whether tools are on offer
   */
  int limit(String utterance, boolean tools) {
    return tools && !QUESTION.matcher(utterance).matches() ? commands : questions;
  }
}
