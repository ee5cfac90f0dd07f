package dev.hearth.template;

import java.util.Map;

/**
 * A compiled template of the Jinja subset that chat templates (Qwen2, Qwen3, MiMo) and Home
 * Assistant's MQTT templates use, rendered in a sandbox: no reflection, no input or output, and
 * bounded steps, output and time. Semantics follow <a
 * href="https://jinja.palletsprojects.com/en/stable/templates/">Jinja 3</a>. Immutable and
 * thread-safe.
 */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class Template {
  private Template() {}

  /**
   * Compiles a template with the options of {@link TemplateOptions#device()}.
   *
   * @throws TemplateException when the syntax is wrong
   */
  public static Template compile(String source) {
    return compile(source, TemplateOptions.device());
  }

  /**
   * Compiles a template.
   *
   * @param source text of the template
   * @param options white-space rules and limits
   * @throws TemplateException when the syntax is wrong
   */
  public static Template compile(String source, TemplateOptions options) {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Renders the template.
   *
   * @param context global variables by name: Map, List, String, Boolean, Integer, Long, Double,
   *     null or {@link TemplateFunction}
   * @return the text
   * @throws TemplateException when an operation fails or a limit is exceeded
   */
  public String render(Map<String, ?> context) {
    throw new UnsupportedOperationException("not built yet");
  }
}
