package dev.hearth.inference.chat;

import java.util.List;

/**
 * One message of a conversation.
 *
 * @param role who wrote it
 * @param content its text, possibly empty
 * @param toolCalls calls made by an assistant message, else empty
 */
public record ChatMessage(Role role, String content, List<ToolCall> toolCalls) {
  /** Copies the list. */
  public ChatMessage {
    toolCalls = List.copyOf(toolCalls);
  }

  /** A message without tool calls. */
  public ChatMessage(Role role, String content) {
    this(role, content, List.of());
  }

  /** Instructions of the application. */
  public static ChatMessage system(String content) {
    return new ChatMessage(Role.SYSTEM, content);
  }

  /** What the person said. */
  public static ChatMessage user(String content) {
    return new ChatMessage(Role.USER, content);
  }

  /** What the model said. */
  public static ChatMessage assistant(String content) {
    return new ChatMessage(Role.ASSISTANT, content);
  }

  /** What a tool answered. */
  public static ChatMessage tool(String content) {
    return new ChatMessage(Role.TOOL, content);
  }
}
