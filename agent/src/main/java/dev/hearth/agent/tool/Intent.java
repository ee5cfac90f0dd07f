package dev.hearth.agent.tool;

import org.jspecify.annotations.Nullable;

/** What a tool call means, before its selector is resolved. */
public sealed interface Intent {
  /**
   * To turn on, off, open and the like.
   *
   * @param deed one of {@link HomeTools#DEEDS}
   * @param selector which things
   */
  record Control(String deed, Selector selector) implements Intent {}

  /**
   * To set a value. Exactly one of word, number and difference is there.
   *
   * @param setting one of {@link HomeTools#SETTINGS}
   * @param word the value as a word, such as {@code red}
   * @param number the value as a number
   * @param difference the change of the value
   * @param selector which things
   */
  record Adjust(
      String setting,
      @Nullable String word,
      @Nullable Double number,
      @Nullable Double difference,
      Selector selector)
      implements Intent {}

  /**
   * To ask for a state.
   *
   * @param question one of {@link HomeTools#QUESTIONS}
   * @param selector which things
   */
  record Ask(String question, Selector selector) implements Intent {}

  /**
   * Nothing to do here.
   *
   * @param reason one of {@link HomeTools#REASONS}
   */
  record Decline(String reason) implements Intent {}
}
