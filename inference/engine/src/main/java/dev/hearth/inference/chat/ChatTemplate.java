package dev.hearth.inference.chat;

import java.util.List;
import java.util.Map;

/** A model's chat template: messages and tools to the text of a prompt. Immutable, thread-safe. */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class ChatTemplate {
  private ChatTemplate() {}

  /**
   * Compiles the template of a model.
   *
   * @param source Jinja source, as in {@code tokenizer.chat_template}
   * @param tokenizer special tokens
   * @throws dev.hearth.template.TemplateException when the syntax is wrong
   */
  public static ChatTemplate of(String source, TokenizerInfo tokenizer) {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Renders with no further variables; see {@link #render(List, List, boolean, Map)}. */
  public String render(
      List<ChatMessage> messages, List<ToolDefinition> tools, boolean addGenerationPrompt) {
    return render(messages, tools, addGenerationPrompt, Map.of());
  }

  /**
   * Renders a prompt. Inside messages and tools every special token's text is broken by U+FDD0
   * after its first character (U+FDD0 itself is removed first), so that no content can inject a
   * special token; the tokenizer drops U+FDD0 again.
   *
   * @param messages the conversation, oldest first
   * @param tools tools on offer, possibly none
   * @param addGenerationPrompt whether to open the assistant's turn at the end
   * @param variables further template variables, such as {@code enable_thinking}
   * @throws dev.hearth.template.TemplateException when the template refuses or fails
   */
  public String render(
      List<ChatMessage> messages,
      List<ToolDefinition> tools,
      boolean addGenerationPrompt,
      Map<String, ?> variables) {
    throw new UnsupportedOperationException("not built yet");
  }
}
