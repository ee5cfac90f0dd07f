package dev.hearth.inference.grammar;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** JSON as grammars write it: UTF-8, escapes only where needed, one fixed layout. */
final class JsonText {
  private JsonText() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A quoted string, as Python's {@code json.dumps(ensure_ascii=False)} writes it. */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        out.append(c).append(text.charAt(++i));
      } else {
        append(out, c);
      }
    }
    return out.append('"').toString();
  }

  private static void append(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> {
        if (c < ' ' || Character.isSurrogate(c)) {
          out.append("\\u%04x".formatted((int) c));
        } else {
          out.append(c);
        }
      }
    }
  }

  /** A whole value in the layout. */
  static String value(JsonNode node, boolean compact) {
    StringBuilder out = new StringBuilder();
    write(node, compact, out);
    return out.toString();
  }

  private static void write(JsonNode node, boolean compact, StringBuilder out) {
    String separator = compact ? "," : ", ";
    if (node.isString()) {
      out.append(quoted(node.stringValue()));
    } else if (node.isObject()) {
      out.append('{');
      boolean first = true;
      for (var entry : node.properties()) {
        out.append(first ? "" : separator).append(quoted(entry.getKey()));
        out.append(compact ? ":" : ": ");
        write(entry.getValue(), compact, out);
        first = false;
      }
      out.append('}');
    } else if (node.isArray()) {
      out.append('[');
      boolean first = true;
      for (JsonNode item : node) {
        out.append(first ? "" : separator);
        write(item, compact, out);
        first = false;
      }
      out.append(']');
    } else {
      out.append(node);
    }
  }
}
