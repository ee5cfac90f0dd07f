package dev.hearth.agent.language;

import dev.hearth.inference.chat.ToolCallParser;
import dev.hearth.inference.chat.ToolCallSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.ai.chat.messages.AssistantMessage;

/**
 * Reads a model's answer piece by piece: its text goes to a listener, what it thinks is left out,
 * and tool calls that it writes among the text are collected. Not thread-safe.
 */
final class AnswerReader {
  private final Consumer<String> text;
  private final ToolCallParser parser;
  private final List<AssistantMessage.ToolCall> calls = new ArrayList<>();

  /**
   * A reader for one answer.
   *
   * @param syntax how the model writes calls
   * @param thinking whether it begins inside of thinking
   * @param text gets pieces of text
   */
  AnswerReader(ToolCallSyntax syntax, boolean thinking, Consumer<String> text) {
    this.text = text;
    parser = new ToolCallParser(syntax, thinking);
  }

  void accept(String piece) {
    parser.accept(piece).forEach(this::take);
  }

  /** Takes what was held back; to be called once, at the end. */
  List<AssistantMessage.ToolCall> finish() {
    parser.finish().forEach(this::take);
    return calls;
  }

  private void take(ToolCallParser.Event event) {
    switch (event) {
      case ToolCallParser.Event.Text t -> text.accept(t.text());
      case ToolCallParser.Event.Thinking _ -> {
        // Thinking is not part of the answer.
      }
      case ToolCallParser.Event.Call c ->
          calls.add(call(c.call().id(), c.call().name(), c.call().argumentsJson()));
    }
  }

  /** A call of a function, with an id of its own if it has none. */
  static AssistantMessage.ToolCall call(String id, String name, String arguments) {
    return new AssistantMessage.ToolCall(
        id.isEmpty() ? UUID.randomUUID().toString() : id, "function", name, arguments);
  }
}
