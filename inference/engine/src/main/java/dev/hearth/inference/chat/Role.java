package dev.hearth.inference.chat;

import java.util.Locale;

/** Who wrote a message. */
public enum Role {
  /** Instructions of the application. */
  SYSTEM,
  /** The person. */
  USER,
  /** The language model. */
  ASSISTANT,
  /** The result of a tool call. */
  TOOL;

  /**
   * The word that chat templates use: {@code system}, {@code user}, {@code assistant}, {@code
   * tool}.
   */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
