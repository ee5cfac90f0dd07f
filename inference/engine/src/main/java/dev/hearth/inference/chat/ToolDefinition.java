package dev.hearth.inference.chat;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A tool that the model may call.
 *
 * @param name 1 to 64 letters, digits, {@code _}, {@code -} or {@code .}
 * @param description what the tool does, for the model
 * @param parameters JSON schema of the arguments, an object
 */
public record ToolDefinition(String name, String description, JsonNode parameters) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** Checks name and schema. */
  public ToolDefinition {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "tool name '%s' must be 1 to 64 letters, digits, '_', '-' or '.'".formatted(name));
    }
    if (!parameters.isObject()) {
      throw new IllegalArgumentException(
          "parameters of tool '%s' must be a JSON schema object, found %s"
              .formatted(name, parameters.getNodeType()));
    }
  }
}
