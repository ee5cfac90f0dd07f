package dev.hearth.inference.chat;

/**
 * The model's request to run a tool.
 *
 * @param id identifies the call within a conversation; may be empty
 * @param name name of the tool
 * @param argumentsJson arguments as the text of a JSON object
 */
public record ToolCall(String id, String name, String argumentsJson) {}
