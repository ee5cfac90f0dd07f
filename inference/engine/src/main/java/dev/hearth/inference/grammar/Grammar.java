package dev.hearth.inference.grammar;

import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.chat.ToolDefinition;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The turns that a model may write, as a byte automaton whose states and token masks are built when
 * first needed. Whatever is chosen within the masks, the turn parses and can be completed.
 * Thread-safe; one grammar serves many turns.
 */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class Grammar {
  private Grammar() {}

  /**
   * Turns with tool calls.
   *
   * @param tools tools on offer
   * @param syntax how calls are written
   * @param choice whether calls or text are wanted
   * @param maxCalls most calls of one turn, at least 1
   * @param vocabulary tokens of the model
   * @throws IllegalArgumentException when a schema uses what is not supported or nothing can match
   */
  public static Grammar forTools(
      List<ToolDefinition> tools,
      ToolCallSyntax syntax,
      ToolChoice choice,
      int maxCalls,
      TokenVocabulary vocabulary) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Turns that are one JSON value.
   *
   * @param schema JSON schema of the value
   * @param compactJson {@code {"a":1}} or {@code {"a": 1}}
   * @param vocabulary tokens of the model
   * @throws IllegalArgumentException when the schema uses what is not supported or nothing can
   *     match
   */
  public static Grammar forSchema(
      JsonNode schema, boolean compactJson, TokenVocabulary vocabulary) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** State at the start of a turn. */
  public GrammarState start() {
    throw new UnsupportedOperationException("not built yet");
  }
}
