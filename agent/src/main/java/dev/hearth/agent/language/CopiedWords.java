package dev.hearth.agent.language;

import dev.hearth.inference.chat.ToolDefinition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Properties that hold words of the utterance. A tool's schema marks them with {@value #MARK}; the
 * model is shown the schema without such hints, so that prompts stay the same from request to
 * request, and the grammar gets the utterance of the request.
 */
final class CopiedWords {
  private static final String MARK = "x-copied";

  private CopiedWords() {}

  /** The definition without the hints that only the grammar needs. */
  static ToolDefinition shown(ToolDefinition tool) {
    JsonNode copy = tool.parameters().deepCopy();
    strip(copy);
    return new ToolDefinition(tool.name(), tool.description(), copy);
  }

  /** The definition in which copied properties are substrings of the utterance. */
  static ToolDefinition from(ToolDefinition tool, String utterance) {
    JsonNode copy = tool.parameters().deepCopy();
    fill(copy, utterance);
    return new ToolDefinition(tool.name(), tool.description(), copy);
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(object.propertyNames().stream().filter(n -> n.startsWith("x-")).toList());
    }
    node.forEach(CopiedWords::strip);
  }

  private static void fill(JsonNode node, String utterance) {
    if (node instanceof ObjectNode object && object.path(MARK).booleanValue(false)) {
      object.remove(MARK);
      object.put("x-substring-of", utterance);
    }
    node.forEach(child -> fill(child, utterance));
  }
}
