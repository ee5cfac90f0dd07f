package dev.hearth.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static String device(String source, String context) {
    return Template.compile(source).render(Json.object(context));
  }

  @Test
  void rendersTheGoldenConversationOfMimo() {
    String source = ChatTemplates.mimo().orElse("");
    Assumptions.assumeFalse(source.isEmpty(), "../shared/data/mimo-7b is not at hand");
    String text =
        Template.compile(source, TemplateOptions.chat())
            .render(Json.object(ChatTemplates.GOLDEN_CONTEXT));
    assertThat(text)
        .isEqualTo(
            """
            <|im_start|>system
            You are a helpful assistant.

            # Tools

            You may call one or more functions to assist with the user query.

            You are provided with function signatures within <tools></tools> XML tags:
            <tools>
            {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
            </tools>

            For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
            <tool_call>
            {"name": <function-name>, "arguments": <args-json-object>}
            </tool_call><|im_end|>
            <|im_start|>user
            hi<|im_end|>
            <|im_start|>assistant
            x
            <tool_call>
            {"name": "f", "arguments": {"a": 1}}
            </tool_call>
            <tool_call>
            {"name": "g", "arguments": {}}
            </tool_call><|im_end|>
            <|im_start|>user
            <tool_response>
            r1
            </tool_response>
            <tool_response>
            r2
            </tool_response><|im_end|>
            <|im_start|>assistant
            """);
  }

  @Test
  void everyCaseRendersWithoutTheOracle() {
    for (Cases.Case each : Cases.all()) {
      if (each.source().contains("nope.deeper")) {
        continue;
      }
      TemplateOptions options = each.chat() ? TemplateOptions.chat() : TemplateOptions.device();
      assertThat(Template.compile(each.source(), options).render(Json.object(each.context())))
          .as(each.source())
          .isNotNull();
    }
  }

  @Test
  void rendersDeviceTemplates() {
    String context =
        "{\"value\": \"21.46\", \"value_json\": {\"t\": 21.456, \"on\": true, \"n\": null}}";
    assertThat(device("{{ value_json.t | round(1) }}", context)).isEqualTo("21.5");
    assertThat(device("{{ value | float | round }}", context)).isEqualTo("21");
    assertThat(device("{{ 'ON' if value_json.on else 'OFF' }}", context)).isEqualTo("ON");
    assertThat(device("{{ value_json.x | default(0) }}{{ value_json.n }}", context))
        .isEqualTo("0None");
  }

  @Test
  void javaValuesOfTheContextAreTakenAsPythonWould() {
    Map<String, Object> context = new HashMap<>();
    context.put("i", 3);
    context.put("f", 1.5f);
    context.put("list", List.of(1, 2L, 3.0));
    context.put("map", Map.of(1, "one"));
    context.put("none", null);
    assertThat(
            Template.compile("{{ i }} {{ f }} {{ list }} {{ map[1] }} {{ none }}").render(context))
        .isEqualTo("3 1.5 [1, 2, 3.0] one None");
  }

  @Test
  void functionsOfTheContextAreCalled() {
    TemplateFunction refuse =
        arguments -> {
          throw new TemplateException(arguments.text(0, "message"));
        };
    Template template =
        Template.compile("a\n{% if x %}{{ raise_exception('Roles must alternate') }}{% endif %}b");
    assertThat(template.render(Map.of("raise_exception", refuse, "x", false))).isEqualTo("a\nb");
    assertThatThrownBy(() -> template.render(Map.of("raise_exception", refuse, "x", true)))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("Roles must alternate")
        .hasMessageContaining("line 2");
    TemplateFunction greet = arguments -> "hi " + arguments.get(0, "name", "you");
    assertThat(
            Template.compile("{{ greet() }} {{ greet(name='A') }}").render(Map.of("greet", greet)))
        .isEqualTo("hi you hi A");
  }

  @Test
  void regularExpressionsOfHomeAssistantWork() {
    assertThat(
            device(
                "{{ value | regex_replace('(\\\\d+)\\\\.', '<\\\\1>') }}",
                "{\"value\": \"21.46\"}"))
        .isEqualTo("<21>46");
    assertThat(
            device(
                "{{ value | regex_search('b+') }}{{ value | regex_match('b') }}",
                "{\"value\": \"abb\"}"))
        .isEqualTo("TrueFalse");
    assertThat(device("{{ value | regex_findall_index('[0-9]+', 1) }}", "{\"value\": \"a1b22\"}"))
        .isEqualTo("22");
  }

  @Test
  void numbersThatAreNoneFailInsteadOfBecomingZero() {
    assertThatThrownBy(() -> device("{{ value | int }}", "{\"value\": \"unavailable\"}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("'unavailable'")
        .hasMessageContaining("default");
    assertThatThrownBy(() -> device("{{ value_json.t | float }}", "{\"value_json\": {}}"))
        .hasMessageContaining("'t' is undefined");
  }

  @Test
  void syntaxErrorsNameLineAndColumn() {
    assertThatThrownBy(() -> Template.compile("ok\n  {% if x %}"))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.line()).isEqualTo(2);
              assertThat(e.getMessage()).contains("endif");
            });
    assertThatThrownBy(() -> Template.compile("{{ x | nope }}")).hasMessageContaining("'nope'");
    assertThatThrownBy(() -> Template.compile("{{ x is nope }}")).hasMessageContaining("'nope'");
    assertThatThrownBy(() -> Template.compile("{{ 1 + }}")).hasMessageContaining("column 8");
    assertThatThrownBy(() -> Template.compile("{{ 'abc }}")).hasMessageContaining("never closed");
    assertThatThrownBy(() -> Template.compile("{% include 'x' %}")).hasMessageContaining("include");
    assertThatThrownBy(() -> Template.compile("{{ (1 }}")).isInstanceOf(TemplateException.class);
  }

  @Test
  void valuesOfForeignClassesAreRefused() {
    assertThatThrownBy(() -> Template.compile("{{ x }}").render(Map.of("x", new Object())))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("java.lang.Object");
    assertThat(Template.compile("{{ x.getClass }}{{ x.class }}").render(Map.of("x", "s")))
        .isEmpty();
  }
}
