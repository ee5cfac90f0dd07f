package dev.hearth.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as Python's {@code json.dumps(value, ensure_ascii=False)} writes it. */
final class PythonJson {
  private static final int MAX_NESTING = 100;

  private final StringBuilder out = new StringBuilder();
  private final Budget budget;
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;

  private PythonJson(
      Budget budget, @Nullable String indent, String itemSeparator, String keySeparator) {
    this.budget = budget;
    this.indent = indent;
    this.itemSeparator = itemSeparator;
    this.keySeparator = keySeparator;
  }

  static String write(
      @Nullable Object value,
      Budget budget,
      @Nullable String indent,
      String itemSeparator,
      String keySeparator) {
    PythonJson json = new PythonJson(budget, indent, itemSeparator, keySeparator);
    json.value(value, 0);
    budget.allocate(json.out.length());
    return json.out.toString();
  }

  private void value(@Nullable Object value, int depth) {
    budget.step();
    budget.limit(out.length());
    if (depth > MAX_NESTING) {
      throw new TemplateException("a value is nested deeper than " + MAX_NESTING + " levels");
    }
    switch (value) {
      case null -> out.append("null");
      case Boolean b -> out.append(b ? "true" : "false");
      case String s -> string(s);
      case Long l -> out.append((long) l);
      case Double d ->
          out.append(
              d.isNaN()
                  ? "NaN"
                  : d.isInfinite() ? (d > 0 ? "Infinity" : "-Infinity") : PythonFloat.text(d));
      case List<?> list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : itemSeparator);
          newLine(depth + 1);
          value(Values.normalise(list.get(i)), depth + 1);
        }
        if (!list.isEmpty()) {
          newLine(depth);
        }
        out.append(']');
      }
      case Map<?, ?> map -> {
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(first ? "" : itemSeparator);
          first = false;
          newLine(depth + 1);
          string(key(Values.normalise(entry.getKey())));
          out.append(keySeparator);
          value(Values.normalise(entry.getValue()), depth + 1);
        }
        if (!map.isEmpty()) {
          newLine(depth);
        }
        out.append('}');
      }
      case Undefined u -> throw u.error();
      default -> throw new TemplateException(Values.kind(value) + " cannot be written as JSON");
    }
  }

  private static String key(@Nullable Object key) {
    return switch (key) {
      case String s -> s;
      case null -> "null";
      case Boolean b -> b ? "true" : "false";
      case Long l -> Long.toString(l);
      case Double d -> PythonFloat.text(d);
      default -> throw new TemplateException(Values.kind(key) + " cannot be a key in JSON");
    };
  }

  private void newLine(int depth) {
    if (indent != null) {
      out.append('\n').repeat(indent, depth);
    }
  }

  private void string(String text) {
    budget.allocate(text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
