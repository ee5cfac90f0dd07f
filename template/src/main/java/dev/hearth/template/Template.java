package dev.hearth.template;

import java.util.List;
import java.util.Map;

/**
 * A compiled template of the Jinja subset that chat templates (Qwen2, Qwen3, MiMo) and Home
 * Assistant's MQTT templates use, rendered in a sandbox: no reflection, no input or output, and
 * bounded steps, output and time. Semantics follow <a
 * href="https://jinja.palletsprojects.com/en/stable/templates/">Jinja 3</a>. Immutable and
 * thread-safe.
 */
public final class Template {
  private static final int MAX_SOURCE = 1 << 20;

  private final List<Statement> body;
  private final TemplateOptions options;

  private Template(List<Statement> body, TemplateOptions options) {
    this.body = body;
    this.options = options;
  }

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
    if (source.length() > MAX_SOURCE) {
      throw new TemplateException(
          "a template of %d characters exceeds the limit of %d"
              .formatted(source.length(), MAX_SOURCE));
    }
    try {
      return new Template(Parser.parse(Lexer.tokens(source, options)), options);
    } catch (StackOverflowError e) {
      throw new TemplateException("the template is nested too deeply for this thread's stack");
    }
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
    try {
      return new Rendering(options, context).run(body);
    } catch (StackOverflowError e) {
      throw new TemplateException("rendering is nested too deeply for this thread's stack");
    }
  }
}
