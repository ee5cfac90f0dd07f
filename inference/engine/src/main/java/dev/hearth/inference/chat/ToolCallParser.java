package dev.hearth.inference.chat;

import java.util.List;

/**
 * Reads a turn of the model piece by piece and tells text, thinking and tool calls apart. Any
 * chunking gives the same result but for the cuts between text events. Not thread-safe.
 */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class ToolCallParser {
  /** What was read. */
  public sealed interface Event {
    /** Text for the person. */
    record Text(String text) implements Event {}

    /** Text between {@code <think>} and {@code </think>}. */
    record Thinking(String text) implements Event {}

    /** A complete tool call. */
    record Call(ToolCall call) implements Event {}
  }

  /**
   * Creates a parser for one turn.
   *
   * @param syntax how the model writes calls
   */
  public ToolCallParser(ToolCallSyntax syntax) {}

  /**
   * Takes the next piece of text.
   *
   * @return events that are certain now, possibly none
   */
  public List<Event> accept(String piece) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Ends the turn: an unclosed call whose JSON is complete is given, what cannot be read as a call
   * is given as text.
   */
  public List<Event> finish() {
    throw new UnsupportedOperationException("not built yet");
  }
}
