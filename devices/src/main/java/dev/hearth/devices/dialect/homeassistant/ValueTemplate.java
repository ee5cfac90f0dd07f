package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.template.Template;
import dev.hearth.template.TemplateException;
import dev.hearth.template.TemplateOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A template of a device, for payloads in either direction. The commonest shape by far, a path into
 * {@code value_json}, is walked without the template engine.
 */
final class ValueTemplate {
  private static final int MAX_SOURCE = 8_192;
  private static final TemplateOptions LIMITS =
      new TemplateOptions(false, false, 20_000, 1 << 16, Duration.ofMillis(250));
  private static final Pattern PATH =
      Pattern.compile(
          "\\s*\\{\\{-?\\s*value_json((?:\\.[A-Za-z_]\\w*|\\[(?:'[^'\\\\]*'|\"[^\"\\\\]*\")])+)"
              + "\\s*-?}}\\s*");
  private static final Pattern STEP = Pattern.compile("\\.(\\w+)|\\['([^']*)']|\\[\"([^\"]*)\"]");

  /** Names that are methods of Python's dict: the engine decides what they mean. */
  private static final List<String> METHODS =
      List.of("items", "keys", "values", "get", "pop", "update", "copy", "clear");

  private final @Nullable Template template;
  private final @Nullable List<String> path;

  private ValueTemplate(@Nullable Template template, @Nullable List<String> path) {
    this.template = template;
    this.path = path;
  }

  /** Takes the payload as it is. */
  static final ValueTemplate NONE = new ValueTemplate(null, null);

  static ValueTemplate compile(String key, @Nullable String source) throws DiscoveryException {
    if (source == null || source.isEmpty()) {
      return NONE;
    }
    if (source.length() > MAX_SOURCE) {
      throw new DiscoveryException(
          key + " has " + source.length() + " characters; at most " + MAX_SOURCE + " are taken");
    }
    try {
      return new ValueTemplate(Template.compile(source, LIMITS), path(source));
    } catch (TemplateException e) {
      throw new DiscoveryException(
          key + " is not a template that Hearth understands (" + e.getMessage() + "): " + source);
    }
  }

  private static @Nullable List<String> path(String source) {
    Matcher whole = PATH.matcher(source);
    if (!whole.matches()) {
      return null;
    }
    List<String> path = new ArrayList<>();
    Matcher step = STEP.matcher(whole.group(1));
    while (step.find()) {
      for (int group = 1; group <= 3; group++) {
        String name = step.group(group);
        if (name != null) {
          if (group == 1 && METHODS.contains(name)) {
            return null;
          }
          path.add(name);
        }
      }
    }
    return path;
  }

  /** Whether there is a template at all. */
  boolean present() {
    return template != null;
  }

  /**
   * What a message says.
   *
   * @throws TemplateException when the template fails on this message
   */
  String read(Payload payload) {
    if (template == null) {
      return payload.text().strip();
    }
    if (path != null) {
      String quick = walk(payload.json(), path);
      if (quick != null) {
        return quick.strip();
      }
    }
    Map<String, @Nullable Object> context = new HashMap<>();
    context.put("value", payload.text());
    Object json = payload.json();
    if (json != null) {
      context.put("value_json", json);
    }
    return template.render(context).strip();
  }

  private static @Nullable String walk(@Nullable Object value, List<String> path) {
    Object at = value;
    for (String name : path) {
      if (!(at instanceof Map<?, ?> map) || !map.containsKey(name)) {
        return null;
      }
      at = map.get(name);
    }
    return switch (at) {
      case null -> "None";
      case String s -> s;
      case Boolean b -> b ? "True" : "False";
      case Integer i -> i.toString();
      case Long l -> l.toString();
      default -> null;
    };
  }

  /**
   * A payload for a command.
   *
   * @param value the value, which is the payload when there is no template
   * @param variables further variables
   * @throws TemplateException when the template fails
   */
  String write(Object value, Map<String, ?> variables) {
    if (template == null) {
      return value.toString();
    }
    Map<String, Object> context = new HashMap<>(variables);
    context.put("value", value);
    return template.render(context);
  }
}
