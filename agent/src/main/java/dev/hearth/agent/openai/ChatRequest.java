package dev.hearth.agent.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The part of a chat completion request that matters here; unknown fields are ignored.
 *
 * @param model any name; there is one assistant
 * @param messages the conversation so far, oldest first
 * @param stream whether to answer by server-sent events
 * @param streamOptions with {@code include_usage}
 */
record ChatRequest(
    @Nullable String model,
    @Nullable List<@Nullable Message> messages,
    @Nullable Boolean stream,
    @JsonProperty("stream_options") @Nullable StreamOptions streamOptions) {

  /**
   * One message.
   *
   * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
   * @param content a string, or a list of parts of which those of type {@code text} count
   */
  record Message(@Nullable String role, @Nullable JsonNode content) {
    boolean user() {
      return "user".equals(role);
    }

    /** The words; empty when there are none. */
    String text() {
      JsonNode node = content;
      if (node == null) {
        return "";
      }
      if (node.isString()) {
        return node.stringValue();
      }
      StringBuilder text = new StringBuilder();
      for (JsonNode part : node) {
        if (part.path("text").isString()) {
          text.append(text.isEmpty() ? "" : "\n").append(part.path("text").stringValue());
        }
      }
      return text.toString();
    }

    /** Whether it carries something other than text, such as an image. */
    boolean otherThanText() {
      JsonNode node = content;
      if (node == null || !node.isArray()) {
        return false;
      }
      for (JsonNode part : node) {
        if (!part.path("type").asString("text").equals("text")) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Options of a stream.
   *
   * @param includeUsage whether a last event tells the usage
   */
  record StreamOptions(@JsonProperty("include_usage") @Nullable Boolean includeUsage) {}
}
