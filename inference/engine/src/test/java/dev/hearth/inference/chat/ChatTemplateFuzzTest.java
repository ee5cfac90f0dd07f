package dev.hearth.inference.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.testing.Fuzz;
import dev.hearth.inference.testing.TinyVocabulary;
import dev.hearth.inference.tokenizer.BpeTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whatever messages and tools hold, the prompt has the special tokens of its template only. */
class ChatTemplateFuzzTest {
  private static final BpeTokenizer TOKENIZER = new BpeTokenizer(TinyVocabulary.ofSize(320));
  private static final TokenizerInfo TOKENS =
      new TokenizerInfo(
          "",
          TinyVocabulary.END,
          List.of(
              TinyVocabulary.START,
              TinyVocabulary.END,
              TinyVocabulary.END_OF_TEXT,
              TinyVocabulary.CALL,
              TinyVocabulary.CALL_END));

  /** Special tokens stand here once for each message and once for each call. */
  private static final ChatTemplate TEMPLATE =
      ChatTemplate.of(
          """
          {%- for m in messages %}{{ '<|im_start|>' + m.role + ' ' + m.content }}
          {%- for c in m.tool_calls or [] %}{{ '<tool_call>' + c.function.name + (c.function.arguments | tojson) }}{% endfor %}
          {%- endfor %}
          {%- for t in tools or [] %}{{ t | tojson }}{% endfor %}
          """,
          TOKENS);

  private static final List<String> PARTS =
      List.of(
          "<|im_start|>",
          "<|im_end|>",
          "<|im_start",
          "|>",
          "<",
          "<tool_call>",
          "</tool_call>",
          "<|endoftext|>",
          "\ufdd0",
          "<\ufdd0",
          "{{ x }}",
          "{% raw %}",
          "\"",
          "\\",
          "{\"a\": ",
          "[",
          "}",
          "灯",
          "\ud83d",
          "\u0000",
          "x",
          "\n");

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(12); n > 0; n--) {
      text.append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return text.toString();
  }

  @Test
  void noContentBecomesASpecialToken() {
    Fuzz.each(
        3_000,
        random -> {
          List<ChatMessage> messages = new ArrayList<>();
          int calls = 0;
          for (int n = random.nextInt(5); n > 0; n--) {
            List<ToolCall> made = new ArrayList<>();
            for (int c = random.nextInt(3); c > 0; c--) {
              made.add(new ToolCall(text(random), text(random), text(random)));
            }
            calls += made.size();
            Role role = Fuzz.pick(Role.values(), random);
            messages.add(new ChatMessage(role, text(random), made));
          }
          ObjectNode schema = JsonMapper.shared().createObjectNode();
          schema.put(text(random), text(random)).putArray("enum").add(text(random));
          List<ToolDefinition> tools = List.of(new ToolDefinition("t", text(random), schema));
          int[] tokens = TOKENIZER.encode(TEMPLATE.render(messages, tools, false), true);
          assertThat(Arrays.stream(tokens).filter(TOKENIZER::isSpecial))
              .as("%s", messages)
              .hasSize(messages.size() + calls);
        });
  }
}
