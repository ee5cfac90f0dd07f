package dev.hearth.training;

import dev.hearth.agent.language.Family;
import dev.hearth.agent.language.MarkedUtterance;

/**
 * One training example.
 *
 * @param language {@code en} or {@code zh}
 * @param category what accuracy is reported by
 * @param held whether a template of it is held out of training
 * @param utterance what a person says
 * @param marked what the model reads
 * @param calls what the model should answer, in the tool-call syntax of the model
 */
record Sample(
    String language,
    String category,
    boolean held,
    String utterance,
    MarkedUtterance marked,
    String calls) {

  /** The same example with every handle's number raised, so that all handles are learnt. */
  Sample shifted(int by) {
    return new Sample(
        language,
        category,
        held,
        utterance,
        new MarkedUtterance(shift(marked.text(), by), marked.marks()),
        shift(calls, by));
  }

  private static String shift(String text, int by) {
    StringBuilder shifted = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char raised = c;
      for (Family family : Family.values()) {
        char first = family.handle(0).charAt(0);
        if (c >= first && c + by < first + Family.HANDLES) {
          raised = (char) (c + by);
          break;
        }
      }
      shifted.append(raised);
    }
    return shifted.toString();
  }
}
