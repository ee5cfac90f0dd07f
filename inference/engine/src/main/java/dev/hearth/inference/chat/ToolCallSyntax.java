package dev.hearth.inference.chat;

import java.util.Optional;
import java.util.function.Function;

/**
 * How a model writes a tool call: {@code open} name {@code middle} arguments {@code close}, several
 * calls joined by {@code separator}.
 *
 * @param open text before the name
 * @param middle text between name and arguments
 * @param close text after the arguments
 * @param separator text between two calls
 * @param compactJson whether arguments are written without blanks ({@code {"a":1}}) or as Python
 *     writes them ({@code {"a": 1}})
 */
public record ToolCallSyntax(
    String open, String middle, String close, String separator, boolean compactJson) {

  /** The form of Hermes, Qwen2.5 and MiMo-7B. */
  public static final ToolCallSyntax HERMES =
      new ToolCallSyntax(
          "<tool_call>\n{\"name\": \"", "\", \"arguments\": ", "}\n</tool_call>", "\n", false);

  /**
   * Checks that open, middle and close are not empty: without them a call could not be told from
   * text.
   */
  public ToolCallSyntax {
    if (open.isEmpty() || middle.isEmpty() || close.isEmpty()) {
      throw new IllegalArgumentException(
          "tool call syntax needs text before the name, between name and arguments and after them;"
              + " found open='%s', middle='%s', close='%s'".formatted(open, middle, close));
    }
  }

  /**
   * Reads the syntax from model metadata: {@code hearth.tool_call.open}, {@code .middle}, {@code
   * .close}, {@code .separator} and {@code .compact} ("true" or "false"); what is missing is as in
   * {@link #HERMES}.
   *
   * @param metadata looks up a string of the model file
   */
  public static ToolCallSyntax from(Function<String, Optional<String>> metadata) {
    return new ToolCallSyntax(
        metadata.apply("hearth.tool_call.open").orElse(HERMES.open),
        metadata.apply("hearth.tool_call.middle").orElse(HERMES.middle),
        metadata.apply("hearth.tool_call.close").orElse(HERMES.close),
        metadata.apply("hearth.tool_call.separator").orElse(HERMES.separator),
        metadata
            .apply("hearth.tool_call.compact")
            .map(Boolean::parseBoolean)
            .orElse(HERMES.compactJson));
  }
}
