package dev.hearth.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chat templates and conversations for the comparison with jinja2. */
final class ChatTemplates {
  /** The features that Qwen3-style templates add, in a template of our own. */
  static final String THINKING =
      """
      {%- if tools %}
          {{- '<|im_start|>system\\n' }}
          {%- if messages[0].role == 'system' %}
              {{- messages[0].content + '\\n\\n' }}
          {%- endif %}
          {{- "# Tools\\n<tools>" }}
          {%- for tool in tools %}
              {{- "\\n" }}
              {{- tool | tojson }}
          {%- endfor %}
          {{- "\\n</tools><|im_end|>\\n" }}
      {%- endif %}
      {%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
      {%- for message in messages[::-1] %}
          {%- set index = (messages|length - 1) - loop.index0 %}
          {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
              {%- set ns.multi_step_tool = false %}
              {%- set ns.last_query_index = index %}
          {%- endif %}
      {%- endfor %}
      {%- for message in messages %}
          {%- if message.content is string %}
              {%- set content = message.content %}
          {%- else %}
              {%- set content = '' %}
          {%- endif %}
          {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
              {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
          {%- elif message.role == "assistant" %}
              {%- set reasoning_content = '' %}
              {%- if '</think>' in content %}
                  {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                  {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
              {%- endif %}
              {%- if loop.index0 > ns.last_query_index and (loop.last or (not loop.last and reasoning_content)) %}
                  {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
              {%- else %}
                  {{- '<|im_start|>' + message.role + '\\n' + content }}
              {%- endif %}
              {%- if message.tool_calls %}
                  {%- for tool_call in message.tool_calls %}
                      {%- if (loop.first and content) or (not loop.first) %}
                          {{- '\\n' }}
                      {%- endif %}
                      {%- if tool_call.function %}
                          {%- set tool_call = tool_call.function %}
                      {%- endif %}
                      {{- '<tool_call>\\n{"name": "' }}
                      {{- tool_call.name }}
                      {{- '", "arguments": ' }}
                      {%- if tool_call.arguments is string %}
                          {{- tool_call.arguments }}
                      {%- else %}
                          {{- tool_call.arguments | tojson }}
                      {%- endif %}
                      {{- '}\\n</tool_call>' }}
                  {%- endfor %}
              {%- endif %}
              {{- '<|im_end|>\\n' }}
          {%- elif message.role == "tool" %}
              {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}
                  {{- '<|im_start|>user' }}
              {%- endif %}
              {{- '\\n<tool_response>\\n' + content + '\\n</tool_response>' }}
              {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
                  {{- '<|im_end|>\\n' }}
              {%- endif %}
          {%- endif %}
      {%- endfor %}
      {%- if add_generation_prompt %}
          {{- '<|im_start|>assistant\\n' }}
          {%- if enable_thinking is defined and enable_thinking is false %}
              {{- '<think>\\n\\n</think>\\n\\n' }}
          {%- endif %}
      {%- endif %}
      """;

  /** The conversation of the golden rendering. */
  static final String GOLDEN_CONTEXT =
      """
      {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
       "messages": [{"role": "user", "content": "hi"},
         {"role": "assistant", "content": "x", "tool_calls": [
            {"function": {"name": "f", "arguments": {"a": 1}}}, {"function": {"name": "g", "arguments": {}}}]},
         {"role": "tool", "content": "r1"}, {"role": "tool", "content": "r2"}],
       "add_generation_prompt": true}
      """;

  private static final List<String> CONTEXTS =
      List.of(
          GOLDEN_CONTEXT,
          // An empty system prompt with tools; several calls without text; arguments as text.
          "{\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\", \"description\": \"a\\nb\", \"parameters\": {\"type\": \"object\", \"properties\": {}}}}, {\"type\": \"function\", \"function\": {\"name\": \"g\", \"parameters\": {}}}], \"messages\": [{\"role\": \"system\", \"content\": \"\"}, {\"role\": \"user\", \"content\": \"u\"}, {\"role\": \"assistant\", \"content\": \"\", \"tool_calls\": [{\"function\": {\"name\": \"f\", \"arguments\": {\"z\": [1, 2.0, null], \"a\": \"\\u706f \\\"x\\\"\"}}}, {\"function\": {\"name\": \"g\", \"arguments\": {\"n\": {\"m\": true}}}}, {\"name\": \"f\", \"arguments\": {}}]}, {\"role\": \"tool\", \"content\": \"r1\\n\"}, {\"role\": \"tool\", \"content\": \"\"}, {\"role\": \"user\", \"content\": \"next\"}], \"add_generation_prompt\": true, \"enable_thinking\": true}",
          "{\"tools\": [], \"messages\": [{\"role\": \"user\", \"content\": \"u\"}, {\"role\": \"tool\", \"content\": \"r\"}, {\"role\": \"system\", \"content\": \"late\"}, {\"role\": \"assistant\", \"content\": \"a\"}], \"add_generation_prompt\": true}",
          "{\"messages\": [{\"role\": \"user\", \"content\": \"hi \\u4f60\\u597d\"}], \"add_generation_prompt\": true}",
          "{\"messages\": [{\"role\": \"system\", \"content\": \"\"}, {\"role\": \"user\", \"content\": \"  two\\n\\nlines \"}], \"add_generation_prompt\": true, \"enable_thinking\": false}",
          "{\"messages\": [{\"role\": \"system\", \"content\": \"s\"}, {\"role\": \"user\", \"content\": \"u\"}, {\"role\": \"assistant\", \"content\": \"<think>\\nhm\\n</think>\\n\\nyes\"}, {\"role\": \"user\", \"content\": \"v\"}], \"add_generation_prompt\": false}",
          "{\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"set\", \"description\": \"S\\u00e9t \\\"it\\\"\", \"parameters\": {\"type\": \"object\", \"properties\": {\"z\": {\"enum\": [\"\\u5ba2\\u5385\", \"b\"]}, \"a\": {\"type\": \"number\", \"minimum\": 0.5, \"maximum\": 100}}, \"required\": [\"z\"]}}}], \"messages\": [{\"role\": \"system\", \"content\": \"sys\"}, {\"role\": \"user\", \"content\": \"u\"}, {\"role\": \"assistant\", \"content\": \"\", \"tool_calls\": [{\"type\": \"function\", \"function\": {\"name\": \"set\", \"arguments\": {\"z\": \"\\u5ba2\\u5385\", \"a\": 21.5}}}]}, {\"role\": \"tool\", \"content\": \"ok\"}, {\"role\": \"assistant\", \"content\": \"<think>done</think>fin\"}]}");

  private ChatTemplates() {}

  /** The template of MiMo-7B, where the shared data is at hand. */
  static Optional<String> mimo() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("mvnw"))) {
        Path file = folder.resolveSibling("shared/data/mimo-7b/tokenizer_config.json");
        if (Files.exists(file)) {
          try {
            Map<String, ?> config = Json.object(Files.readString(file));
            return Optional.ofNullable((String) config.get("chat_template"));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }
    return Optional.empty();
  }

  static List<Cases.Case> cases() {
    List<Cases.Case> cases = new ArrayList<>();
    for (String context : CONTEXTS) {
      cases.add(new Cases.Case(THINKING, context, true));
      mimo().ifPresent(template -> cases.add(new Cases.Case(template, context, true)));
    }
    return cases;
  }
}
