package dev.hearth.inference.chat;

import dev.hearth.template.Template;
import dev.hearth.template.TemplateException;
import dev.hearth.template.TemplateFunction;
import dev.hearth.template.TemplateOptions;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model's chat template: messages and tools to the text of a prompt. Immutable, thread-safe. */
public final class ChatTemplate {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int MAX_NESTING = 100;

  private final Template template;
  private final TokenizerInfo tokenizer;
  private final SpecialText special;

  private ChatTemplate(Template template, TokenizerInfo tokenizer) {
    this.template = template;
    this.tokenizer = tokenizer;
    this.special = new SpecialText(tokenizer.specialTokens());
  }

  /**
   * Compiles the template of a model.
   *
   * @param source Jinja source, as in {@code tokenizer.chat_template}
   * @param tokenizer special tokens
   * @throws TemplateException when the syntax is wrong
   */
  public static ChatTemplate of(String source, TokenizerInfo tokenizer) {
    return new ChatTemplate(Template.compile(source, TemplateOptions.chat()), tokenizer);
  }

  /** Renders with no further variables; see {@link #render(List, List, boolean, Map)}. */
  public String render(
      List<ChatMessage> messages, List<ToolDefinition> tools, boolean addGenerationPrompt) {
    return render(messages, tools, addGenerationPrompt, Map.of());
  }

  /**
   * Renders a prompt. Inside messages and tools every special token's text is broken by U+FDD0
   * after its first character (U+FDD0 itself is removed first), so that no content can inject a
   * special token; the tokenizer drops U+FDD0 again. Only the marks of thinking stay whole in what
   * the assistant said, because templates look for them.
   *
   * @param messages the conversation, oldest first
   * @param tools tools on offer, possibly none
   * @param addGenerationPrompt whether to open the assistant's turn at the end
   * @param variables further template variables, such as {@code enable_thinking}
   * @throws TemplateException when the template refuses or fails
   */
  public String render(
      List<ChatMessage> messages,
      List<ToolDefinition> tools,
      boolean addGenerationPrompt,
      Map<String, ?> variables) {
    Map<String, @Nullable Object> context = new LinkedHashMap<>(variables);
    context.put("messages", messages.stream().map(this::message).toList());
    if (!tools.isEmpty()) {
      context.put("tools", tools.stream().map(this::tool).toList());
    }
    context.put("add_generation_prompt", addGenerationPrompt);
    context.put("bos_token", tokenizer.bosToken());
    context.put("eos_token", tokenizer.eosToken());
    context.put(
        "raise_exception", (TemplateFunction) arguments -> refuse(arguments.text(0, "message")));
    context.put(
        "strftime_now",
        (TemplateFunction) arguments -> now(arguments.text(0, "format", "%Y-%m-%d")));
    return template.render(context);
  }

  /**
   * Renders the prompt of an assistant's turn without thinking: the template is told {@code
   * enable_thinking} false, and where it does not close the thinking by itself an empty block
   * follows, after which a model answers at once.
   *
   * @param messages the conversation, oldest first
   * @param tools tools on offer, possibly none
   * @throws TemplateException when the template refuses or fails
   */
  public String renderWithoutThinking(List<ChatMessage> messages, List<ToolDefinition> tools) {
    String prompt = render(messages, tools, true, Map.of("enable_thinking", false));
    String end = prompt.stripTrailing();
    if (end.endsWith(ToolCallParser.END_THINK)) {
      return prompt;
    }
    return opensThinking(prompt)
        ? end + "\n\n" + ToolCallParser.END_THINK + "\n\n"
        : prompt + ToolCallParser.THINK + "\n\n" + ToolCallParser.END_THINK + "\n\n";
  }

  /**
   * Whether a prompt ends inside of thinking, as those of models do that always think. The turn
   * then begins with the text of the thinking, not with its mark.
   */
  public static boolean opensThinking(String prompt) {
    return prompt.stripTrailing().endsWith(ToolCallParser.THINK);
  }

  private static Object refuse(String message) {
    throw new TemplateException("the chat template refuses: " + message);
  }

  /** The date and time in the few forms that templates ask for. */
  private static String now(String format) {
    String pattern =
        format
            .replace("%Y", "yyyy")
            .replace("%m", "MM")
            .replace("%d", "dd")
            .replace("%H", "HH")
            .replace("%M", "mm")
            .replace("%B", "MMMM")
            .replace("%b", "MMM")
            .replace("%A", "EEEE");
    if (pattern.contains("%")) {
      throw new TemplateException("strftime_now does not know the format '" + format + "'");
    }
    return LocalDateTime.now(ZoneId.systemDefault())
        .format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
  }

  private Map<String, Object> message(ChatMessage message) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("role", message.role().word());
    boolean assistant = message.role() == Role.ASSISTANT;
    map.put(
        "content",
        assistant
            ? special.brokenButThinking(message.content())
            : special.broken(message.content()));
    if (!message.toolCalls().isEmpty()) {
      map.put("tool_calls", message.toolCalls().stream().map(this::call).toList());
    }
    return map;
  }

  private Map<String, Object> call(ToolCall call) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", special.broken(call.name()));
    function.put("arguments", arguments(call));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("type", "function");
    map.put("id", special.broken(call.id()));
    map.put("function", function);
    return map;
  }

  /** The arguments as a mapping with its key order; text that is no JSON object stays text. */
  private Object arguments(ToolCall call) {
    try {
      JsonNode node = MAPPER.readTree(call.argumentsJson());
      Object value = node.isObject() ? value(node, 0) : null;
      return value == null ? special.broken(call.argumentsJson()) : value;
    } catch (JacksonException e) {
      return special.broken(call.argumentsJson());
    }
  }

  private Map<String, Object> tool(ToolDefinition tool) {
    Map<String, @Nullable Object> function = new LinkedHashMap<>();
    function.put("name", special.broken(tool.name()));
    function.put("description", special.broken(tool.description()));
    function.put("parameters", value(tool.parameters(), 0));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("type", "function");
    map.put("function", function);
    return map;
  }

  private @Nullable Object value(JsonNode node, int depth) {
    if (depth > MAX_NESTING) {
      throw new TemplateException("JSON is nested deeper than " + MAX_NESTING + " levels");
    }
    if (node.isObject()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        if (!entry.getKey().startsWith("x-")) {
          map.put(special.broken(entry.getKey()), value(entry.getValue(), depth + 1));
        }
      }
      return map;
    }
    if (node.isArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      for (JsonNode item : node) {
        list.add(value(item, depth + 1));
      }
      return list;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.asLong();
    }
    if (node.isNumber()) {
      return node.asDouble();
    }
    if (node.isBoolean()) {
      return node.asBoolean();
    }
    return node.isNull() ? null : special.broken(node.asString());
  }
}
