package dev.hearth.agent.tool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads tool calls into intents. Strict: what the schemas do not allow is an error. */
public final class IntentParser {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_WORDS = 200;

  private IntentParser() {}

  /**
   * Reads one call.
   *
   * @param name the tool's name
   * @param arguments its arguments, a JSON object
   * @throws InvalidToolCallException the call breaks its schema; says which member and why
   */
  public static Intent parse(String name, String arguments) {
    JsonNode json;
    try {
      json = JSON.readTree(arguments);
    } catch (JacksonException e) {
      throw new InvalidToolCallException(
          "arguments of " + name + " are no JSON: " + e.getOriginalMessage());
    }
    if (!json.isObject()) {
      throw new InvalidToolCallException("arguments of " + name + " must be a JSON object");
    }
    return switch (name) {
      case HomeTools.CONTROL ->
          new Intent.Control(word(json, "do", HomeTools.DEEDS), selector(json));
      case HomeTools.ADJUST -> adjust(json);
      case HomeTools.ASK -> new Intent.Ask(word(json, "what", HomeTools.QUESTIONS), selector(json));
      case HomeTools.DECLINE -> new Intent.Decline(word(json, "why", HomeTools.REASONS));
      default ->
          throw new InvalidToolCallException(
              "there is no tool '" + name + "'; use control, adjust, ask or decline");
    };
  }

  private static Intent adjust(JsonNode json) {
    String setting = word(json, "what", HomeTools.SETTINGS);
    JsonNode to = json.path("to");
    JsonNode by = json.path("by");
    if (to.isMissingNode() == by.isMissingNode()) {
      throw new InvalidToolCallException("adjust needs either 'to' or 'by'");
    }
    return new Intent.Adjust(
        setting,
        to.isString() ? to.stringValue() : null,
        to.isMissingNode() || to.isString() ? null : number(to, "to"),
        by.isMissingNode() ? null : number(by, "by"),
        selector(json));
  }

  private static @Nullable Double number(JsonNode node, String member) {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw new InvalidToolCallException("'" + member + "' must be a number, not " + node);
    }
    return node.doubleValue();
  }

  private static Selector selector(JsonNode json) {
    JsonNode kind = json.path("kind");
    return new Selector(
        words(json, "name"),
        kind.isMissingNode() ? "" : word(json, "kind", HomeTools.KINDS),
        words(json, "in"),
        json.path("which").stringValue("").equals("all"),
        words(json, "except"),
        json.path("unknown").stringValue(""));
  }

  private static String word(JsonNode json, String member, List<String> allowed) {
    String value = json.path(member).stringValue("");
    if (!allowed.contains(value)) {
      throw new InvalidToolCallException(
          "'" + member + "' is '" + value + "'; it must be one of " + String.join(", ", allowed));
    }
    return value;
  }

  private static List<String> words(JsonNode json, String member) {
    JsonNode node = json.path(member);
    if (node.isMissingNode()) {
      return List.of();
    }
    if (!node.isArray() || node.size() > MAX_WORDS) {
      throw new InvalidToolCallException(
          "'" + member + "' must be a list of at most " + MAX_WORDS + " words");
    }
    List<String> words = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isString()) {
        throw new InvalidToolCallException("'" + member + "' must be a list of words");
      }
      words.add(element.stringValue());
    }
    return words;
  }
}
